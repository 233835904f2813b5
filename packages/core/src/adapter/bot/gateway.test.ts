import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { type MayConnect, type OwnClient, type OwnConnectionParts, openConnection } from "./gateway.ts";

/** A client of discord.js as far as a connection knows it, which does what it is told. */
class FakeClient extends EventEmitter {
  token: string | null = null;
  readonly user = null;
  readonly application = null;
  readonly withContent: boolean;
  isDestroyed = false;
  /** What logging in comes to. */
  onLogin: () => Promise<void>;

  constructor(withContent: boolean, onLogin: () => Promise<void>) {
    super();
    this.withContent = withContent;
    this.onLogin = onLogin;
  }

  isReady(): boolean {
    return false;
  }

  login(): Promise<void> {
    return this.onLogin();
  }

  async destroy(): Promise<void> {
    this.isDestroyed = true;
  }

  ready(): void {
    this.emit("raw", { t: "READY", d: { user: { id: "1" }, application: { id: "2" } } });
  }
}

function setUp(about: Partial<OwnConnectionParts> = {}, logins: readonly (() => Promise<void>)[] = []) {
  const clock = Object.assign(createVirtualClock(), { random: () => 0 });
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const listener = { onPacket: vi.fn(), onReady: vi.fn() };
  const clients: FakeClient[] = [];
  const cut = vi.fn();
  const connection = openConnection({
    ...{ token: "s3cret-token", clock, logger, listener },
    mayConnect: async () => ({ kind: "yes" }),
    cutterOf: () => cut,
    makeClient: async ({ withContent }) => {
      const client = new FakeClient(withContent, logins[clients.length] ?? (async () => {}));
      clients.push(client);
      return client as unknown as OwnClient;
    },
    ...about,
  });
  return { clock, logger, listener, clients, connection, cut };
}

it("passes on what comes in, and says when it is there and who it is", async () => {
  const { clock, clients, connection, listener } = setUp();
  await clock.settle();
  expect(connection.state).toBe("connecting");
  clients[0]!.ready();
  clients[0]!.emit("raw", { t: "MESSAGE_CREATE", d: { id: "9" } });
  for (const odd of [null, 7, {}, { t: 5 }]) clients[0]!.emit("raw", odd);
  expect(connection.state).toBe("ready");
  expect(listener.onReady.mock.calls).toEqual([[{ userId: "1", applicationId: "2" }]]);
  expect(listener.onPacket.mock.calls.at(-1)).toEqual(["MESSAGE_CREATE", { id: "9" }]);
  await connection.close();
});

it("survives whatever discord.js reports as an error", async () => {
  const { clock, clients, connection } = setUp();
  await clock.settle();
  expect(() => clients[0]!.emit("error", new Error("socket hang up"))).not.toThrow();
  await connection.close();
});

it("tries again when logging in fails for a while, ever less often, and never shows the token", async () => {
  const fail = () => Promise.reject(new Error("connect ECONNREFUSED with s3cret-token"));
  const { clock, clients, connection, logger } = setUp({}, Array(12).fill(fail));
  const startedAt = clock.now();
  const triedAt: number[] = [];
  await clock.settle();
  while (clients.length < 12) {
    const before = clients.length;
    await clock.advance(1_000);
    if (clients.length > before) triedAt.push((clock.now() - startedAt) / 1_000);
  }
  expect(triedAt.slice(0, 5)).toEqual([1, 3, 7, 15, 31]);
  expect(triedAt.at(-1)! - triedAt.at(-2)!).toBe(300);
  expect(clients.slice(0, 11).every(({ isDestroyed }) => isDestroyed)).toBe(true);
  expect(JSON.stringify(logger.warn.mock.calls)).not.toContain("s3cret-token");
  expect(JSON.stringify(logger.warn.mock.calls)).toContain("ECONNREFUSED");
  await connection.close();
  expect(clock.pending).toBe(0);
});

it.each([
  [
    "a wrong token",
    Object.assign(new Error("An invalid token was provided."), { code: "TokenInvalid" }),
    /DISCORD_BOT_TOKEN: copy/,
  ],
  ["a revoked token", new Error("Authentication failed"), /DISCORD_BOT_TOKEN: copy/],
  ["too many servers", new Error("Sharding is required"), /too many servers/],
])("stays away after %s, and says why", async (_what, error, says) => {
  const { clock, clients, connection, logger } = setUp({}, [() => Promise.reject(error)]);
  await clock.advance(3_600_000);
  expect(clients).toHaveLength(1);
  expect(connection.state).toBe("failed");
  expect(logger.error.mock.calls.flat()).toEqual([expect.stringMatching(says)]);
  expect(clock.pending).toBe(0);
});

