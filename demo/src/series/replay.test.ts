import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReplay } from "./replay.ts";
import type { Point } from "./series.ts";

const DAY_MS = 86_400_000;
const point = (day: number): Point => ({ label: `day ${day}`, at: day * DAY_MS, values: { value: day } });
const WEEK = Array.from({ length: 7 }, (_, day) => point(day));
const labels = (points: readonly Point[]): string[] => points.map(({ label }) => label);

describe("a replay", () => {
  it("hands out what has been measured by now, once", () => {
    const replay = createReplay(WEEK, 2 * DAY_MS);
    expect(labels(replay.advance(0))).toEqual(["day 2"]);
    expect(labels(replay.advance(DAY_MS - 1))).toEqual([]);
    expect(labels(replay.advance(1))).toEqual(["day 3"]);
    expect(labels(replay.advance(2 * DAY_MS))).toEqual(["day 4", "day 5"]);
  });

  it("begins again a step after the last point", () => {
    const replay = createReplay(WEEK, 5 * DAY_MS);
    expect(labels(replay.advance(3 * DAY_MS))).toEqual(["day 5", "day 6", "day 0", "day 1"]);
    expect(labels(replay.advance(7 * DAY_MS))).toEqual(["day 2", "day 3", "day 4", "day 5", "day 6", "day 0", "day 1"]);
  });

  it("hands out the same in many steps as in one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 * 24 }), { maxLength: 20 }), (hours) => {
        const inSteps = createReplay(WEEK, 0);
        const stepped = hours.flatMap((hour) => [...inSteps.advance((hour * DAY_MS) / 24)]);
        const total = hours.reduce((sum, hour) => sum + hour, 0);
        const atOnce = hours.length === 0 ? [] : createReplay(WEEK, 0).advance((total * DAY_MS) / 24);
        expect(labels(stepped)).toEqual(labels(atOnce));
      }),
    );
  });

  it("refuses a series that cannot be played", () => {
    expect(() => createReplay([point(1)], 0)).toThrow("A series needs two points.");
    expect(() => createReplay(WEEK, 7 * DAY_MS)).toThrow("The series ends before 1970-01-08T00:00:00.000Z.");
  });
});
