import { expect, it } from "vitest";
import { engineBench, START, titles } from "../../../testing/engine-bench.ts";
import { aNotification } from "../../../testing/notifications.ts";
import { startScriptedServer } from "../../../testing/scripted-server.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { Clock } from "../../clock/clock.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import type { SendRequest } from "../../delivery/channel.ts";
import type { Notification } from "../../notification/notification.ts";
import { createHttpTransport } from "../http/transport.ts";
import { createDiscordBotChannel } from "./bot-channel.ts";
import { matterOf, readCustomId } from "./custom-id.ts";
import { type BotCredentials, knownToken } from "./rest.ts";

const CHANNEL = "123456789012345678";
const TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8";
const JSON_TYPE = { "content-type": "application/json" };
const STORED = {
  status: 200,
  headers: JSON_TYPE,
  body: JSON.stringify({ id: "900", channel_id: CHANNEL, name: "ops" }),
};

async function setUp(credentials: BotCredentials = knownToken(TOKEN), clock: Clock = createSystemClock()) {
  const server = await startScriptedServer(STORED);
  const transport = createHttpTransport({ clock: createSystemClock() });
  const api = { origin: server.origin, base: "/api/v10" };
  const channel = createDiscordBotChannel({ channelId: CHANNEL, service: "test", api, clock, credentials, transport });
  return {
    ...{ channel, server },
    sent: () => server.bodies.map((body) => JSON.parse(body) as Record<string, never>),
    [Symbol.asyncDispose]: async () => {
      await channel.close();
      await transport.close();
      await server.close();
    },
  };
}

function requestOf(about: Partial<Notification> = {}, attempt = 1): SendRequest {
  return { notifications: [aNotification(about)], attempt, degrade: [], now: 0 };
}

