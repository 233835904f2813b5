import { describe, expect, it } from "vitest";
import { engineBench as bench, titles } from "../../testing/engine-bench.ts";
import type { FakeChannel } from "../../testing/fake-channel.ts";
import { createDurableDisk } from "../../testing/simulator/durable-store.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { Overflow } from "./overflow.ts";

const CRITICAL = 30;

/** A lane of thirty, of which ten are held: all critical, with one under way. The other twenty, of no importance, are in the store. */
async function fullLane(overflow: Overflow) {
  const clock = createVirtualClock();
  const { outbox, memory } = createDurableDisk({ faults: [], startAt: clock.now() }).open(clock);
  let reads = 0;
  const counting = {
    ...outbox,
    page: (...args: Parameters<typeof outbox.page>) => {
      reads++;
      return outbox.page(...args);
    },
  };
  const paging = { mostHeld: 10, fewestHeld: 4, pageSize: 5 };
  const engine = bench({ clock, outbox: counting, memory, queueSize: 30, overflow, batching: false, paging });
  const a = engine.channel("a", { latencyMs: 1_000 });
  const fire = (from: number, count: number) => {
    for (let n = from; n < from + count; n++) engine.send(`fire ${n}`, { priority: CRITICAL });
  };
  fire(0, 11);
  for (let n = 0; n < 20; n++) engine.send(`note ${n}`);
  await clock.advance(50);
  expect(engine.engine.status()[0]).toMatchObject({ waiting: 30 });
  /** How those ended that were not delivered. */
  const ends = () =>
    engine.events.flatMap((event) => {
      if (event.type !== "concluded" || event.result.status === "delivered") return [];
      const { result, notificationId } = event;
      return [`${notificationId.slice("ntf_".length)}: ${"reason" in result ? result.reason : result.status}`];
    });
  return { ...engine, a, fire, ends, readsOf: () => reads };
}

const notes = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `note ${from + n}`);
const fires = (channel: FakeChannel) => titles(channel).filter((title) => title?.startsWith("fire"));

describe("a full lane whose front is all critical", () => {
  it("gives up the least important, although that waits in the store only", async () => {
    const { clock, fire, a, ends, engine } = await fullLane("drop-lowest-priority");
    fire(11, 3);
    await clock.advance(50);
    expect(ends()).toEqual(notes(0, 3).map((title) => `${title}: dropped-for-higher-priority`));
    expect(engine.status()[0]).toMatchObject({ waiting: 30 });
    await clock.advance(60_000);
    expect(fires(a)).toHaveLength(14);
    expect(titles(a).slice(14)).toEqual(notes(3, 20));
    expect(engine.book.open).toBe(0);
  });

  it("gives up the oldest critical one when nothing else is left, however many come at once", async () => {
    const { clock, fire, a, ends, readsOf } = await fullLane("drop-lowest-priority");
    const before = readsOf();
    fire(11, 22);
    await clock.advance(50);
    expect(ends()).toEqual([
      ...notes(0, 20).map((title) => `${title}: dropped-for-higher-priority`),
      "fire 1: dropped-for-newer",
      "fire 2: dropped-for-newer",
    ]);
    // Page by page, and not anew for each.
    expect(readsOf() - before).toBeLessThan(20);
    await clock.advance(60_000);
    expect(fires(a)).toHaveLength(31);
    expect(titles(a)).toHaveLength(31);
  });

  it("tells the least important in a digest where that is the rule, and drops nothing", async () => {
    const { clock, fire, a, ends, engine } = await fullLane("digest");
    fire(11, 3);
    await clock.advance(50);
    // A page of them at once makes room for more.
    expect(ends()).toEqual(notes(0, 5).map((title) => `${title}: folded`));
    await clock.advance(60_000);
    expect(fires(a)).toHaveLength(14);
    const [digest] = a.sent.flatMap(({ request }) => request.notifications).filter(({ files }) => files.length > 0);
    expect(digest?.title).toMatch(/^5 alerts/);
    expect(titles(a).filter((title) => title?.startsWith("note"))).toEqual(notes(5, 20));
    expect(engine.book.open).toBe(0);
  });

  it("finds what is still less important, and came later", async () => {
    const { clock, fire, send, ends } = await fullLane("drop-lowest-priority");
    fire(11, 1);
    await clock.advance(1_000);
    // One has left, so there is room for one.
    send("whisper", { priority: -10 });
    await clock.advance(50);
    expect(ends()).toEqual(["note 0: dropped-for-higher-priority"]);
    fire(12, 1);
    await clock.advance(50);
    expect(ends()).toEqual(["note 0: dropped-for-higher-priority", "whisper: dropped-for-higher-priority"]);
  });
});
