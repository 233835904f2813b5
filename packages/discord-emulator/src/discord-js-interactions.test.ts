/** The real discord.js as a witness of buttons, commands and forms. */
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Events,
  type Interaction,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { describe, expect, it } from "vitest";
import { type LoggedIn, logIn, textChannel } from "../testing/log-in.ts";

function acknowledgeRow() {
  const button = new ButtonBuilder().setCustomId("ack").setLabel("Acknowledge").setStyle(ButtonStyle.Primary);
  return new ActionRowBuilder<ButtonBuilder>().addComponents(button);
}

/** Answers interactions; what goes wrong in the answer fails the test as an unhandled rejection. */
function onInteraction({ client }: LoggedIn, answer: (interaction: Interaction) => Promise<unknown>): void {
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
}

describe("discord.js answers interactions", () => {
  it("updates the message whose button is pressed", async () => {
    await using at = await logIn();
    onInteraction(at, async (interaction) => {
      if (interaction.isButton())
        await interaction.update({ content: `seen by ${interaction.user.username}`, components: [] });
    });
    const { id } = await (await textChannel(at, at.channel)).send({
      content: "firing",
      components: [acknowledgeRow()],
    });
    expect(await at.ada.press(id, "ack")).toMatchObject({ kind: "updated", message: { id, content: "seen by ada" } });
    await expect(at.ada.press(id, "ack")).rejects.toThrow('nothing with the custom id "ack"');
  });

  it("registers commands and answers one for the caller's eyes alone", async () => {
    await using at = await logIn();
    const status = new SlashCommandBuilder()
      .setName("status")
      .setDescription("How is it?")
      .addStringOption((option) => option.setName("plant").setDescription("Which").setRequired(true));
    await at.client.application.commands.set([status]);
    onInteraction(at, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const content = `${interaction.options.getString("plant")} is fine`;
      await interaction.reply({ content, flags: MessageFlags.Ephemeral });
    });
    const outcome = await at.ada.slash(at.channel, "status", { plant: "Monstera" });
    expect(outcome).toMatchObject({ kind: "message", message: { content: "Monstera is fine", visibleTo: at.ada.id } });
    await expect(at.ada.slash(at.channel, "status")).rejects.toThrow('"plant" is required');
    await expect(at.ada.slash(at.channel, "nope")).rejects.toThrow("there are: status");
  });

  it("thinks first, answers later, and follows up", async () => {
    await using at = await logIn();
    await at.client.application.commands.create({ name: "slow", description: "Takes its time" });
    onInteraction(at, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.editReply("here it is");
      await interaction.followUp({ content: "and more" });
    });
    expect(await at.ada.slash(at.channel, "slow")).toMatchObject({ kind: "deferred" });
    await at.emulator.waitForMessages({ count: 2 });
    expect(at.emulator.messages().map(({ content, editedAt }) => [content, editedAt])).toEqual([
      ["here it is", null],
      ["and more", null],
    ]);
  });

  it("shows a form and reads what was filled in", async () => {
    await using at = await logIn();
    const input = new TextInputBuilder().setCustomId("why").setLabel("Why?").setStyle(TextInputStyle.Short);
    const form = new ModalBuilder()
      .setCustomId("silence")
      .setTitle("Silence")
      .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input));
    onInteraction(at, async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(form);
      if (interaction.isModalSubmit())
        await interaction.reply(`because ${interaction.fields.getTextInputValue("why")}`);
    });
    const { id } = await (await textChannel(at, at.channel)).send({
      content: "firing",
      components: [acknowledgeRow()],
    });
    const shown = await at.ada.press(id, "ack");
    if (shown.kind !== "modal") throw new Error(`no form, but ${shown.kind}`);
    expect(await at.ada.submit(shown, { why: "noise" })).toMatchObject({ message: { content: "because noise" } });
  });

  it("fails after three seconds without an answer, and takes none any more", async () => {
    await using at = await logIn();
    const { id } = await (await textChannel(at, at.channel)).send({
      content: "firing",
      components: [acknowledgeRow()],
    });
    let late: Interaction | undefined;
    onInteraction(at, async (interaction) => {
      late = interaction;
    });
    expect(await at.ada.press(id, "ack")).toEqual({ kind: "no-response" });
    if (!late?.isButton()) throw new Error("the press was not heard");
    await expect(late.reply("too late")).rejects.toMatchObject({ code: 10062, status: 404 });
  }, 10_000);

  it("presses buttons of a webhook that belongs to the bot", async () => {
    await using at = await logIn();
    onInteraction(at, async (interaction) => {
      if (interaction.isButton()) await interaction.deferUpdate();
    });
    const hook = await (await textChannel(at, at.channel)).createWebhook({ name: "Bell" });
    const { id } = await hook.send({ content: "firing", components: [acknowledgeRow()] });
    expect(await at.ada.press(id, "ack")).toEqual({ kind: "deferred-update" });
  });
});
