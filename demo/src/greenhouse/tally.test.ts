import { describe, expect, it } from "vitest";
import type { CastMember } from "./cast.ts";
import { createTally } from "./tally.ts";

const FIG: CastMember = {
  deviceId: "garden",
  plantName: "Fig tree",
  species: "Ficus carica",
  thresholds: { low: { min: 0, max: 30 } },
  station: "seattle",
  from: "2012-01-01",
};
const point = (low: number, label = "2012-01-11") => ({ label, at: 0, values: { low, wind: 99 } });

describe("the tally", () => {
  it("counts values, not reports", () => {
    const tally = createTally();
    tally.sent(FIG, point(5), 1_000);
    tally.sent(FIG, point(6), 1_000);
    tally.acknowledged(point(5));
    tally.passed(86_400_000);
    tally.passed(43_200_000);
    expect(tally.readings).toEqual({ sent: 4, acknowledged: 2 });
    expect(tally.measuredMs).toBe(129_600_000);
  });

  it.each([-0.1, 30.1])("remembers %d, which is beyond a limit", (value) => {
    const tally = createTally();
    tally.sent(FIG, point(value), 1_000);
    const found = { deviceId: "garden", metric: "low", value, label: "2012-01-11", sentAt: 1_000 };
    expect(tally.find("Fig tree", "low", value)).toEqual(found);
    expect(tally.firstBeyondAt).toBe(1_000);
  });

  it.each([0, 30])("takes %d, which is at a limit, for within it", (value) => {
    const tally = createTally();
    tally.sent(FIG, point(value), 1_000);
    expect(tally.find("Fig tree", "low", value)).toBeNull();
    expect(tally.firstBeyondAt).toBeNull();
  });

  it("finds the newest of equal readings, and knows when the first was", () => {
    const tally = createTally();
    tally.sent(FIG, point(-1, "2012-01-11"), 1_000);
    tally.sent(FIG, point(-1, "2012-02-26"), 2_000);
    expect(tally.find("Fig tree", "low", -1)?.label).toBe("2012-02-26");
    expect(tally.firstBeyondAt).toBe(1_000);
  });
});
