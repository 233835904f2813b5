import { describe, expect, it } from "vitest";
import { engineBench, limitedTo, offsets } from "../../testing/engine-bench.ts";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createDurableDisk } from "../../testing/simulator/durable-store.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { PACING_MARGIN_MS } from "./pacing/sliding-window.ts";

const LATENCY_MS = 100;
const MINUTE_MS = 60_000;
const THREE_A_MINUTE = { limit: 3, intervalMs: MINUTE_MS };

/** A webhook has used up what its channel allows, and gives way to another. */
async function rotated() {
  const { clock, engine, send, channel } = engineBench({ batching: false });
  const webhook = (label: string) => ({
    label,
    latencyMs: LATENCY_MS,
    limits: limitedTo(THREE_A_MINUTE, "pool", label),
  });
  channel("a", webhook("old"));
  for (const title of ["1", "2", "3", "4", "5"]) send(title);
  await clock.advance(1_000);
  const next = createFakeChannel({ clock, ...webhook("new") });
  void engine.changes.set("a", next);
  return { clock, engine, next };
}

describe("a destination that is taken away", () => {
  it("leaves nothing waiting that could not be read before", async () => {
    const clock = createVirtualClock();
    const disk = createDurableDisk({ faults: [], startAt: clock.now() });
    const first = engineBench({ clock, ...disk.open(clock) });
    first.channel("a", { latencyMs: MINUTE_MS });
    for (const title of ["1", "2"]) first.send(title);
    await clock.advance(50);
    first.engine.close();
    const { outbox, memory } = disk.open(clock);
    let isTorn = true;
    const page = (...asked: Parameters<typeof outbox.page>) => {
      if (isTorn) throw new Error("damaged");
      return outbox.page(...asked);
    };
    const { engine, channel } = engineBench({ clock, outbox: { ...outbox, page }, memory });
    channel("a");
    engine.restore();
    void engine.changes.remove("a");
    isTorn = false;
    await clock.advance(5_000);
    const { waiting, settled } = await disk.records();
    expect(waiting).toEqual([]);
    expect(settled.map(({ result }) => result)).toMatchObject([
      { reason: "destination-removed" },
      { reason: "destination-removed" },
    ]);
  });
});

describe("a destination that leads to another webhook", () => {
  it("is taken to be in the same channel of Discord, whose limit it shares, until it says otherwise", async () => {
    const { clock, next } = await rotated();
    await clock.advance(2 * MINUTE_MS);
    // The first of three ended after 100 ms, the next after 200.
    expect(offsets(next)).toEqual([100, 200].map((endedMs) => MINUTE_MS + endedMs + PACING_MARGIN_MS));
  });

  it("goes on at once when that turns out to be in another", async () => {
    const { clock, engine, next } = await rotated();
    await clock.advance(1_000);
    engine.changes.joinPool("a", "channel:other");
    await clock.advance(2 * MINUTE_MS);
    expect(offsets(next)).toEqual([2_000, 2_100]);
  });
});
