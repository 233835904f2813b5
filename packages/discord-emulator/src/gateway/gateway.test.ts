/** The gateway's manners, met by a bare client under a clock that the test moves. */
import { connect } from "node:net";
import { createInflate, createZstdDecompress, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dial, type GatewayClient } from "../../testing/gateway-client.ts";
import { type Bench, setUp } from "../../testing/harness.ts";
import type { EmulatorOptions } from "../options.ts";
import type { BotHandle, NewBot } from "../people.ts";
import { HEARTBEAT_INTERVAL_MS } from "./connection.ts";
import { INTENT } from "./intents.ts";
import { OP } from "./words.ts";

const ALL = INTENT.GUILDS | INTENT.GUILD_MESSAGES | INTENT.MESSAGE_CONTENT;

interface Called extends Bench {
  readonly bot: BotHandle;
  readonly client: GatewayClient;
  readonly identify: (client?: GatewayClient, intents?: unknown) => void;
}

async function call(bot: Partial<NewBot> = {}, options: EmulatorOptions = {}): Promise<Called> {
  const bench = await setUp(options);
  const made = bench.emulator.createBot({ name: "Tocsin", ...bot });
  const client = dial({ url: bench.emulator.url });
  await client.hear(({ op }) => op === OP.HELLO);
  const identify = (by = client, intents: unknown = ALL) =>
    by.say(OP.IDENTIFY, { token: made.token, intents, properties: {}, shard: [0, 1] });
  return { ...bench, bot: made, client, identify };
}

interface Ready {
  readonly session_id: string;
  readonly resume_gateway_url: string;
  readonly guilds: readonly object[];
}

describe("a session", () => {
  it("begins with HELLO, READY and the guild, numbered from 1", async () => {
    await using at = await call();
    at.identify();
    const ready = await at.client.dispatch("READY");
    const guild = await at.client.dispatch("GUILD_CREATE");
    expect([ready.s, guild.s]).toEqual([1, 2]);
    expect(at.client.heard()[0]).toMatchObject({ op: OP.HELLO, d: { heartbeat_interval: HEARTBEAT_INTERVAL_MS } });
    expect((ready.d as Ready).guilds).toEqual([{ id: at.emulator.guildId, unavailable: true }]);
    expect(guild.d).toMatchObject({ id: at.emulator.guildId, channels: [{ id: at.channel.id, name: "alerts" }] });
  });

  it("hears only of what its intents are about", async () => {
    await using at = await call();
    at.identify(at.client, INTENT.GUILDS);
    await at.client.dispatch("READY");
    at.emulator.user("ada").say(at.channel, "unheard");
    at.emulator.createChannel({ name: "new" });
    expect(await at.client.dispatch("CHANNEL_CREATE")).toMatchObject({ s: 3, d: { name: "new" } });
  });

  it("is resumed with all that was missed, and only that", async () => {
    await using at = await call();
    const ada = at.emulator.user("ada");
    at.identify();
    const { session_id } = (await at.client.dispatch("READY")).d as Ready;
    ada.say(at.channel, "one");
    const seen = (await at.client.dispatch("MESSAGE_CREATE")).s;
    at.emulator.gateway.drop();
    expect(await at.client.closed).toBe(1006);
    ada.say(at.channel, "two");
    const again = dial({ url: at.emulator.url });
    await again.hear(({ op }) => op === OP.HELLO);
    again.say(OP.RESUME, { token: at.bot.token, session_id, seq: seen });
    await again.dispatch("RESUMED");
    expect(again.heard().map(({ t, s }) => [t, s])).toEqual([
      [null, null],
      ["MESSAGE_CREATE", seen! + 1],
      ["RESUMED", seen! + 2],
    ]);
  });

  it("may hear an event twice", async () => {
    await using at = await call();
    at.identify();
    await at.client.dispatch("READY");
    at.emulator.user("ada").say(at.channel, "one");
    const { d, s } = await at.client.dispatch("MESSAGE_CREATE");
    at.emulator.gateway.repeat(at.bot);
    expect(await at.client.hear((payload) => payload.s === (s ?? 0) + 1)).toMatchObject({ t: "MESSAGE_CREATE", d });
  });

  it("cannot be resumed after a goodbye, or two minutes without anybody", async () => {
    await using at = await call();
    at.identify();
    const { session_id } = (await at.client.dispatch("READY")).d as Ready;
    at.client.close(1000);
    await at.client.closed;
    await at.emulator.waitUntil({ holds: () => at.emulator.gateway.sessions().length === 0 });

    const second = dial({ url: at.emulator.url });
    at.identify(await opened(second));
    const other = (await second.dispatch("READY")).d as Ready;
    at.emulator.gateway.drop();
    await second.closed;
    await at.emulator.waitUntil({ holds: () => at.emulator.gateway.sessions()[0]?.isConnected === false });
    at.clock.advance(119_999);
    expect(at.emulator.gateway.sessions()).toHaveLength(1);
    at.clock.advance(1);
    for (const id of [session_id, other.session_id]) {
      const late = await opened(dial({ url: at.emulator.url }));
      late.say(OP.RESUME, { token: at.bot.token, session_id: id, seq: 1 });
      expect(await late.hear(({ op }) => op === OP.INVALID_SESSION)).toMatchObject({ d: false });
    }
  });
});

