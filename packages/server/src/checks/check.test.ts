import { describe, expect, it } from "vitest";
import { afterPing, type Check, dueAt, failureWords, missedWords, newCheck, phaseOf } from "./check.ts";

const HOUR = 3_600_000;
const settings = { name: "Backup", periodMs: 24 * HOUR, graceMs: HOUR, remindAfterMs: [], severity: "error" } as const;
const fresh: Check = newCheck(settings, "5f0c", 0);
const success = { kind: "success" } as const;

describe("a check", () => {
  it("expects nothing before its first ping", () => {
    expect([dueAt(fresh, 0), phaseOf(fresh, 1_000 * HOUR)]).toEqual([null, "new"]);
  });

  it("is up for its period, late for its grace, and missed after that", () => {
    const check = afterPing(fresh, success, 10 * HOUR);
    expect(dueAt(check, 0)).toBe(35 * HOUR);
    expect([33.9, 34, 34.9].map((hour) => phaseOf(check, hour * HOUR))).toEqual(["up", "late", "late"]);
    const missed = { ...check, isMissed: true };
    expect([dueAt(missed, 0), phaseOf(missed, 36 * HOUR)]).toEqual([null, "down"]);
    expect(missedWords(check, 35 * HOUR)).toBe(
      "No ping for 1 day 1 hour; one is expected every 1 day, and may be 1 hour late.",
    );
  });

  it("that has begun is missed when it has not ended within its grace", () => {
    const check = afterPing(afterPing(fresh, success, 0), { kind: "start" }, 24 * HOUR);
    expect([dueAt(check, 0), phaseOf(check, 24.5 * HOUR)]).toEqual([25 * HOUR, "running"]);
    expect(missedWords(check, 25 * HOUR)).toBe("It began 1 hour ago and has not ended; it may take 1 hour.");
    const ended = afterPing(check, success, 24.25 * HOUR);
    expect([ended.lastDurationMs, dueAt(ended, 0)]).toEqual([HOUR / 4, 49.25 * HOUR]);
  });

  it("that fails says how, and is expected again all the same", () => {
    const check = afterPing(fresh, { kind: "failure", exitStatus: 3 }, 0);
    expect([check.exitStatus, phaseOf(check, 1), dueAt(check, 0)]).toEqual([3, "down", 25 * HOUR]);
    expect([failureWords(3, " disk full\n"), failureWords(null, "")]).toEqual([
      "It ended with exit status 3.\ndisk full",
      "It reports a failure.",
    ]);
    expect(afterPing(check, success, 1).exitStatus).toBeNull();
  });

  it("that was due while nobody listened gets its grace once more", () => {
    const check = afterPing(fresh, success, 0);
    expect(dueAt(check, 30 * HOUR)).toBe(31 * HOUR);
    expect(dueAt(check, 24.5 * HOUR)).toBe(25.5 * HOUR);
    expect(dueAt(check, 20 * HOUR)).toBe(25 * HOUR);
  });

  it("that was missed and begins again is expected to end", () => {
    const missed = { ...afterPing(fresh, success, 0), isMissed: true };
    expect(dueAt(afterPing(missed, { kind: "start" }, 30 * HOUR), 0)).toBe(31 * HOUR);
  });
});
