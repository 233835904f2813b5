import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createDeadlines } from "./deadlines.ts";

function setUp(timeoutMs = 1_000) {
  const clock = createVirtualClock();
  const overdue: string[] = [];
  const begunAt = clock.now();
  const onOverdue = (task: string): void => void overdue.push(`${task} at ${clock.now() - begunAt}`);
  return { clock, overdue, deadlines: createDeadlines<string>({ clock, timeoutMs, onOverdue }) };
}

describe("deadlines", () => {
  it("end each at its own instant, with one timer for all", async () => {
    const { clock, overdue, deadlines } = setUp();
    deadlines.start("a");
    await clock.advance(300);
    deadlines.start("b");
    expect(clock.pending).toBe(1);
    await clock.advance(5_000);
    expect(overdue).toEqual(["a at 1000", "b at 1300"]);
    expect(clock.pending).toBe(0);
  });

  it("leave alone what has ended, and hold no timer when nothing is under way", async () => {
    const { clock, overdue, deadlines } = setUp();
    const [a, b, c] = [deadlines.start("a"), deadlines.start("b"), deadlines.start("c")];
    for (const one of [b, a, c, c]) deadlines.end(one);
    expect(clock.pending).toBe(0);
    deadlines.start("d");
    await clock.advance(1_000);
    expect(overdue).toEqual(["d at 1000"]);
  });

  it("let go of what has ended, also of its neighbours", () => {
    const { deadlines } = setUp();
    const [a, b] = [deadlines.start("a"), deadlines.start("b")];
    deadlines.end(a);
    expect(a).toMatchObject({ task: null, before: null, after: null });
    deadlines.end(b);
    expect(b).toMatchObject({ task: null, before: null, after: null });
  });

  it("ring for exactly those that have not ended in time, whatever the order", async () => {
    // What ends in the very instant in which it is due may go either way.
    const endAfterMs = fc.integer({ min: 1, max: 200 }).filter((ms) => ms !== 100);
    const step = fc.record({ waitMs: fc.integer({ min: 0, max: 90 }), endAfterMs });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { clock, overdue, deadlines } = setUp(100);
        const late: string[] = [];
        let at = 0;
        for (const [n, { waitMs, endAfterMs }] of steps.entries()) {
          await clock.advance(waitMs);
          at += waitMs;
          const deadline = deadlines.start(`${n}`);
          if (endAfterMs > 100) late.push(`${n} at ${at + 100}`);
          clock.schedule(clock.now() + endAfterMs, () => deadlines.end(deadline));
        }
        await clock.advance(1_000);
        expect(overdue).toEqual(late);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