async function opened(client: GatewayClient): Promise<GatewayClient> {
  await client.hear(({ op }) => op === OP.HELLO);
  return client;
}

describe("heartbeats", () => {
  it("are acknowledged, and keep the connection", async () => {
    await using at = await call();
    for (let beat = 1; beat <= 3; beat++) {
      at.clock.advance(HEARTBEAT_INTERVAL_MS);
      at.client.say(OP.HEARTBEAT, null);
      await at.client.hear(() => at.client.heard().filter(({ op }) => op === OP.HEARTBEAT_ACK).length === beat);
    }
    at.identify();
    await at.client.dispatch("READY");
  });

  it("that stay out for two intervals end it with 4009", async () => {
    await using at = await call();
    at.clock.advance(2 * HEARTBEAT_INTERVAL_MS - 1);
    at.client.say(99, null);
    expect(await at.client.closed).toBe(4001);
    const second = await opened(dial({ url: at.emulator.url }));
    at.clock.advance(2 * HEARTBEAT_INTERVAL_MS);
    expect(await second.closed).toBe(4009);
  });
});

describe("close codes", () => {
  it.each([
    { name: "no JSON", code: 4002, say: ({ client }: Called) => client.sayRaw("{") },
    { name: "no opcode", code: 4002, say: ({ client }: Called) => client.sayRaw("{}") },
    { name: "4,097 bytes", code: 4002, say: ({ client }: Called) => client.say(OP.HEARTBEAT, "x".repeat(4_082)) },
    { name: "an unknown opcode", code: 4001, say: ({ client }: Called) => client.say(12, null) },
    { name: "presence before IDENTIFY", code: 4003, say: ({ client }: Called) => client.say(OP.PRESENCE, {}) },
    { name: "a wrong token", code: 4004, say: ({ client }: Called) => client.say(OP.IDENTIFY, { token: "x" }) },
    { name: "no intents", code: 4013, say: (at: Called) => at.identify(at.client, "all") },
    { name: "an intent that there is not", code: 4013, say: (at: Called) => at.identify(at.client, 1 << 30) },
    { name: "an intent that is off", code: 4014, say: (at: Called) => at.identify(at.client, INTENT.GUILD_MEMBERS) },
    {
      name: "a second shard",
      code: 4010,
      say: ({ client, bot }: Called) => client.say(OP.IDENTIFY, { token: bot.token, intents: 0, shard: [1, 2] }),
    },
  ])("$name: $code", async ({ code, say }) => {
    await using at = await call();
    say(at);
    expect(await at.client.closed).toBe(code);
  });

  it.each([
    { name: "a second IDENTIFY", code: 4005, say: (at: Called) => at.identify() },
    { name: "presence of no known kind is taken", code: 4001, say: presenceThenNonsense },
  ])("after READY, $name: $code", async ({ code, say }) => {
    await using at = await call();
    at.identify();
    await at.client.dispatch("READY");
    say(at);
    expect(await at.client.closed).toBe(code);
  });

  it("a sequence from the future: 4007", async () => {
    await using at = await call();
    at.identify();
    const { session_id } = (await at.client.dispatch("READY")).d as Ready;
    const again = await opened(dial({ url: at.emulator.url }));
    again.say(OP.RESUME, { token: at.bot.token, session_id, seq: 1_000 });
    expect(await again.closed).toBe(4007);
  });

  it("4,096 bytes are taken", async () => {
    await using at = await call();
    at.client.say(OP.HEARTBEAT, "x".repeat(4_081));
    await at.client.hear(({ op }) => op === OP.HEARTBEAT_ACK);
  });

  it("what comes after the reason to close is not listened to", async () => {
    await using at = await call();
    at.client.say(99, null);
    at.identify();
    expect(await at.client.closed).toBe(4001);
    expect(at.emulator.gateway.sessions()).toEqual([]);
  });

  it("121 events in a minute: 4008", async () => {
    await using at = await call();
    for (let said = 0; said < 121; said++) at.client.say(OP.HEARTBEAT, null);
    expect(await at.client.closed).toBe(4008);
    expect(at.client.heard().filter(({ op }) => op === OP.HEARTBEAT_ACK)).toHaveLength(120);
  });

  it.each([
    { query: "v=11&encoding=json", code: 4012 },
    { query: "v=10&encoding=etf", code: 4002 },
    { query: "v=10&compress=brotli", code: 4002 },
  ])("$query: $code", async ({ query, code }) => {
    await using at = await call();
    expect(await dial({ url: at.emulator.url, query }).closed).toBe(code);
  });
});

