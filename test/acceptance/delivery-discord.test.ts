/**
 * The two promises that matter most, at small scale and in real time: Discord's limits are used without provoking a refusal, and
 * nothing is lost or told out of order whatever Discord does. `npm run bench` measures the same at full scale.
 */
import { createNotifier, type DeliveryResult, type Notifier, type NotifierOptions } from "@tocsin/core";
import {
  BAN_SHAPES,
  type Emulator,
  type Fault,
  type Limits,
  NO_LIMITS,
  startEmulator,
  type WebhookHandle,
} from "@tocsin/discord-emulator";
import { describe, expect, it } from "vitest";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

interface Setting extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly hooks: readonly WebhookHandle[];
  readonly notifier: Notifier;
  /** Sends so many, dealt to the webhooks in turn, each with its number as title. */
  send(count: number): Promise<DeliveryResult[]>;
  /** For each webhook the numbers that were stored, in order. */
  stored(): number[][];
  refusals(): number;
}

interface Wanted {
  readonly limits?: Partial<Limits>;
  /** For each webhook the channel that it is in. */
  readonly channels?: readonly string[];
  readonly options?: NotifierOptions;
}

async function setUp({ limits = {}, channels = ["a"], options = {} }: Wanted = {}): Promise<Setting> {
  const emulator = await startEmulator({ strict: true, limits: { ...NO_LIMITS, ...limits } });
  const places = new Map([...new Set(channels)].map((name) => [name, emulator.createChannel({ name })] as const));
  const hooks = channels.map((name) => emulator.createWebhook({ channel: places.get(name)! }));
  const notifier = createNotifier({
    env: {},
    webhooks: Object.fromEntries(hooks.map(({ url }, index) => [`hook-${index}`, url])),
    allowedHosts: [new URL(emulator.url).host],
    rateLimit: { limit: Number.POSITIVE_INFINITY },
    limits: { egress: null, pool: null, bucket: null },
    batching: false,
    validateOnStart: false,
    overflow: "reject",
    queueSize: 1_000,
    logger: SILENT,
    ...options,
  });
  let next = 0;
  return {
    ...{ emulator, hooks, notifier },
    send: (count) =>
      Promise.all(
        Array.from({ length: count }, () =>
          notifier.send({ type: `hook-${next % hooks.length}`, title: String(next++) }),
        ),
      ),
    stored: () => hooks.map((hook) => emulator.messages(hook).map(({ embeds }) => Number(embeds[0]!.title))),
    refusals: () => emulator.counters().byStatus[429] ?? 0,
    [Symbol.asyncDispose]: async () => {
      await notifier.close({ timeoutMs: 0 });
      await emulator.close();
    },
  };
}

/** What each webhook must have got, once each and in order. */
function dealt(count: number, hooks: number): number[][] {
  return Array.from({ length: hooks }, (_, hook) =>
    Array.from({ length: Math.ceil((count - hook) / hooks) }, (_, n) => n * hooks + hook),
  );
}

function expectAllTold(results: readonly DeliveryResult[]): void {
  expect(results.filter(({ success }) => !success)).toEqual([]);
}

