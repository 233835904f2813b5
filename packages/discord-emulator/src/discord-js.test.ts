/** The real discord.js as a witness: what it makes of the emulator is what it makes of Discord. */
import { type Client, Client as DiscordClient, Events, GatewayIntentBits } from "discord.js";
import { describe, expect, it } from "vitest";
import { setUp } from "../testing/harness.ts";
import { systemClock } from "./time/clock.ts";

const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits;

async function logIn(intents = [Guilds, GuildMessages, MessageContent]) {
  const bench = await setUp({ clock: systemClock });
  const bot = bench.emulator.createBot({ name: "Tocsin" });
  const client: Client = new DiscordClient({ intents, rest: { api: `${bench.emulator.url}/api`, offset: 0 } });
  await client.login(bot.token);
  if (!client.isReady()) await new Promise((resolve) => client.once(Events.ClientReady, resolve));
  const close = async () => {
    await client.destroy();
    await bench.emulator.close();
  };
  return { ...bench, bot, client, ada: bench.emulator.user("ada"), [Symbol.asyncDispose]: close };
}

describe("discord.js", () => {
  it("logs in, hears what a person says, and answers", async () => {
    await using at = await logIn();
    expect(at.client.user).toMatchObject({ id: at.bot.id, username: "Tocsin", bot: true });
    at.client.on(Events.MessageCreate, (message) => {
      if (message.content === "status") void message.reply("All is well");
    });
    const asked = at.ada.say(at.channel, "status");
    const [, answer] = await at.emulator.waitForMessages({ count: 2, channelId: at.channel.id });
    expect(answer).toMatchObject({ content: "All is well", replyTo: asked.id, author: { kind: "bot", id: at.bot.id } });
    expect(answer?.mentions.users).toEqual([at.ada.id]);
  });
});
