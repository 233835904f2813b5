import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createSchedule } from "./schedule.ts";

function setUp() {
  const clock = createVirtualClock({ startAt: 0 });
  const woken: [string, number][] = [];
  const schedule = createSchedule<{ version: number; name: string }>(clock, (items, now) => {
    for (const { name } of items) woken.push([name, now]);
  });
  return { clock, woken, schedule };
}

describe("schedule", () => {
  it("wakes each when its time has come, with one timer", async () => {
    const { clock, woken, schedule } = setUp();
    for (const [name, at] of [
      ["late", 300],
      ["early", 100],
      ["middle", 200],
    ] as const)
      schedule.wakeAt(at, { version: 0, name });
    expect(clock.pending).toBe(1);
    await clock.advance(1_000);
    expect(woken).toEqual([
      ["early", 100],
      ["middle", 200],
      ["late", 300],
    ]);
    expect(clock.pending).toBe(0);
  });

  it("drops a plan whose item has moved on", async () => {
    const { clock, woken, schedule } = setUp();
    const item = { version: 0, name: "a" };
    schedule.wakeAt(100, item);
    item.version++;
    schedule.wakeAt(200, item);
    await clock.advance(1_000);
    expect(woken).toEqual([["a", 200]]);
  });

  it("holds no timer for a wait without end", () => {
    const { clock, schedule } = setUp();
    schedule.wakeAt(Number.POSITIVE_INFINITY, { version: 0, name: "a" });
    expect(clock.pending).toBe(0);
  });
});
