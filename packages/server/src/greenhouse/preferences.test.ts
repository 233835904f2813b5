import { describe, expect, it } from "vitest";
import { compilePreferences, NO_PREFERENCES, type PlantPreferences, quietHoursProblems } from "./preferences.ts";

/** A Thursday, noon in UTC. */
const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;

function held(
  preferences: Partial<PlantPreferences>,
  wanted: Partial<Parameters<ReturnType<typeof compilePreferences>["heldBy"]>[0]> = {},
) {
  const rules = compilePreferences({ ...NO_PREFERENCES, ...preferences });
  return rules.heldBy({ metric: "soil_moisture", severity: "warning", now: NOON, ...wanted });
}

const MUTED = { muted: true, cooldownMs: null, readingsBeforeAlert: 1, severity: null };

// A12
describe("preferences of a plant", () => {
  it("hold nothing back when there are none", () => {
    expect(held({})).toBeNull();
  });

  it("mute a metric, and no other", () => {
    const metrics = new Map([["soil_moisture", MUTED]]);
    expect(held({ metrics })).toBe("muted");
    expect([held({ metrics }, { metric: "lux" }), held({ metrics }, { metric: null })]).toEqual([null, null]);
  });

  it("want some severities only", () => {
    const severities = ["error", "critical"] as const;
    expect(held({ severities })).toBe("severity-unwanted");
    expect(held({ severities }, { severity: "error" })).toBeNull();
  });

  it("pause it until an instant, or until that is lifted", () => {
    const pause = { since: 0, untilAt: NOON, by: null, comment: null };
    expect(held({ pause }, { now: NOON - 1 })).toBe("plant-paused");
    expect(held({ pause }, { now: NOON })).toBeNull();
    expect(held({ pause: { ...pause, untilAt: null } }, { now: NOON + HOUR, severity: "critical" })).toBe(
      "plant-paused",
    );
  });

  it("hold nothing back for quiet hours: what falls into them waits at the notifier", () => {
    expect(held({ quietHours: ["00:00-23:59"] })).toBeNull();
  });

  it("say what is wrong with quiet hours", () => {
    expect(quietHoursProblems(["22:00-07:00"])).toEqual([]);
    expect(quietHoursProblems(["at night"])).toEqual([expect.stringMatching(/write days, times or both/)]);
    expect(quietHoursProblems(["00:00-12:00", "12:00-24:00"])).toEqual([expect.stringMatching(/never end/)]);
  });
});
