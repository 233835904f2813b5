import { describe, expect, it } from "vitest";
import { engineBench as bench, limitedTo, titles } from "../../testing/engine-bench.ts";
import { banned, misconfigured, rateLimited, unavailable } from "../../testing/outcomes.ts";
import { createDurableDisk } from "../../testing/simulator/durable-store.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import { createSteadfastStore } from "./steadfast-store.ts";

const HOUR_MS = 3_600_000;
const LATENCY_MS = 100;
const COMMIT_MS = 25;
const LEARN_MS = 20_000;
/** Until what an earlier process had under way has arrived, and has left the window of a second. */
const HOLD_MS = 2_001;

function onDisk(disk: ReturnType<typeof createDurableDisk>, clock: VirtualClock) {
  const { outbox, memory } = disk.open(clock);
  const torn = { isTorn: false, isFull: false, asked: 0 };
  const write = <Args extends unknown[]>(ask: (...args: Args) => Promise<void> | undefined) => {
    return (...args: Args) => (torn.isFull ? Promise.reject(new Error("disk full")) : ask(...args));
  };
  const recall = (): ReadonlyMap<string, unknown> => {
    torn.asked++;
    if (torn.isTorn) throw new Error("damaged");
    return memory.recall();
  };
  const store = createSteadfastStore({
    outbox: { ...outbox, append: write(outbox.append), settle: write(outbox.settle) },
    memory: { ...memory, remember: write(memory.remember), recall },
    clock,
    onHealth: () => {},
  });
  const engine = bench({ clock, ...store });
  const limits = limitedTo({ limit: 50, intervalMs: 1_000 }, "egress");
  const a = engine.channel("a", { limits, latencyMs: LATENCY_MS, inPlace: ["edit"], recovery: "edit" });
  return { ...engine, a, torn, disk };
}

type Life = ReturnType<typeof onDisk>;

/** One process has learned something of its destination; the next one cannot read what it has kept. */
async function restarted(learn: (first: Life) => void, isFull = false): Promise<Life> {
  const clock = createVirtualClock();
  const disk = createDurableDisk({ faults: [], startAt: clock.now() });
  const first = onDisk(disk, clock);
  first.engine.restore();
  learn(first);
  await clock.advance(LEARN_MS);
  first.engine.close();
  const next = onDisk(disk, clock);
  Object.assign(next.torn, { isTorn: true, isFull });
  next.engine.restore();
  // It waits for as long as what was sent before may count.
  await clock.advance(HOLD_MS);
  return next;
}

const statusOf = ({ engine }: Life) => engine.status()[0]!;