it("posts in its channel as the bot, pings nobody, and keeps the message's id", async () => {
  await using bot = await setUp();
  const outcome = await bot.channel.send(requestOf({ title: "Import failed" }));
  expect(outcome).toMatchObject({ kind: "delivered", messageId: "900" });
  const [request] = bot.server.requests;
  expect(request).toMatchObject({
    method: "POST",
    path: `/api/v10/channels/${CHANNEL}/messages`,
    headers: { authorization: `Bot ${TOKEN}`, "user-agent": expect.stringMatching(/^DiscordBot \(/) },
  });
  expect(bot.sent()).toMatchObject([{ embeds: [{ title: "Import failed" }], allowed_mentions: { parse: [] } }]);
});

// E6
it("asks Discord to enforce one nonce over all attempts at the same message, and another for what has changed", async () => {
  await using bot = await setUp();
  await bot.channel.send(requestOf());
  await bot.channel.send(requestOf({}, 2));
  await bot.channel.send(requestOf({ count: 2 }, 3));
  await bot.channel.send(requestOf({ id: "ntf_other" }));
  const nonces = bot.sent().map(({ nonce }) => String(nonce));
  expect(nonces[1]).toBe(nonces[0]);
  expect(new Set(nonces).size).toBe(3);
  for (const nonce of nonces) expect(nonce).toMatch(/^[\w-]{1,25}$/);
  expect(bot.sent().every(({ enforce_nonce: enforced }) => enforced)).toBe(true);
});

it("offers what people may do about an alert as buttons that say which matter they are about", async () => {
  await using bot = await setUp();
  const key = "health:Wall Display:Bus API";
  await bot.channel.send(requestOf({ key, phase: "firing", actions: ["acknowledge", "silence", "resolve"] }));
  const [row] = bot.sent()[0]!["components"] as unknown as { components: { custom_id: string; label: string }[] }[];
  expect(row!.components.map(({ label }) => label)).toEqual(["Acknowledge", "Silence 1 h", "Resolve"]);
  const presses = row!.components.map(({ custom_id }) => readCustomId(custom_id, TOKEN));
  expect(presses).toEqual(
    ["acknowledge", "silence", "resolve"].map((action) => ({
      kind: "press",
      press: { action, matter: matterOf(key) },
    })),
  );
});

it.each([
  { what: "asks nothing of people", about: { key: "a", phase: "firing" } },
  { what: "has no key", about: { phase: "firing", actions: ["resolve"] } },
  { what: "is over", about: { key: "a", phase: "resolved", actions: ["resolve"] } },
] as const)("offers nothing where a notification $what", async ({ about }) => {
  await using bot = await setUp();
  await bot.channel.send(requestOf(about));
  expect(bot.sent()[0]).not.toHaveProperty("components");
});

it("waits for a bot that has not logged in yet", async () => {
  let token: string | null = null;
  const ready = Promise.withResolvers<void>();
  await using bot = await setUp({ token: () => token, whenReady: () => ready.promise });
  const sending = bot.channel.send(requestOf());
  expect(bot.server.requests).toHaveLength(0);
  token = TOKEN;
  ready.resolve();
  expect(await sending).toMatchObject({ kind: "delivered" });
  expect(bot.server.requests[0]?.headers.authorization).toBe(`Bot ${TOKEN}`);
});

const NEVER_LOGS_IN: BotCredentials = { token: () => null, whenReady: () => new Promise(() => {}) };

it("takes a bot that does not log in within a minute for out of reach, and says so", async () => {
  const clock = createVirtualClock();
  await using bot = await setUp(NEVER_LOGS_IN, clock);
  const sending = bot.channel.send(requestOf());
  let isOver = false;
  void sending.then(() => {
    isOver = true;
  });
  await clock.advance(59_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(await sending).toMatchObject({
    kind: "unavailable",
    error: { code: "not-logged-in", message: expect.stringMatching(/has not logged in; see that its client connects/) },
  });
  expect(clock.pending).toBe(0);
});

// E8
it("is never silent about a bot that never logs in: its fallback is told after three attempts of a minute", async () => {
  const clock = createVirtualClock({ startAt: START });
  await using bot = await setUp(NEVER_LOGS_IN, clock);
  const bench = engineBench({ clock });
  const fallback = bench.channel("a");
  bench.engine.addLane("bot", bot.channel, { fallback: "a" });
  bench.send("alone", { lanes: ["bot"] });
  await clock.advance(3 * 60_000);
  expect(titles(fallback)).toEqual([]);
  await clock.advance(3_000);
  expect(titles(fallback)).toEqual(["alone"]);
  expect(bench.events).toContainEqual(
    expect.objectContaining({
      type: "concluded",
      destination: "bot",
      result: expect.objectContaining({ reason: "attempts-exhausted" }),
    }),
  );
});

it("ends with what it waits for when it is closed", async () => {
  await using bot = await setUp({ token: () => null, whenReady: () => new Promise(() => {}) });
  const sending = bot.channel.send(requestOf());
  await bot.channel.close();
  expect(await sending).toMatchObject({ kind: "unavailable", error: { code: "closed" } });
});

it.each([
  { status: 401, code: 0, kind: "misconfigured", says: /bot's token: copy it again .* into DISCORD_BOT_TOKEN/ },
  { status: 404, code: 10003, kind: "misconfigured", says: /knows no such channel: copy the channel's id/ },
  { status: 403, code: 50001, kind: "misconfigured", says: /cannot see the channel: allow it View Channel/ },
  { status: 403, code: 50013, kind: "misconfigured", says: /ermission is missing: allow the bot Send Messages/ },
  { status: 400, code: 50035, kind: "rejected", says: /^Discord refused the message/ },
  { status: 503, code: 0, kind: "unavailable", says: /for now/ },
  { status: 500, code: 0, kind: "ambiguous", says: /may have taken the message/ },
])("says what to do about HTTP $status with code $code", async ({ status, code, kind, says }) => {
  await using bot = await setUp();
  bot.server.answerWith({ status, headers: JSON_TYPE, body: JSON.stringify({ code, message: `about ${CHANNEL}` }) });
  const outcome = await bot.channel.send(requestOf());
  expect(outcome).toMatchObject({ kind, error: { message: expect.stringMatching(says) } });
  expect(JSON.stringify(outcome)).not.toContain(CHANNEL);
});

it("looks its channel up without posting, and shows its id in part only", async () => {
  await using bot = await setUp();
  expect(await bot.channel.check()).toEqual({ ok: true, detail: 'bot in channel "ops"', poolKey: null });
  expect(bot.server.requests[0]).toMatchObject({ method: "GET", path: `/api/v10/channels/${CHANNEL}` });
  expect(bot.channel.label).toBe("bot in channel …5678");
  expect(JSON.stringify(bot.channel.limits)).not.toContain(CHANNEL);
});
