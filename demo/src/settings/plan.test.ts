import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cues } from "../story/story.ts";
import { SHORTEST_RUN_MS } from "./options.ts";
import { planOf } from "./plan.ts";

const planFor = (forMs: number | null, measuredMsPerSecond: number | null = null) =>
  planOf({ forMs, measuredMsPerSecond, color: false, freePorts: false });
const DAY_MS = 86_400_000;

describe("the plan", () => {
  it("without an end tells the story once a minute at its own pace", () => {
    expect(planFor(null)).toMatchObject({ pace: 1, roundMs: 60_000, rounds: Number.POSITIVE_INFINITY });
    expect(planFor(null)).toMatchObject({ offlineAfterMs: 6_000, offlineCheckMs: 1_000, cooldownMs: 20_000 });
    expect(planFor(null).measuredMsPerSecond).toBe(DAY_MS);
  });

  it("of a minute is the same, once", () => {
    expect(planFor(60_000)).toMatchObject({ pace: 1, rounds: 1, measuredMsPerSecond: DAY_MS });
  });

  it.each([
    [51_000, 1],
    [110_000, 1],
    [111_000, 2],
    [120_000, 2],
  ])("of %i ms tells it %i times", (forMs, rounds) => expect(planFor(forMs).rounds).toBe(rounds));

  it("of 28 s tells it in half the time, with everything that waits halved", () => {
    // 28 s less 5 s for the last arrivals is half of 46 s.
    expect(planFor(28_000)).toMatchObject({
      pace: 0.5,
      rounds: 1,
      offlineAfterMs: 3_000,
      offlineCheckMs: 500,
      heartbeatMs: 1_000,
      cooldownMs: 10_000,
      measuredMsPerSecond: 2 * DAY_MS,
    });
  });

  it("keeps to the speed that was asked for", () => {
    expect(planFor(28_000, 3_600_000).measuredMsPerSecond).toBe(3_600_000);
  });

  it("leaves 5 s after the last cue of any run, and never stretches the story", () => {
    fc.assert(
      fc.property(fc.integer({ min: SHORTEST_RUN_MS, max: 1_000_000 }), (forMs) => {
        const plan = planFor(forMs);
        const last = [...cues(plan)].at(-1)!;
        expect(forMs - last.atMs).toBeGreaterThanOrEqual(5_000 - 1e-6);
        expect(plan.pace).toBeLessThanOrEqual(1);
      }),
    );
  });
});
