import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDuration, durationsOf, emptyHistogram, type Histogram, mergeHistogram, percentile } from "./histogram.ts";

/** Half a bucket, as the header promises. */
const PRECISION = 0.045;

function histogramOf(values: readonly number[]): Histogram {
  const histogram = emptyHistogram();
  for (const value of values) addDuration(histogram, value);
  return histogram;
}

const durations = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1 });

describe("histogram", () => {
  it("tells every percentile within its precision", () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 1), (values, share) => {
        const exact = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!;
        const told = percentile(histogramOf(values), share);
        expect(Math.abs(told / exact - 1)).toBeLessThanOrEqual(PRECISION);
        expect(told).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  it("adds up to the histogram of both", () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const both = histogramOf(a);
        mergeHistogram(both, histogramOf(b));
        const { sumMs, ...rest } = histogramOf([...a, ...b]);
        expect(both).toMatchObject(rest);
        expect(both.sumMs / sumMs).toBeCloseTo(1, 9);
      }),
    );
  });

  it("outlives JSON", () => {
    const histogram = histogramOf([0, 0.2, 5, 80, 80, 12_345]);
    expect(JSON.parse(JSON.stringify(histogram))).toEqual(histogram);
    expect(percentile(JSON.parse(JSON.stringify(histogram)), 0.5)).toBe(percentile(histogram, 0.5));
  });

  it("tells count, mean and largest exactly", () => {
    expect(durationsOf(histogramOf([10, 20, 30, 140]))).toMatchObject({ count: 4, meanMs: 50, maxMs: 140 });
    expect(durationsOf(emptyHistogram())).toBe(null);
  });

  it("counts what took no time, and less than none, as less than a millisecond", () => {
    const histogram = histogramOf([-5, 0, 0.9]);
    expect(histogram.buckets).toEqual({ 0: 3 });
    expect(durationsOf(histogram)).toMatchObject({ p50Ms: 0.5, maxMs: 0.9 });
  });
});
