import { describe, expect, it } from "vitest";
import { checkAbsence } from "./absence.ts";

const AFTER_MS = 180_000;
const START = Date.UTC(2025, 0, 1);

describe("checkAbsence", () => {
  it.each([
    { silentMs: 0, met: false },
    { silentMs: 179_999, met: false },
    { silentMs: 180_000, met: true },
    { silentMs: 240_000, met: true },
  ])("after $silentMs ms of silence the condition is met: $met", ({ silentMs, met }) => {
    const watched = { lastSignAt: START, knownSince: START - 1_000_000, listeningSince: START - 500_000 };
    expect(checkAbsence(watched, AFTER_MS, START + silentMs)).toEqual({
      met,
      reason: met ? "silent" : "heard",
      silentMs,
    });
  });

  it("counts from the registration where there never was a sign", () => {
    const watched = { lastSignAt: null, knownSince: START, listeningSince: START - 1 };
    expect(checkAbsence(watched, AFTER_MS, START + 179_999).reason).toBe("heard");
    expect(checkAbsence(watched, AFTER_MS, START + 180_000).reason).toBe("never-heard");
  });

  it("does not hold a silence against anyone while nobody listened", () => {
    const watched = { lastSignAt: START, knownSince: START, listeningSince: START + 600_000 };
    expect(checkAbsence(watched, AFTER_MS, START + 600_001)).toEqual({ met: false, reason: "heard", silentMs: 1 });
    expect(checkAbsence(watched, AFTER_MS, START + 780_000).met).toBe(true);
  });

  it("finds no silence in a sign from the future", () => {
    const watched = { lastSignAt: START + 5_000, knownSince: START, listeningSince: START };
    expect(checkAbsence(watched, AFTER_MS, START)).toEqual({ met: false, reason: "heard", silentMs: 0 });
  });
});
