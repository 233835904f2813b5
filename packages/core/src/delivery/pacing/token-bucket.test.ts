import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokenBucket } from "./token-bucket.ts";

function starts(spec: { limit: number; intervalMs: number; burst: number }, count: number): number[] {
  const bucket = createTokenBucket(spec);
  let now = 0;
  return Array.from({ length: count }, () => {
    now = Math.max(now, bucket.nextAt(now));
    bucket.start(now);
    return now;
  });
}

describe("token bucket", () => {
  it("lets a burst through at once and the rest evenly", () => {
    expect(starts({ limit: 10, intervalMs: 1_000, burst: 3 }, 6)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it("refills while nothing is sent, up to the burst and no further", () => {
    const bucket = createTokenBucket({ limit: 10, intervalMs: 1_000, burst: 2 });
    bucket.start(0);
    bucket.start(0);
    expect(bucket.nextAt(60_000)).toBe(60_000);
    bucket.start(60_000);
    bucket.start(60_000);
    expect(bucket.nextAt(60_000)).toBeCloseTo(60_100);
  });

  // D1
  it("has remaining its whole tokens", () => {
    const bucket = createTokenBucket({ limit: 10, intervalMs: 1_000, burst: 2 });
    expect(bucket.remaining(0)).toBe(2);
    bucket.start(0);
    bucket.start(0);
    expect([50, 99, 100, 300, 60_000].map((at) => bucket.remaining(at))).toEqual([0, 0, 1, 2, 2]);
    // What another process sent may have been more than there was.
    for (let i = 0; i < 4; i++) bucket.count(60_000);
    expect(bucket.remaining(60_000)).toBe(0);
  });

  it("agrees with itself: something remains exactly when the next may start at once", () => {
    const spec = fc.record({
      limit: fc.integer({ min: 1, max: 50 }),
      intervalMs: fc.integer({ min: 1, max: 60_000 }),
      burst: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(spec, fc.array(fc.nat(2_000), { maxLength: 40 }), (limits, pausesMs) => {
        const bucket = createTokenBucket(limits);
        let now = 0;
        for (const pauseMs of pausesMs) {
          now = Math.max(now + pauseMs, bucket.nextAt(now));
          expect(bucket.remaining(now) > 0).toBe(bucket.nextAt(now) <= now);
          bucket.start(now);
          expect(bucket.remaining(now) > 0).toBe(bucket.nextAt(now) <= now);
        }
      }),
    );
  });

  it("lets nearly twice the limit through one window when burst equals limit: why Discord's own limits are not paced so", () => {
    const inFirstSecond = starts({ limit: 10, intervalMs: 1_000, burst: 10 }, 30).filter((at) => at < 1_000);
    expect(inFirstSecond).toHaveLength(19);
  });

  it("never lets more than burst plus refill through any span", () => {
    const spec = fc.record({
      limit: fc.integer({ min: 1, max: 20 }),
      intervalMs: fc.integer({ min: 10, max: 5_000 }),
      burst: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(spec, (limits) => {
        const at = starts(limits, 60);
        const perMs = limits.limit / limits.intervalMs;
        for (let from = 0; from < at.length; from++)
          for (let to = from; to < at.length; to++)
            expect(to - from + 1).toBeLessThanOrEqual(limits.burst + (at[to]! - at[from]!) * perMs + 1e-6);
      }),
    );
  });
});
