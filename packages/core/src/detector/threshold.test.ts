import { describe, expect, it } from "vitest";
import { checkThreshold } from "./threshold.ts";

const SOIL = { min: 20, max: 80 };

describe("checkThreshold", () => {
  it.each([
    { value: 15.2, min: "below-min", max: "within" },
    { value: 20, min: "within", max: "within" },
    { value: 50, min: "within", max: "within" },
    { value: 80, min: "within", max: "within" },
    { value: 80.1, min: "within", max: "above-max" },
  ])("finds $value to be $min and $max of 20 to 80", ({ value, min, max }) => {
    expect(checkThreshold(SOIL, value)).toEqual([
      { direction: "min", limit: 20, met: min !== "within", reason: min },
      { direction: "max", limit: 80, met: max !== "within", reason: max },
    ]);
  });

  it("says nothing of a limit that is not set", () => {
    expect(checkThreshold({ min: null, max: 80 }, -5).map(({ direction }) => direction)).toEqual(["max"]);
    expect(checkThreshold({ min: 0, max: null }, 5).map(({ direction }) => direction)).toEqual(["min"]);
    expect(checkThreshold({ min: null, max: null }, 5)).toEqual([]);
  });
});
