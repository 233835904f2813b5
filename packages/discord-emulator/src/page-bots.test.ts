/** A person at the page, in a real browser, and the real discord.js as the bot that answers. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActionRowBuilder, ButtonBuilder, ButtonStyle, Events, MessageFlags } from "discord.js";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoggedIn, logIn, textChannel } from "../testing/log-in.ts";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const SCREENSHOT = join(tmpdir(), "tocsin-discord-emulator-bots.png");

let browser: Browser;
beforeAll(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
}, 30_000);
afterAll(() => browser.close());

interface Open extends LoggedIn {
  readonly page: Page;
  /** Errors on the page: none should ever be. */
  readonly troubles: string[];
}

async function open(): Promise<Open> {
  const at = await logIn({ emulator: { guildName: "Greenhouse" } });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(10_000);
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (line) => line.type() === "error" && troubles.push(line.text()));
  await page.goto(at.emulator.url);
  await page.getByText("Welcome to #alerts!").waitFor();
  const close = async () => {
    await page.close();
    await at[Symbol.asyncDispose]();
  };
  return { ...at, page, troubles, [Symbol.asyncDispose]: close };
}

function say(page: Page, text: string): Promise<void> {
  const field = page.getByLabel("Message", { exact: true });
  return field.fill(text).then(() => field.press("Enter"));
}

describe("a person at the page", () => {
  it("writes, and sees the bot's reply under the words that it answers", async () => {
    await using at = await open();
    at.client.on(Events.MessageCreate, (message) => {
      if (message.content === "status") void message.reply("All is well");
    });
    await say(at.page, "status");
    const reply = at.page.locator("discord-message", { hasText: "All is well" });
    await reply.locator(".origin", { hasText: "status" }).waitFor();
    expect(await at.page.locator(".bot.online").innerText()).toContain("Tocsin");
    expect(at.emulator.messages()[0]).toMatchObject({ content: "status", username: "you", author: { kind: "user" } });
    expect(at.troubles).toEqual([]);
  });

  it("presses a button: refused for their eyes alone, and once they have the role, done", async () => {
    await using at = await open();
    const { page } = at;
    at.client.on(Events.InteractionCreate, (interaction) => {
      if (!interaction.isButton() || !interaction.inCachedGuild()) return;
      const isOperator = interaction.member.roles.cache.some(({ name }) => name === "operator");
      const refusal = { content: "That takes the role operator.", flags: MessageFlags.Ephemeral } as const;
      void (isOperator ? interaction.update({ content: "Acknowledged", components: [] }) : interaction.reply(refusal));
    });
    const button = new ButtonBuilder().setCustomId("ack").setLabel("Acknowledge").setStyle(ButtonStyle.Primary);
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(button);
    await (await textChannel(at, at.channel)).send({ content: "Monstera is dry", components: [row] });
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByText("That takes the role operator.").waitFor();
    await page.getByText("Only you can see this").waitFor();
    await page.screenshot({ path: SCREENSHOT });
    await page.getByRole("button", { name: "Dismiss message" }).click();
    await page.getByText("That takes the role operator.").waitFor({ state: "detached" });

    await page.getByTitle("Who writes: you").click();
    await page.getByLabel("operator").check();
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.locator("discord-message").getByText("Acknowledged").waitFor();
    expect(await page.getByRole("button", { name: "Acknowledge" }).count()).toBe(0);
    expect(at.troubles).toEqual([]);
  });

  it("uses a slash command with its options", async () => {
    await using at = await open();
    const { page } = at;
    const plant = { type: 3, name: "plant", description: "Which plant", required: true };
    const add = { type: 1, name: "add", description: "Silence a plant", options: [plant] };
    await at.client.application.commands.set([{ name: "silence", description: "Quiet", options: [add] }]);
    at.client.on(Events.InteractionCreate, (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      void interaction.reply(`${interaction.options.getSubcommand()} ${interaction.options.getString("plant")}`);
    });
    await page.getByLabel("Message", { exact: true }).fill("/si");
    await page.getByRole("option", { name: "/silence add" }).click();
    await page.getByLabel("plant").fill("Monstera");
    await page.keyboard.press("Enter");
    const answer = page.locator("discord-message", { hasText: "add Monstera" });
    await answer.locator(".origin", { hasText: "you used /silence" }).waitFor();
    expect(at.troubles).toEqual([]);
  });

  it("reacts, and follows a thread", async () => {
    await using at = await open();
    const { page } = at;
    const sent = await (await textChannel(at, at.channel)).send("Monstera is dry");
    await sent.react("🔥");
    const thread = await sent.startThread({ name: "About Monstera" });
    await thread.send("still dry");
    const message = page.locator("discord-message", { hasText: "Monstera is dry" });
    await message.locator(".reactions button", { hasText: "🔥" }).click();
    await message.locator(".reactions .own b", { hasText: "2" }).waitFor();
    await message.hover();
    await message.getByTitle("Add a reaction").click();
    await message.getByTitle("React with 👀").click();
    await message.locator(".reactions .own", { hasText: "👀" }).waitFor();
    await message.locator(".branch", { hasText: "1 message" }).click();
    await page.locator("discord-message").getByText("still dry").waitFor();
    await say(page, "watering now");
    await at.emulator.waitForMessages({ count: 2, channelId: thread.id });
    expect(at.troubles).toEqual([]);
  });

  it("writes to a bot alone, by a click on its name", async () => {
    await using at = await open();
    await at.page.locator(".bot", { hasText: "Tocsin" }).click();
    await at.page.getByText("What is said here only Tocsin hears.").waitFor();
    await say(at.page, "psst");
    await at.page.locator("discord-message").getByText("psst").waitFor();
    expect(at.emulator.messages(at.emulator.user("you").dm(at.bot).id)).toMatchObject([{ content: "psst" }]);
    expect(at.troubles).toEqual([]);
  });

  it("is told when the bot does not answer", async () => {
    await using at = await open();
    const button = new ButtonBuilder().setCustomId("ack").setLabel("Acknowledge").setStyle(ButtonStyle.Success);
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(button);
    await (await textChannel(at, at.channel)).send({ content: "Monstera is dry", components: [row] });
    await at.page.getByRole("button", { name: "Acknowledge" }).click();
    await at.page.getByText("The application did not respond").waitFor();
  });
}, 30_000);
