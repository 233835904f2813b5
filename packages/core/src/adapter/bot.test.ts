/** The bot with the real discord.js, against an emulated Discord: row E6 of docs/coverage.md. */
import { Client, GatewayIntentBits } from "discord.js";
import { expect, it, vi } from "vitest";
import { createNotifier } from "../notifier.ts";
import { setUpBot as setUp } from "./bot.fixture.ts";
import { createBot, createBotChannel } from "./bot.ts";

// E6
it("answers the word status in its channel with an embed and a check mark", async () => {
  await using at = await setUp();
  await at.ready();
  at.health.recordFailure("Bus API", new Error("no answer"));
  await at.emulator.waitForMessages({ count: 1, channelId: at.channel.id });
  const asked = at.ada.say(at.channel, " Status ");
  const [, , answer] = await at.emulator.waitForMessages({ count: 3, channelId: at.channel.id });
  expect(answer).toMatchObject({
    replyTo: asked.id,
    embeds: [
      {
        title: "Wall Display Status",
        color: 0x3498db,
        fields: [
          { name: "Uptime", value: expect.stringMatching(/^\d+s$/), inline: true },
          { name: "Bus API", value: expect.stringMatching(/^DOWN \(\d+s\)$/), inline: true },
          { name: "Weather API", value: "OK", inline: true },
        ],
      },
    ],
  });
  await vi.waitFor(() => expect(at.reactionsOf(asked.id)).toEqual([{ emoji: "✅", userIds: [at.account.id] }]));
});

it("leaves other channels, other words and other bots alone", async () => {
  await using at = await setUp();
  await at.ready();
  const other = at.emulator.createChannel({ name: "lounge" });
  at.ada.say(other, "status");
  at.ada.say(other, `<@${at.account.id}> status`);
  at.ada.say(at.channel, "what is the status of the release?");
  at.ada.say(at.channel, "status");
  const told = await at.emulator.waitForMessages({ count: 3, channelId: at.channel.id });
  expect(told.filter(({ author }) => author.kind === "bot")).toHaveLength(1);
  expect(at.emulator.messages(other).filter(({ author }) => author.kind === "bot")).toEqual([]);
});

it("goes on without the content of messages where that intent is refused, says so once, and answers mentions", async () => {
  await using at = await setUp({}, { privileges: { messageContent: false } });
  await at.ready();
  expect(at.logger.warn.mock.calls.flat()).toEqual([expect.stringMatching(/Message Content Intent is off/)]);
  at.ada.say(at.channel, "status");
  const asked = at.ada.say(at.channel, `<@${at.account.id}>`);
  const told = await at.emulator.waitForMessages({ count: 3, channelId: at.channel.id });
  expect(told.filter(({ author }) => author.kind === "bot")).toMatchObject([{ replyTo: asked.id }]);
});

it("says what is wrong with a wrong token, and leaves it at that", async () => {
  const token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8";
  await using at = await setUp({ token });
  await vi.waitFor(() => expect(at.bot.state).toBe("failed"), 5_000);
  expect(at.logger.error.mock.calls.flat()).toEqual([
    expect.stringMatching(/stays away: Discord does not accept DISCORD_BOT_TOKEN: copy the token again/),
  ]);
  expect(JSON.stringify(at.logger)).not.toContain(token);
});

it("uses a client that is handed in, waits for it, and does not end it", async () => {
  await using at = await setUp({ token: "", channelId: "", env: {} });
  const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits;
  const rest = { api: `${at.emulator.url}/api` };
  const client = new Client({ intents: [Guilds, GuildMessages, MessageContent], rest });
  const channel = createBotChannel({ client, channelId: at.channel.id, apiUrl: rest.api });
  const notifier = createNotifier({ env: { LOG_LEVEL: "silent" }, webhookUrl: channel });
  const bot = createBot({ env: { ...at.env, DISCORD_BOT_TOKEN: "" }, client, health: at.health });
  const early = notifier.send({ title: "Before the bot is ready" });
  expect(bot.state).toBe("connecting");
  try {
    await client.login(at.account.token);
    expect(await early).toMatchObject({ success: true });
    await vi.waitFor(() => expect(bot.state).toBe("ready"), 5_000);
    at.ada.say(at.channel, "status");
    await at.emulator.waitForMessages({ count: 3, channelId: at.channel.id });
    await bot.close();
    expect(client.isReady()).toBe(true);
  } finally {
    await notifier.close();
    await client.destroy();
  }
});

it("is nothing where nothing is configured: no timer, no connection, and discord.js is not even loaded", () => {
  const env = { LOG_LEVEL: "silent" };
  expect(createBot({ env }).state).toBe("off");
  expect(createBot({ env: { ...env, DISCORD_BOT_TOKEN: "x", DISCORD_NOTIFICATIONS_ENABLED: "false" } }).state).toBe(
    "off",
  );
});

it.each([
  [{}, /answers nowhere: set DISCORD_MONITOR_CHANNEL_ID/],
  [{ DISCORD_MONITOR_CHANNEL_ID: "#alerts" }, /DISCORD_MONITOR_CHANNEL_ID is no id of a channel/],
  [
    { DISCORD_MONITOR_CHANNEL_ID: "123456789012345678", DISCORD_API_URL: "http://10.0.0.1" },
    /DISCORD_API_URL names 10\.0\.0\.1/,
  ],
])("stays off with a mistake in the settings, and says what to do %#", async (settings, problem) => {
  const env = { LOG_LEVEL: "silent", DISCORD_BOT_TOKEN: "x", ...settings };
  const bot = createBot({ env });
  expect(bot).toMatchObject({ state: "off", problems: [expect.stringMatching(problem)] });
  expect(JSON.stringify(bot.problems)).not.toContain("123456789012345678");
  await bot.close();
});
