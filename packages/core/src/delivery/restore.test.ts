import { describe, expect, it } from "vitest";
import { engineBench as bench, limitedTo, titles } from "../../testing/engine-bench.ts";
import { createDurableDisk } from "../../testing/simulator/durable-store.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { LaneBacklog } from "./outbox.ts";
import { PACING_MARGIN_MS } from "./pacing/sliding-window.ts";
import { createSteadfastStore } from "./steadfast-store.ts";

/** A process has left fifty in the store; the next one can read some of that, or nothing. */
async function restarted(torn: { backlog: boolean; page: boolean }) {
  const clock = createVirtualClock();
  const disk = createDurableDisk({ faults: [], startAt: clock.now() });
  const paging = { mostHeld: 20, fewestHeld: 4, pageSize: 5 };
  const first = bench({ clock, ...disk.open(clock), queueSize: 1_000, batching: false, paging });
  first.channel("a", { latencyMs: 60_000 });
  for (let n = 0; n < 50; n++) first.send(`old ${n}`);
  await clock.advance(100);
  first.engine.close();
  const { outbox, memory } = disk.open(clock);
  const asked = { times: 0 };
  const fails = (): never => {
    throw new Error("damaged");
  };
  const reading = {
    ...outbox,
    backlog: () => {
      asked.times++;
      return torn.backlog ? fails() : outbox.backlog();
    },
    page: (...about: Parameters<typeof outbox.page>) => (torn.page ? fails() : outbox.page(...about)),
  };
  const health: (string | null)[] = [];
  const onHealth = (error: Error | null) => health.push(error?.message ?? null);
  const store = createSteadfastStore({ outbox: reading, memory, clock, onHealth });
  const next = bench({ clock, ...store, queueSize: 1_000, batching: false, paging });
  const a = next.channel("a", { latencyMs: 100 });
  const homeless: LaneBacklog[] = [];
  next.engine.restore((found) => homeless.push(found));
  const told = () => next.events.flatMap((event) => (event.type.startsWith("backlog-") ? [event] : []));
  return { ...next, a, disk, torn, told, asked, health, homeless };
}

const old = Array.from({ length: 50 }, (_, n) => `old ${n}`);

it.each([
  { what: "the pages of a lane", torn: { backlog: false, page: true }, destination: "a" },
  { what: "even what waits where", torn: { backlog: true, page: true }, destination: null },
])("a store that does not give $what is asked again while what is new goes on, and told about twice", async (one) => {
  const { clock, send, a, torn, told, health, disk, engine } = await restarted({ ...one.torn });
  const { destination } = one;
  send("new");
  await clock.advance(20_000);
  expect(titles(a)).toEqual(["new"]);
  expect(told()).toMatchObject([{ type: "backlog-unread", destination }]);
  expect(health.at(-1)).toBe("damaged");
  torn.backlog = false;
  torn.page = false;
  send("newer");
  await clock.advance(60_000);
  expect(told()).toMatchObject([
    { type: "backlog-unread", destination },
    { type: "backlog-read", destination },
  ]);
  expect(health.at(-1)).toBe(null);
  expect(titles(a).filter((title) => title?.startsWith("old"))).toEqual(old);
  expect(titles(a)).toHaveLength(52);
  expect(engine.book.open).toBe(0);
  expect((await disk.records()).waiting).toEqual([]);
  expect(clock.pending).toBe(0);
});

it("asks less and less often, once a minute in the end, and no more when it is closed", async () => {
  const { clock, asked, engine } = await restarted({ backlog: true, page: false });
  await clock.advance(63_000);
  // At once, and after 1, 2, 4, 8, 16 and 32 s.
  expect(asked.times).toBe(7);
  await clock.advance(600_000);
  expect(asked.times).toBe(17);
  engine.close();
  await clock.advance(600_000);
  expect(asked.times).toBe(17);
});