describe.concurrent("a limit is used without a single refusal, and in order:", () => {
  const bucket = { limit: 5, intervalMs: 300 };

  it.each(["fixed", "sliding"] as const)("a webhook's, as a %s window", async (kind) => {
    await using setting = await setUp({
      limits: { webhook: { ...bucket, kind } },
      options: { limits: { egress: null, pool: null, bucket } },
    });
    expectAllTold(await setting.send(30));
    expect(setting.refusals()).toBe(0);
    expect(setting.stored()).toEqual(dealt(30, 1));
  });

  it("a webhook's that is lower than expected, as soon as the first answer tells", async () => {
    await using setting = await setUp({
      limits: { webhook: { limit: 2, intervalMs: 300 } },
      options: { limits: { egress: null, pool: null, bucket: { limit: 5, intervalMs: 300 } } },
    });
    expectAllTold(await setting.send(8));
    expect(setting.refusals()).toBe(0);
    expect(setting.stored()).toEqual(dealt(8, 1));
  });

  it("a webhook's whose window is longer than expected, as soon as the first answer tells", async () => {
    await using setting = await setUp({
      limits: { webhook: { limit: 3, intervalMs: 600 } },
      options: { limits: { egress: null, pool: null, bucket: { limit: 3, intervalMs: 100 } } },
    });
    expectAllTold(await setting.send(9));
    expect(setting.refusals()).toBe(0);
    expect(setting.stored()).toEqual(dealt(9, 1));
  });

  it("the hidden one of a channel, by three webhooks that turn out to share it", async () => {
    const pool = { limit: 8, intervalMs: 500 };
    await using setting = await setUp({
      limits: { channel: pool },
      channels: ["a", "a", "a"],
      options: { limits: { egress: null, pool, bucket: null } },
    });
    expectAllTold(await setting.send(30));
    expect(setting.refusals()).toBe(0);
    expect(setting.stored()).toEqual(dealt(30, 3));
  });

  it("that of the address, beside those of the webhooks", async () => {
    const egress = { limit: 20, intervalMs: 200 };
    const own = { limit: 4, intervalMs: 400 };
    await using setting = await setUp({
      limits: { global: egress, webhook: own },
      channels: Array.from({ length: 10 }, (_, n) => String(n)),
      options: { limits: { egress, pool: null, bucket: own } },
    });
    expectAllTold(await setting.send(120));
    expect(setting.refusals()).toBe(0);
    expect(setting.stored()).toEqual(dealt(120, 10));
  });
});

describe.concurrent("whatever Discord refuses, it is told in the end, in order, after few refusals:", () => {
  it("a server that lengthens the block for each request during it, and whose headers deny it", async () => {
    await using setting = await setUp({ limits: { webhook: { limit: 1, intervalMs: 300 }, punish: true } });
    // Somebody else has used the webhook, so the very first request is refused.
    const [hook] = setting.hooks;
    const body = JSON.stringify({ content: "mine", allowed_mentions: { parse: [] } });
    await fetch(hook!.url, { method: "POST", headers: { "content-type": "application/json" }, body });
    expectAllTold(await setting.send(3));
    expect(setting.refusals()).toBeLessThanOrEqual(4);
    expect(
      setting.emulator
        .messages(hook)
        .slice(1)
        .map(({ embeds }) => embeds[0]!.title),
    ).toEqual(["0", "1", "2"]);
  }, 15_000);

  it("a 429 on whose wait header and body disagree: the longer one is kept", async () => {
    await using setting = await setUp();
    const lie = {
      kind: "rate-limit",
      retryAfterMs: 100,
      bodyRetryAfterMs: 1_300,
      resetAfterMs: 20,
      remaining: 4,
    } as const;
    setting.emulator.faults.add({ times: 1, do: lie });
    expectAllTold(await setting.send(2));
    const [refused, repeated] = setting.emulator.requests();
    expect(repeated!.receivedAt - refused!.receivedAt).toBeGreaterThanOrEqual(1_300);
    expect(setting.refusals()).toBe(1);
    expect(setting.stored()).toEqual(dealt(2, 1));
  });

  it("a shared 429: everything in that channel waits, and nothing elsewhere does", async () => {
    await using setting = await setUp({
      channels: ["a", "a", "b"],
      options: { limits: { egress: null, pool: { limit: 100, intervalMs: 100 }, bucket: null } },
    });
    expectAllTold(await setting.send(3));
    setting.emulator.faults.add({
      times: 1,
      match: { webhookId: setting.hooks[0]!.id },
      do: { kind: "rate-limit", scope: "shared", retryAfterMs: 1_000 },
    });
    await setting.notifier.notify({ type: "hook-0", title: "3" }).accepted;
    await expect.poll(() => setting.refusals()).toBe(1);
    const refusedAt = setting.emulator.requests().at(-1)!.receivedAt;
    const [beside, elsewhere] = [1, 2].map((n) => setting.notifier.send({ type: `hook-${n}`, title: String(n + 3) }));
    await elsewhere;
    expect(setting.emulator.requests().at(-1)!.receivedAt - refusedAt).toBeLessThan(900);
    await beside;
    await setting.notifier.flush();
    const waited = setting.emulator
      .requests()
      .slice(-2)
      .map(({ receivedAt }) => receivedAt - refusedAt);
    expect(Math.min(...waited)).toBeGreaterThanOrEqual(1_000);
    expect(setting.stored()).toEqual(dealt(6, 3));
    expect(setting.refusals()).toBe(1);
  });
});