it.each([
  ["while logging in", () => Promise.reject(new Error("Used disallowed intents")), () => {}],
  ["when connected", async () => {}, (client: FakeClient) => client.emit("shardDisconnect", { code: 4014 })],
])("goes on without the content of messages when that is refused %s, and says so once", async (_when, login, then) => {
  const { clock, clients, connection, logger } = setUp({}, [login]);
  await clock.settle();
  then(clients[0]!);
  await clock.settle();
  expect(clients.map(({ withContent }) => withContent)).toEqual([true, false]);
  clients[1]!.emit("shardDisconnect", { code: 4000 });
  await clock.advance(2_000);
  expect(clients.map(({ withContent }) => withContent)).toEqual([true, false, false]);
  const said = logger.warn.mock.calls.flat().filter((line) => line.includes("Message Content Intent"));
  expect(said).toHaveLength(1);
  await connection.close();
});

it.each([
  ["discord.js gives up", (client: FakeClient) => client.emit("shardDisconnect", { code: 1000 })],
  ["Discord ends the session", (client: FakeClient) => client.emit("invalidated")],
])("begins anew when %s", async (_what, lose) => {
  const { clock, clients, connection } = setUp();
  await clock.settle();
  clients[0]!.ready();
  lose(clients[0]!);
  await clock.settle();
  expect([connection.state, clients[0]!.isDestroyed]).toEqual(["connecting", true]);
  await clock.advance(1_000);
  clients[1]!.ready();
  expect(connection.state).toBe("ready");
  await connection.close();
});

it("is not ready while discord.js resumes", async () => {
  const { clock, clients, connection } = setUp();
  await clock.settle();
  clients[0]!.ready();
  clients[0]!.emit("shardReconnecting");
  expect(connection.state).toBe("connecting");
  clients[0]!.emit("shardResume");
  expect(connection.state).toBe("ready");
  await connection.close();
});

it("pauses when sessions begin again and again, before Discord takes the token away for that", async () => {
  const { clock, clients, connection } = setUp();
  await clock.settle();
  for (let n = 0; n < 21; n++) clients[0]!.ready();
  await clock.settle();
  expect(clients[0]!.isDestroyed).toBe(true);
  expect(connection.state).toBe("connecting");
  await connection.close();
});

it("does not log in where it has been told that there is no use, or not yet", async () => {
  const answers: MayConnect[] = [
    { kind: "later", problem: "shut out", waitMs: 900_000 },
    { kind: "never", problem: "wrong token" },
  ];
  const { clock, clients, connection, logger } = setUp({ mayConnect: async () => answers.shift()! });
  await clock.advance(899_000);
  expect(answers).toHaveLength(1);
  await clock.advance(1_000);
  expect([answers.length, clients.length, connection.state]).toEqual([0, 0, "failed"]);
  expect(logger.error.mock.calls.flat()).toEqual(["the bot stays away: wrong token"]);
});

it("gives up on a gateway that does not answer, and tries again", async () => {
  const { clock, clients, connection } = setUp({}, [() => new Promise(() => {})]);
  await clock.advance(91_000);
  expect(clients[0]!.isDestroyed).toBe(true);
  expect(clients).toHaveLength(2);
  await connection.close();
});

it("says how to get discord.js where it is missing", async () => {
  const { clock, connection, logger } = setUp({ makeClient: () => Promise.reject(new Error("ERR_MODULE_NOT_FOUND")) });
  await clock.settle();
  expect(connection.state).toBe("failed");
  expect(logger.error.mock.calls.flat()).toEqual([expect.stringMatching(/npm install discord\.js/)]);
});

it("waits a second for a goodbye, and cuts the connection then", async () => {
  const { clock, clients, connection, cut } = setUp();
  await clock.settle();
  clients[0]!.destroy = () => new Promise(() => {});
  const closing = connection.close();
  await clock.advance(999);
  expect(cut).not.toHaveBeenCalled();
  await clock.advance(1);
  await closing;
  expect(cut).toHaveBeenCalledTimes(1);
  expect(clock.pending).toBe(0);
});

it("ends at any time, and leaves nothing behind", async () => {
  for (const login of [async () => {}, () => new Promise<void>(() => {}), () => Promise.reject(new Error("x"))]) {
    const { clock, clients, connection, listener } = setUp({}, [login]);
    await clock.settle();
    await connection.close();
    expect(connection.state).toBe("closed");
    expect(clients.every(({ isDestroyed }) => isDestroyed)).toBe(true);
    clients[0]!.ready();
    expect(listener.onReady).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  }
});
