import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { NotifierOptions } from "../notifier/options.ts";
import type { Receipt } from "../notifier/receipt.ts";
import { defineNotifierOptions } from "../notifier/settings.ts";
import { createFakeThreads, news } from "./fake-thread.fixture.ts";
import type { ToThread } from "./protocol.ts";
import { ThreadNotifier } from "./thread-notifier.ts";

const process = () => ({
  on: vi.fn(),
  off: vi.fn(),
  prependListener: vi.fn(),
  listeners: () => [],
  listenerCount: () => 0,
  kill: vi.fn(),
  pid: 1,
});

function open({ hasStore = false, ...options }: NotifierOptions & { readonly hasStore?: boolean } = {}) {
  const clock = createVirtualClock();
  const threads = createFakeThreads();
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const settings = defineNotifierOptions({ env: {}, clock, logger, ...options });
  const notifier = new ThreadNotifier({ settings, hasStore, start: threads.start, process: process() as never });
  return { clock, threads, logger, notifier };
}

const taken = (posted: readonly ToThread[]): string[] =>
  posted.flatMap((message) => (message.kind === "take" ? [message.notification.id] : []));

function delivered({ id }: Pick<Receipt, "id">) {
  return { id, result: { success: true, status: "delivered", id, attempts: 1, destinations: [] } } as const;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a thread that dies", () => {
  it("is replaced, and everything that it has not settled is posted again in order, with the same ids", async () => {
    const { clock, threads, notifier } = open();
    const [first, second, third] = ["one", "two", "three"].map((title) => notifier.notify({ title }));
    threads.newest.say(news({ accepted: [first!.id, second!.id], settled: [delivered(first!)] }));
    threads.newest.die();
    expect(threads.all).toHaveLength(1);
    await clock.advance(100);
    expect(threads.all).toHaveLength(2);
    expect(taken(threads.newest.posted)).toEqual([second!.id, third!.id]);
    expect(threads.newest.posted.every((message) => message.kind === "take" && message.again)).toBe(true);
  });

  it("leaves to the store what that has, and has it followed", async () => {
    const { clock, threads, notifier } = open({ hasStore: true });
    const [kept, unheard] = ["kept", "unheard"].map((title) => notifier.notify({ title }));
    threads.newest.say(news({ accepted: [kept!.id], isDurable: true }));
    threads.newest.die();
    await clock.advance(100);
    expect(threads.newest.posted).toMatchObject([
      { kind: "follow", id: kept!.id },
      { kind: "take", notification: { id: unheard!.id }, again: true },
    ]);
  });

  it("is waited for, while notifications are taken as ever", async () => {
    const { clock, threads, notifier } = open();
    threads.newest.die();
    const receipt = notifier.notify({ title: "meanwhile" });
    await clock.advance(99);
    expect(threads.all).toHaveLength(1);
    await clock.advance(1);
    expect(taken(threads.newest.posted)).toEqual([receipt.id]);
  });

  it("for the tenth time in a row is the last: what is held is settled, and the rest refused", async () => {
    const { clock, threads, logger, notifier } = open();
    const held = notifier.notify({ title: "held" });
    for (let deaths = 1; deaths < 10; deaths++) {
      threads.newest.die("no memory");
      await clock.advance(100 * 2 ** (deaths - 1));
      expect(threads.all).toHaveLength(deaths + 1);
    }
    threads.newest.die("no memory");
    await clock.advance(3_600_000);
    expect(threads.all).toHaveLength(10);
    expect(await held.settled).toMatchObject({ success: false, reason: "thread-ended" });
    expect(await notifier.send({ title: "late" })).toMatchObject({ success: false, reason: "thread-ended" });
    expect(logger.error).toHaveBeenLastCalledWith(expect.stringContaining("no memory"));
    expect(logger.error).toHaveBeenLastCalledWith(expect.stringContaining("1 notifications are lost"));
    expect(notifier.isHealthy()).toBe(false);
    expect(await notifier.flush()).toEqual({ drained: true, open: 0 });
    expect(clock.pending).toBe(0);
  });

  it("counts as not healthy until another speaks", async () => {
    const { clock, threads, notifier } = open({ webhookUrl: "console:" });
    expect(notifier.isHealthy()).toBe(true);
    threads.newest.die("it could not reach https://discord.com/api/webhooks/12345678901234567/topsecrettopsecret");
    expect(notifier.isHealthy()).toBe(false);
    const report = notifier.healthCheck();
    // Nobody answers: neither the dead one nor, so far, the next.
    await clock.advance(12_000);
    expect(await report).toMatchObject({ healthy: false, problems: [expect.stringContaining("could not reach")] });
    expect(JSON.stringify(await report)).not.toContain("topsecret");
    threads.newest.say(news());
    expect(notifier.isHealthy()).toBe(true);
  });

  it("loses nothing and takes nothing twice, whenever it dies", async () => {
    const step = fc.oneof(
      { arbitrary: fc.constant("notify" as const), weight: 5 },
      fc.constantFrom("accept" as const, "settle" as const, "die" as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, hasStore) => {
        const { clock, threads, notifier } = open({ hasStore });
        /** What the store has: it outlives the threads. */
        const store = new Set<string>();
        const told = new Map<string, number>();
        const receipts: Receipt[] = [];
        let heard = 0;
        /** As the thread does it: each id once. */
        const hear = (limit: number): void => {
          const { newest } = threads;
          for (const message of newest.posted.slice(heard, heard + limit)) {
            heard++;
            if (message.kind !== "take") continue;
            const { id } = message.notification;
            if (message.again && hasStore && store.has(id)) continue;
            store.add(id);
            newest.say(news({ accepted: [id], isDurable: hasStore }));
          }
        };
        const settle = (limit: number): void => {
          for (const id of [...store].slice(0, limit)) {
            store.delete(id);
            told.set(id, (told.get(id) ?? 0) + 1);
            threads.newest.say(news({ settled: [delivered({ id: id as Receipt["id"] })] }));
          }
        };
        const revive = async (): Promise<void> => {
          threads.newest.die();
          heard = 0;
          if (!hasStore) store.clear();
          // A minute of life between two deaths.
          await clock.advance(100);
          await clock.advance(60_000);
        };
        await clock.advance(60_000);
        for (const next of steps) {
          if (next === "notify") receipts.push(notifier.notify({ title: "x" }));
          else if (next === "accept") hear(1);
          else if (next === "settle") settle(1);
          else await revive();
        }
        hear(1_000);
        settle(1_000);
        for (const receipt of receipts) expect(await receipt.settled).toMatchObject({ success: true });
        expect([...told].filter(([, times]) => times !== 1)).toEqual([]);
        expect(told.size).toBe(receipts.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the process", () => {
  it("lives on for what is on its way, and not for an idle notifier", () => {
    const { threads, notifier } = open();
    expect(threads.newest.isHeld).toBe(false);
    const receipt = notifier.notify({ title: "one" });
    expect(threads.newest.isHeld).toBe(true);
    threads.newest.say(news({ accepted: [receipt.id], open: 1 }));
    expect(threads.newest.isHeld).toBe(true);
    threads.newest.say(news({ settled: [delivered(receipt)] }));
    expect(threads.newest.isHeld).toBe(false);
  });

  it("lives on until it is known whether an earlier one has left something in the store", () => {
    const { threads } = open({ hasStore: true });
    expect(threads.newest.isHeld).toBe(true);
    const store = { isDurable: true, pendingWrites: 0, error: null };
    threads.newest.say(news({ open: 1, status: { enabled: true, open: 1, store, pause: null, destinations: [] } }));
    expect(threads.newest.isHeld).toBe(true);
    threads.newest.say(news({ open: 0 }));
    expect(threads.newest.isHeld).toBe(false);
  });

  it("does not live on for what waits until somebody lifts a pause", () => {
    const { threads, notifier } = open();
    const receipt = notifier.notify({ title: "one" });
    const store = { isDurable: false, pendingWrites: 0, error: null };
    const pause = { since: 0, untilAt: null, by: null, reason: null, of: "all" } as const;
    const told = (mode: string, waiting: number) => {
      const destinations = [{ destination: "default", mode, waiting, pause }] as never;
      return news({ accepted: [receipt.id], open: 1, status: { enabled: true, open: 1, store, pause, destinations } });
    };
    threads.newest.say(told("sending", 0));
    expect(threads.newest.isHeld).toBe(true);
    threads.newest.say(told("waiting", 1));
    expect(threads.newest.isHeld).toBe(false);
    notifier.notify({ title: "two" });
    expect(threads.newest.isHeld).toBe(true);
  });

  it("does not live on for a notifier without a reference", () => {
    const { threads, notifier } = open();
    notifier.notify({ title: "one" });
    notifier.unref();
    expect(threads.newest.isHeld).toBe(false);
  });
});

describe("the program's side", () => {
  it("counts what is waiting, on both sides", () => {
    const { threads, notifier } = open();
    const [first] = ["one", "two", "three"].map((title) => notifier.notify({ title }));
    expect(notifier.getQueueSize()).toBe(3);
    threads.newest.say(news({ accepted: [first!.id], open: 1 }));
    expect(notifier.getQueueSize()).toBe(3);
    threads.newest.say(news({ settled: [delivered(first!)], open: 0 }));
    expect(notifier.getQueueSize()).toBe(2);
  });

  it("gives the first receipt for a repeated key, but not that of one who was refused", () => {
    const { threads, notifier } = open();
    const first = notifier.notify({ idempotencyKey: "k" });
    expect(notifier.notify({ idempotencyKey: "k" })).toBe(first);
    const { id } = first;
    const refused = {
      success: false,
      status: "skipped",
      id,
      attempts: 0,
      reason: "silenced",
      destinations: [],
    } as const;
    threads.newest.say(news({ settled: [{ id, result: refused }] }));
    expect(notifier.notify({ idempotencyKey: "k" })).not.toBe(first);
  });

  it("refuses a storm that no thread answers for, beyond 200,000", async () => {
    const { threads, notifier } = open();
    for (let i = 0; i < 200_000; i++) notifier.notify({});
    expect(await notifier.send({})).toMatchObject({ status: "failed", reason: "queue-full" });
    expect(taken(threads.newest.posted)).toHaveLength(200_000);
  });

  it("asks a quiet thread for its status when somebody looks at an old one, once a second at most", async () => {
    const { clock, threads, notifier } = open();
    const asked = (): number => threads.newest.posted.filter(({ kind }) => kind === "publish").length;
    notifier.status();
    notifier.status();
    expect(asked()).toBe(1);
    await clock.advance(1_000);
    notifier.status();
    expect(asked()).toBe(2);
  });

  it("does not wait for a thread that does not answer, beyond the time that was asked for and a second", async () => {
    const { clock, notifier } = open();
    notifier.notify({ title: "one" });
    const closing = notifier.close({ timeoutMs: 2_000 });
    await clock.advance(3_000);
    expect(await closing).toEqual({ drained: false, open: 1 });
  });
});
