import { describe, expect, it } from "vitest";
import { parseSeries } from "./series.ts";

const CSV = `place,date,low,high
Seattle,2012-01-01,5.0,12.8
New York,2012-01-01,3.3,10.0
Seattle,2012-01-02,-1.1,10.6
`;

describe("parseSeries", () => {
  it("takes the rows and columns it is asked for, under the device's names", () => {
    const shape = { timeColumn: "date", metrics: { low: "lowest" }, where: { place: "Seattle" } };
    expect(parseSeries(CSV, shape)).toEqual([
      { label: "2012-01-01", at: Date.UTC(2012, 0, 1), values: { lowest: 5 } },
      { label: "2012-01-02", at: Date.UTC(2012, 0, 2), values: { lowest: -1.1 } },
    ]);
  });

  it("says hours as people do, and takes them for UTC", () => {
    const [point] = parseSeries("date,t\r\n2010-07-01T15:00:00,21.5\r\n", { timeColumn: "date", metrics: { t: "t" } });
    expect(point).toEqual({ label: "2010-07-01 15:00", at: Date.UTC(2010, 6, 1, 15), values: { t: 21.5 } });
  });

  it("names a column that is missing", () => {
    expect(() => parseSeries(CSV, { timeColumn: "date", metrics: { mean: "mean" } })).toThrow(
      'There is no column "mean", only place, date, low, high.',
    );
  });
});