function presenceThenNonsense({ client }: Called): void {
  client.say(OP.PRESENCE, { since: null, activities: [], status: "online", afk: false });
  client.say(98, null);
}

it("an emulator that is closed waits for nobody, not even for whom it has refused", async () => {
  const at = await call();
  const socket = connect(Number(new URL(at.emulator.url).port), "127.0.0.1");
  const handshake = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(["GET /?v=11 HTTP/1.1", "Host: localhost", ...handshake, key, "", ""].join("\r\n"));
  await new Promise((resolve) => socket.once("data", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await at.emulator.close();
  await closed;
});

describe("identifying too often", () => {
  it("ends all sessions and takes the token away", async () => {
    await using at = await call({}, { identifiesPerDay: 1 });
    at.identify();
    await at.client.dispatch("READY");
    const second = await opened(dial({ url: at.emulator.url }));
    at.identify(second);
    expect(await second.closed).toBe(4004);
    expect(await at.client.closed).toBe(4004);
    expect(at.emulator.gateway.sessions()).toEqual([]);
    expect(at.emulator.bots()[0]?.token).not.toBe(at.bot.token);
  });
});

describe("compression", () => {
  it.each([
    { compress: "zlib-stream", stream: createInflate },
    { compress: "zstd-stream", stream: createZstdDecompress },
  ])("$compress: one stream over all payloads", async ({ compress, stream }) => {
    await using at = await call();
    const inflate = stream();
    let text = "";
    const { promise: isReady, resolve } = Promise.withResolvers<void>();
    inflate.on("data", (piece: Buffer) => {
      text += piece.toString("utf8");
      if (text.includes('"READY"')) resolve();
      if (text.includes('"op":10') && !text.includes('"READY"')) at.identify(client);
    });
    const decode = (data: Buffer) => {
      inflate.write(data);
      return null;
    };
    const client = dial({ url: at.emulator.url, query: `v=10&encoding=json&compress=${compress}`, decode });
    await isReady;
  });

  it("of each payload by itself, from IDENTIFY on", async () => {
    await using at = await call();
    const ZLIB = 0x78;
    const begins: (number | undefined)[] = [];
    const decode = (data: Buffer) => {
      begins.push(data[0]);
      return String(data[0] === ZLIB ? inflateSync(data) : data);
    };
    const client = await opened(dial({ url: at.emulator.url, decode }));
    client.say(OP.IDENTIFY, { token: at.bot.token, intents: 0, compress: true });
    expect(await client.dispatch("READY")).toMatchObject({ s: 1 });
    expect(begins).toEqual(["{".charCodeAt(0), ZLIB]);
  });
});