describe("what could not be read at the start is asked for again, and holds from then on", () => {
  it("a ban", async () => {
    const life = await restarted(({ a, send }) => {
      a.answer(banned(HOUR_MS));
      send("1");
    });
    await life.clock.advance(500);
    expect(titles(life.a)).toEqual(["1"]);
    life.torn.isTorn = false;
    await life.clock.advance(500);
    life.send("2");
    await life.clock.advance(HOUR_MS - 2 * LEARN_MS);
    expect(titles(life.a)).toEqual(["1"]);
    await life.clock.advance(2 * LEARN_MS);
    expect(titles(life.a)).toEqual(["1", "2"]);
  });

  it("a wait that a remote has ordered", async () => {
    const life = await restarted(({ a, send }) => {
      a.answer(rateLimited(HOUR_MS, "global"));
      send("1");
    });
    life.torn.isTorn = false;
    await life.clock.advance(1_000);
    const toldAt = life.clock.now() - 1_000 - HOLD_MS - LEARN_MS + COMMIT_MS + LATENCY_MS;
    expect(statusOf(life).egress?.pausedUntil).toBe(toldAt + HOUR_MS);
  });

  it("a pause, and one that has been lifted meanwhile does not come back", async () => {
    const paused = (first: Life): void => void first.engine.pauses.pause({ by: "me" });
    const life = await restarted(paused);
    const lifted = await restarted(paused);
    const isLifted = lifted.engine.pauses.resume({});
    for (const { torn, clock } of [life, lifted]) {
      torn.isTorn = false;
      await clock.advance(1_000);
    }
    expect(life.engine.pauses.ofAll).toMatchObject({ by: "me" });
    expect(await isLifted).toBe("done");
    expect(lifted.engine.pauses.ofAll).toBe(null);
  });

  it("that a webhook is gone, once the request that is under way has ended", async () => {
    const life = await restarted(({ a, send }) => {
      a.answer(misconfigured());
      send("1");
    });
    life.torn.isTorn = false;
    await life.clock.advance(950);
    life.a.answer(unavailable());
    life.send("2");
    life.send("3");
    await life.clock.advance(50);
    expect(statusOf(life)).toMatchObject({ mode: "sending" });
    await life.clock.advance(60_000);
    expect(statusOf(life)).toMatchObject({ mode: "disabled", error: { code: "discord-10015" } });
    expect(titles(life.a)).toEqual(["2"]);
    expect(life.results.get("3")).toMatchObject({ reason: "destination-disabled" });
  });

  it.each(["has taken a message", "has answered when it was asked"])(
    "but not that a webhook is gone that %s since",
    async (proof) => {
      const life = await restarted(({ a, send }) => {
        a.answer(misconfigured());
        send("1");
      });
      if (proof === "has taken a message") life.send("2");
      else life.engine.changes.enable("a");
      await life.clock.advance(500);
      life.torn.isTorn = false;
      await life.clock.advance(60_000);
      expect(statusOf(life)).toMatchObject({ mode: "idle", error: null });
      const later = onDisk(life.disk, life.clock);
      later.engine.restore();
      expect(statusOf(later)).toMatchObject({ mode: "idle" });
    },
  );

  it("that a webhook is gone, though it has been silent meanwhile", async () => {
    const life = await restarted(({ a, send }) => {
      a.answer(misconfigured());
      send("1");
    });
    for (let n = 0; n < 5; n++) life.a.answer(unavailable());
    for (const title of ["2", "3"]) life.send(title);
    await life.clock.advance(6_000);
    expect(statusOf(life)).toMatchObject({ mode: "waiting", breaker: "open" });
    life.torn.isTorn = false;
    await life.clock.advance(8_000);
    expect(statusOf(life)).toMatchObject({ mode: "disabled", error: { code: "discord-10015" }, breaker: "open" });
    const later = onDisk(life.disk, life.clock);
    later.engine.restore();
    expect(statusOf(later)).toMatchObject({ mode: "disabled", breaker: "open" });
  });

  it("a breaker that is open", async () => {
    const life = await restarted(({ a, send }) => {
      for (let n = 0; n < 5; n++) a.answer(unavailable());
      for (const title of ["1", "2"]) send(title);
    });
    expect(statusOf(life).breaker).toBe("closed");
    life.torn.isTorn = false;
    life.a.answer(unavailable());
    await life.clock.advance(1_000);
    expect(statusOf(life).breaker).toBe("open");
  });

  it("what has been told: its end is told even before that, and no second time", async () => {
    const matter = { key: "db", phase: "firing" } as const;
    const life = await restarted(({ send }) => {
      send("down", { ...matter, key: "web" });
      send("down", matter);
    });
    life.send("up", { ...matter, phase: "resolved" });
    await life.clock.advance(500);
    expect(titles(life.a)).toEqual(["up"]);
    life.torn.isTorn = false;
    await life.clock.advance(1_000);
    for (const key of ["db", "web", "api"]) life.send(`up ${key}`, { key, phase: "resolved" });
    await life.clock.advance(5_000);
    const edits = life.a.sent.map(({ request: { edit, notifications } }) => [notifications[0].title, edit?.id]);
    expect(edits).toEqual([
      ["up", undefined],
      ["Resolved: down", "message-1"],
    ]);
    expect(life.results.get("up db")).toMatchObject({ reason: "nothing-to-resolve" });
    // Whatever is over leaves nothing behind.
    const { memory } = life.disk.open(life.clock);
    expect([...memory.recall().keys()].filter((key) => /^(told|message):/.test(key))).toEqual([]);
  });

  it("as soon as a store that owed writes has them all", async () => {
    const life = await restarted(({ send }) => send("down", { key: "db", phase: "firing" }), true);
    // It is asked again after 1, 2, 4, 8, 16 and 32 s, and for writes after 30 s at the latest.
    await life.clock.advance(70_000);
    const { asked } = life.torn;
    Object.assign(life.torn, { isTorn: false, isFull: false });
    await life.clock.advance(30_000);
    expect(life.torn.asked).toBe(asked + 1);
  });

  it("is not asked for any more by a process that has ended", async () => {
    const life = await restarted(() => {});
    const atOnce = life.torn.asked;
    // After 1 s, and now after 3 and 7.
    await life.clock.advance(5_000);
    expect(life.torn.asked).toBe(atOnce + 2);
    life.engine.close();
    await life.clock.advance(HOUR_MS);
    expect(life.torn.asked).toBe(atOnce + 2);
    expect(life.clock.pending).toBe(0);
  });
});