it("keeps what was not read before what has come since, and marks only what may have arrived", async () => {
  const { clock, send, a, torn } = await restarted({ backlog: false, page: true });
  for (let n = 0; n < 30; n++) send(`new ${n}`);
  await clock.advance(150);
  torn.page = false;
  await clock.advance(60_000);
  // One was under way when the rest was read, and one had gone before.
  const before = titles(a).findIndex((title) => title?.startsWith("old"));
  const behind = Array.from({ length: 30 - before }, (_, n) => `new ${n + before}`);
  expect(titles(a).slice(before)).toEqual([...old, ...behind]);
  expect(before).toBeLessThan(30);
});

it("counts once what is under way while the rest is read", async () => {
  const { clock, send, torn, engine } = await restarted({ backlog: false, page: true });
  torn.page = false;
  await clock.advance(950);
  send("new", { priority: 30 });
  // Kept after 25 ms, and under way for 100; the rest is read after 1 s.
  await clock.advance(100);
  expect(engine.status()[0]).toMatchObject({ mode: "sending", waiting: 50 });
  expect(engine.book.open).toBe(51);
});

it("what has no destination is offered once more, and again where whoever takes it up cannot read it", async () => {
  const clock = createVirtualClock();
  const disk = createDurableDisk({ faults: [], startAt: clock.now() });
  const first = bench({ clock, ...disk.open(clock) });
  first.channel("a", { latencyMs: 60_000 });
  for (const title of ["1", "2"]) first.send(title);
  await clock.advance(100);
  first.engine.close();
  const { engine } = bench({ clock, ...disk.open(clock) });
  const offered: number[] = [];
  engine.restore(() => {
    offered.push(clock.now());
    if (offered.length === 2) throw new Error("damaged");
  });
  const now = clock.now();
  engine.changes.offer("a");
  engine.changes.offer("nobody");
  await clock.advance(60_000);
  expect(offered).toEqual([now, now, now + 1_000]);
});

describe("what an earlier process has sent of late", () => {
  const LATENCY_MS = 100;

  /** It has used up three a minute, and had a fourth to send. */
  async function restartedBusy(isTorn: { requests: boolean }) {
    const clock = createVirtualClock();
    const disk = createDurableDisk({ faults: [], startAt: clock.now() });
    const limits = limitedTo({ limit: 3, intervalMs: 60_000 });
    const first = bench({ clock, ...disk.open(clock), batching: false });
    first.channel("a", { limits, latencyMs: LATENCY_MS });
    for (const title of ["1", "2", "3", "4"]) first.send(title);
    await clock.advance(10_000);
    first.engine.close();
    const { outbox, memory } = disk.open(clock);
    const recentRequests = (sinceAt: number) => {
      if (isTorn.requests) throw new Error("damaged");
      return outbox.recentRequests(sinceAt);
    };
    const store = createSteadfastStore({ outbox: { ...outbox, recentRequests }, memory, clock, onHealth: () => {} });
    const next = bench({ clock, ...store, batching: false });
    const [a, b] = [next.channel("a", { limits, latencyMs: LATENCY_MS }), next.channel("b")];
    next.engine.restore();
    next.send("to b", { lanes: ["b"] });
    return { ...next, a, b, beganAt: clock.now() };
  }

  it("may count for a whole window, where it cannot be read", async () => {
    const { clock, a, b, engine, beganAt } = await restartedBusy({ requests: true });
    await clock.advance(100);
    expect(engine.status()[0]?.wait).toEqual({ until: beganAt + 61_000, because: "past-unknown" });
    expect(titles(b)).toEqual(["to b"]);
    await clock.advance(120_000);
    expect(a.sent.map(({ startedAt }) => startedAt - beganAt)).toEqual([61_000]);
    expect(clock.pending).toBe(0);
  });

  it("counts as it was, once it can be read", async () => {
    const isTorn = { requests: true };
    const { clock, a, beganAt } = await restartedBusy(isTorn);
    isTorn.requests = false;
    await clock.advance(120_000);
    // The second of three ended 9.75 s before, after two commits; what may have been under way takes the place of the first.
    expect(a.sent.map(({ startedAt }) => startedAt - beganAt)).toEqual([50_250 + PACING_MARGIN_MS]);
  });
});
