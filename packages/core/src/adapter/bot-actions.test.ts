/** What people do about alerts, with the real discord.js against an emulated Discord: row E6 of docs/coverage.md. */
import { Client, GatewayIntentBits } from "discord.js";
import { expect, it, vi } from "vitest";
import { cut, socketsOf } from "./bot/discord-js.ts";
import { setUpBot } from "./bot.fixture.ts";

type Bench = Awaited<ReturnType<typeof setUpBot>>;

/** The bus fails, and the bot has told so. */
async function failing(at: Bench) {
  await at.ready();
  at.health.recordFailure("Bus API", new Error("no answer"));
  const [alert] = await at.emulator.waitForMessages({ count: 1, channelId: at.channel.id });
  const [acknowledge, silence, resolve] = at.buttonsOf(alert!.id).map(({ custom_id }) => custom_id);
  return { alert: alert!, acknowledge: acknowledge!, silence: silence!, resolve: resolve! };
}

const commandsOf = (at: Bench) => vi.waitFor(() => expect(at.emulator.commands()).toHaveLength(4), 5_000);

it("registers its commands in the channel's server, and answers them there", async () => {
  await using at = await setUpBot();
  const { alert } = await failing(at);
  expect(alert.embeds[0]?.title).toBe("Error: Bus API");
  await commandsOf(at);
  expect(await at.ada.slash(at.channel, "status")).toMatchObject({
    kind: "message",
    message: { visibleTo: null, embeds: [{ title: "Wall Display Status", color: 0x3498db }] },
  });
  expect(await at.ada.slash(at.channel, "alerts")).toMatchObject({
    message: { content: expect.stringMatching(/^- \*\*Bus API\*\* is down since <t:\d+:R>/) },
  });
  expect(await at.ada.slash(at.channel, "silence", { alert: "bus", for: "30m" })).toMatchObject({
    message: { content: expect.stringMatching(/🔕 Silenced until/), visibleTo: null },
  });
  expect(await at.ada.slash(at.channel, "ack")).toMatchObject({
    message: { content: expect.stringContaining(`**Bus API**: ✅ Acknowledged by <@${at.ada.id}>`) },
  });
  expect(at.health.status()).toMatchObject([{ acknowledgedBy: "ada", silencedUntil: expect.any(Number) }, {}]);
});

it("tells who asks elsewhere where to ask, seen by nobody else", async () => {
  await using at = await setUpBot();
  await at.ready();
  await commandsOf(at);
  const other = at.emulator.createChannel({ name: "lounge" });
  expect(await at.ada.slash(other, "status")).toMatchObject({
    message: { content: `Ask me in <#${at.channel.id}>.`, visibleTo: at.ada.id, embeds: [] },
  });
});

it("takes buttons from members of the role, and tells others why not, seen by them alone", async () => {
  await using at = await setUpBot({ onlyRole: "on call" });
  const { alert, acknowledge, resolve } = await failing(at);
  const refused = await at.ada.press(alert, acknowledge);
  expect(refused).toMatchObject({
    kind: "message",
    message: { content: expect.stringMatching(/^This takes the role <@&\d+>/), visibleTo: at.ada.id },
  });
  expect(at.health.status()).toMatchObject([{ acknowledgedBy: null }, {}]);

  const ben = at.emulator.user("ben", { roles: ["on call"] });
  const taken = await ben.press(alert, acknowledge);
  expect(taken).toMatchObject({
    kind: "updated",
    message: {
      content: expect.stringMatching(new RegExp(`^✅ Acknowledged by <@${ben.id}> at <t:\\d+:t>$`)),
      embeds: [{ title: "Error: Bus API" }],
      pings: { users: [], roles: [] },
    },
  });
  expect(at.buttonsOf(alert.id).map(({ disabled }) => disabled === true)).toEqual([true, false, false]);
  expect(at.health.status()).toMatchObject([{ acknowledgedBy: "ben" }, {}]);

  await ben.press(alert, resolve);
  expect(at.buttonsOf(alert.id).every(({ disabled }) => disabled)).toBe(true);
  const told = await at.emulator.waitForMessages({ count: 3, channelId: at.channel.id });
  expect(told.flatMap(({ embeds }) => embeds.map(({ description }) => description))).toContain(
    "Bus API was resolved by ben after 0 seconds",
  );
});

it("lets everybody in the channel act where no role is configured", async () => {
  await using at = await setUpBot();
  const { alert, silence } = await failing(at);
  expect(await at.ada.press(alert, silence)).toMatchObject({ kind: "updated" });
  expect(at.health.status()).toMatchObject([{ silencedUntil: expect.any(Number) }, {}]);
});

it("makes one message of two where the answer to the first is lost", async () => {
  await using at = await setUpBot();
  const match = { method: "POST", pathIncludes: "/messages" };
  at.emulator.faults.add({ times: 1, match, do: { kind: "reset", store: "after" } });
  const result = await at.notifier.send({ type: "monitoring", title: "Exactly once" });
  expect(result).toMatchObject({ success: true, attempts: 2 });
  expect(at.emulator.messages(at.channel).map(({ embeds }) => embeds[0]?.title)).toEqual(["Exactly once"]);
});

it("answers once what Discord sends twice, and asks once for that", async () => {
  await using at = await setUpBot();
  await at.ready();
  at.ada.say(at.channel, "status");
  at.emulator.gateway.repeat();
  await at.emulator.waitForMessages({ count: 2, channelId: at.channel.id });
  at.ada.say(at.channel, "status");
  await at.emulator.waitForMessages({ count: 4, channelId: at.channel.id });
  const posts = at.emulator.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/messages"));
  expect(posts).toHaveLength(2);
});

it("answers what was said while the connection was lost", async () => {
  await using at = await setUpBot();
  await at.ready();
  at.emulator.gateway.drop();
  const asked = at.ada.say(at.channel, "status");
  const [, answer] = await at.emulator.waitForMessages({ count: 2, channelId: at.channel.id });
  expect(answer).toMatchObject({ replyTo: asked.id });
  expect(at.bot.state).toBe("ready");
});

it("goes on after Discord has ended the session, and after its token was changed stays away", async () => {
  await using at = await setUpBot();
  await at.ready();
  at.emulator.gateway.invalidate();
  await vi.waitFor(() => expect(at.emulator.gateway.sessions()).toHaveLength(1), 10_000);
  await at.ready();
  at.ada.say(at.channel, "status");
  await at.emulator.waitForMessages({ count: 2, channelId: at.channel.id });
  at.emulator.renewBotToken(at.account);
  await vi.waitFor(() => expect(at.bot.state).toBe("failed"), 5_000);
  expect(at.logger.error.mock.calls.flat()).toEqual([expect.stringMatching(/DISCORD_BOT_TOKEN: copy the token again/)]);
}, 20_000);

it("finds the sockets of discord.js, so that a network that is gone holds up no process", async () => {
  await using at = await setUpBot({ env: {} });
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: `${at.emulator.url}/api` } });
  await client.login(at.account.token);
  const sockets = socketsOf(client);
  expect(sockets).toHaveLength(1);
  for (const socket of sockets) cut(socket);
  await at.emulator.waitUntil({ holds: () => at.emulator.gateway.sessions().every(({ isConnected }) => !isConnected) });
  await client.destroy();
  expect([socketsOf(client), socketsOf({}), socketsOf({ ws: { _ws: null } })]).toEqual([[], [], []]);
});