describe.concurrent("a ban stops every webhook within one request, and all is told when it ends:", () => {
  it.each(BAN_SHAPES)("%s", async (shape) => {
    await using setting = await setUp({
      channels: ["a", "b", "c", "d"],
      options: {
        limits: { egress: { limit: 1_000, intervalMs: 1_000 }, pool: null, bucket: null },
        banGuard: { minBanMs: 500 },
      },
    });
    setting.emulator.ban({ shape });
    const first = setting.send(1);
    await expect.poll(() => setting.emulator.counters().blocked).toBe(1);
    const others = setting.send(39);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(setting.emulator.counters()).toMatchObject({ blocked: 1, requests: 1 });
    setting.emulator.unban();
    expectAllTold([...(await first), ...(await others)]);
    expect(setting.stored()).toEqual(dealt(40, 4));
    expect(setting.emulator.counters().blocked).toBe(1);
  });

  it("with a request of each webhook under way when it begins, no webhook asks a second time", async () => {
    await using setting = await setUp({
      channels: ["a", "b", "c", "d"],
      options: { limits: { pool: null, bucket: null } },
    });
    setting.emulator.ban({ shape: "static-json" });
    void setting.send(40);
    await expect.poll(() => setting.emulator.counters().blocked).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(setting.emulator.counters().requests).toBe(4);
  });
});

describe.concurrent("with one request in ten failing nothing is lost, and what is told is true:", () => {
  const faults: readonly (readonly [string, Fault["do"], boolean])[] = [
    ["500, not stored", { kind: "status", status: 500 }, false],
    ["502 with a page, not stored", { kind: "status", status: 502, body: "html" }, false],
    ["500, stored", { kind: "status", status: 500, store: "after" }, true],
    ["reset, stored", { kind: "reset", store: "after" }, true],
    ["no answer in time, stored", { kind: "stall", store: "after" }, true],
  ];

  it.each(faults)("%s", async (_, action, isStored) => {
    await using setting = await setUp({
      channels: Array.from({ length: 20 }, (_, n) => String(n)),
      options: {
        timeoutMs: action.kind === "stall" ? 1_000 : 10_000,
        retry: { maxAttempts: 12, firstDelayMs: 10, factor: 1 },
        // One in ten is no reason to spare a destination; five in a row would be chance.
        breaker: { failureThreshold: 50 },
      },
    });
    setting.emulator.faults.add({ probability: 0.1, do: action });
    const results = await setting.send(200);
    expectAllTold(results);
    const stored = setting.stored();
    expect(stored.map((numbers) => [...new Set(numbers)])).toEqual(dealt(200, 20));
    // Repeats are owed to answers that were lost, one to each, and are said to be possible.
    const attempts = results.reduce((sum, result) => sum + result.attempts, 0);
    expect(attempts).toBeGreaterThan(205);
    expect(stored.flat()).toHaveLength(isStored ? attempts : 200);
    for (const [number, { destinations }] of results.entries()) {
      const times = stored.flat().filter((each) => each === number).length;
      if (times > 1) expect(destinations[0]).toMatchObject({ possibleRepeat: true });
    }
  });
});
