/** Row E7 of docs/coverage.md, as far as the bot goes. */
import { expect, it, vi } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createBot } from "./bot.ts";

const loaded = vi.hoisted(() => ({ times: 0 }));

vi.mock("discord.js", () => {
  loaded.times++;
  throw new Error("discord.js is not installed");
});

const token = { DISCORD_BOT_TOKEN: "x", DISCORD_MONITOR_CHANNEL_ID: "123456789012345678" };

// E7
it.each([
  ["no token", { DISCORD_MONITOR_CHANNEL_ID: "123456789012345678" }],
  ["no channel", { DISCORD_BOT_TOKEN: "x" }],
  ["an empty token", { ...token, DISCORD_BOT_TOKEN: " " }],
  ["notifications off", { ...token, DISCORD_NOTIFICATIONS_ENABLED: "false" }],
])("with %s there is no bot: no timer, nothing loaded, nothing asked", async (_what, env) => {
  const clock = createVirtualClock();
  const status = vi.fn(() => []);
  const desk = vi.fn();
  const bot = createBot({ env: { LOG_LEVEL: "silent", ...env }, clock, health: { program: "x", status, desk } });
  await clock.advance(60_000);
  expect(bot).toMatchObject({ state: "off", interactions: null });
  expect([clock.pending, loaded.times, status.mock.calls.length, desk.mock.calls.length]).toEqual([0, 0, 0, 0]);
  await bot.close();
});

it("is off where the notifier is", () => {
  expect(createBot({ env: token, notifier: { enabled: false } }).state).toBe("off");
});
