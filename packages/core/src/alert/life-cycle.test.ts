import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AlertPolicy, type AlertState, NEW_ALERT, stepAlert } from "./life-cycle.ts";

const T = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;
const THRESHOLD: AlertPolicy = { cooldownMs: HOUR, repeatEveryMs: HOUR };
const OFFLINE: AlertPolicy = { cooldownMs: 0, repeatEveryMs: null };

/** Plays a story of [minute, condition met] and returns the reasons. */
function play(policy: AlertPolicy, story: readonly (readonly [minute: number, met: boolean])[]): string[] {
  let state: AlertState = NEW_ALERT;
  return story.map(([minute, met]) => {
    const decision = stepAlert(policy, state, { met, now: T + minute * 60_000 });
    state = decision.state;
    return decision.reason;
  });
}

describe("an alert with a cooldown of an hour", () => {
  it("tells, holds back for the cooldown, and tells again while it goes on", () => {
    const story = [
      [0, true],
      [1, true],
      [59, true],
      [60, true],
      [61, true],
      [120, true],
    ] as const;
    expect(play(THRESHOLD, story)).toEqual(["fired", "cooldown", "cooldown", "repeated", "cooldown", "repeated"]);
  });

  it("keeps the cooldown across a recovery", () => {
    const story = [
      [0, true],
      [5, false],
      [6, false],
      [10, true],
      [59, true],
      [60, true],
    ] as const;
    expect(play(THRESHOLD, story)).toEqual(["fired", "resolved", "not-met", "cooldown", "cooldown", "fired"]);
  });

  it("fires afresh once the cooldown is over", () => {
    expect(
      play(THRESHOLD, [
        [0, true],
        [1, false],
        [60, true],
      ]),
    ).toEqual(["fired", "resolved", "fired"]);
  });
});

describe("an alert that is told once", () => {
  it("tells once per firing, however long it lasts", () => {
    const story = [
      [0, true],
      [1, true],
      [100_000, true],
    ] as const;
    expect(play(OFFLINE, story)).toEqual(["fired", "already-told", "already-told"]);
  });

  it("tells each new firing at once", () => {
    expect(
      play(OFFLINE, [
        [0, true],
        [1, false],
        [1, true],
      ]),
    ).toEqual(["fired", "resolved", "fired"]);
  });

  it("still tells when the cooldown that held back its start is over", () => {
    const policy = { cooldownMs: HOUR, repeatEveryMs: null };
    const story = [
      [0, true],
      [1, false],
      [2, true],
      [60, true],
      [61, true],
    ] as const;
    expect(play(policy, story)).toEqual(["fired", "resolved", "cooldown", "fired", "already-told"]);
  });
});

describe("stepAlert", () => {
  it("remembers since when it fires and when it was told", () => {
    const first = stepAlert(THRESHOLD, NEW_ALERT, { met: true, now: T });
    expect(first.state).toEqual({ phase: "firing", since: T, toldAt: T });
    const later = stepAlert(THRESHOLD, first.state, { met: true, now: T + HOUR });
    expect(later.state).toEqual({ phase: "firing", since: T, toldAt: T + HOUR });
    expect(stepAlert(THRESHOLD, later.state, { met: false, now: T + HOUR }).state).toEqual({
      phase: "idle",
      toldAt: T + HOUR,
    });
  });

  it("returns the same state object when nothing changed, so that nothing is stored", () => {
    const { state } = stepAlert(THRESHOLD, NEW_ALERT, { met: true, now: T });
    expect(stepAlert(THRESHOLD, state, { met: true, now: T + 1 }).state).toBe(state);
    expect(stepAlert(THRESHOLD, NEW_ALERT, { met: false, now: T }).state).toBe(NEW_ALERT);
  });

  it("is not silenced by a telling that lies in the future", () => {
    const state: AlertState = { phase: "idle", toldAt: T + 1_000 * HOUR };
    expect(stepAlert(THRESHOLD, state, { met: true, now: T }).reason).toBe("fired");
  });

  it("never tells twice within the cooldown, whatever happens", () => {
    const steps = fc.array(fc.tuple(fc.nat(HOUR), fc.boolean()), { maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.constantFrom(null, 1, HOUR, 2 * HOUR), (story, repeatEveryMs) => {
        let state: AlertState = NEW_ALERT;
        let now = T;
        let toldAt = Number.NEGATIVE_INFINITY;
        for (const [passedMs, met] of story) {
          now += passedMs;
          const decision = stepAlert({ cooldownMs: HOUR, repeatEveryMs }, state, { met, now });
          state = decision.state;
          if (!decision.tell) continue;
          expect(met).toBe(true);
          expect(now - toldAt).toBeGreaterThanOrEqual(HOUR);
          toldAt = now;
        }
      }),
    );
  });
});
