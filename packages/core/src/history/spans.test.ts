import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverRange, SPANS_MS } from "./spans.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("coverRange", () => {
  it("takes days in the middle and shorter spans towards the ends", () => {
    // From 22:58 on the first day to 02:11 on the fourth.
    expect(coverRange({ from: 22 * HOUR + 58 * MINUTE, to: 3 * DAY + 2 * HOUR + 11 * MINUTE })).toEqual([
      { spanMs: MINUTE, from: 22 * HOUR + 58 * MINUTE, to: 23 * HOUR },
      { spanMs: HOUR, from: 23 * HOUR, to: DAY },
      { spanMs: DAY, from: DAY, to: 3 * DAY },
      { spanMs: HOUR, from: 3 * DAY, to: 3 * DAY + 2 * HOUR },
      { spanMs: 10 * MINUTE, from: 3 * DAY + 2 * HOUR, to: 3 * DAY + 2 * HOUR + 10 * MINUTE },
      { spanMs: MINUTE, from: 3 * DAY + 2 * HOUR + 10 * MINUTE, to: 3 * DAY + 2 * HOUR + 11 * MINUTE },
    ]);
  });

  it("uses nothing longer than it may", () => {
    expect(coverRange({ from: 0, to: DAY }, HOUR)).toEqual([{ spanMs: HOUR, from: 0, to: DAY }]);
    expect(coverRange({ from: 0, to: 0 })).toEqual([]);
  });

  it("covers every minute once, and with few spans", () => {
    const minute = fc.integer({ min: 0, max: 30 * 24 * 60 });
    fc.assert(
      fc.property(minute, minute, fc.constantFrom(...SPANS_MS), (a, b, longest) => {
        const [from, to] = [Math.min(a, b) * MINUTE, Math.max(a, b) * MINUTE];
        const ranges = coverRange({ from, to }, longest);
        let at = from;
        for (const range of ranges) {
          expect(range.from).toBe(at);
          expect(range.from % range.spanMs).toBe(0);
          expect(range.to % range.spanMs).toBe(0);
          expect(range.to).toBeGreaterThan(range.from);
          at = range.to;
        }
        expect(at).toBe(Math.max(from, to));
        const spans = ranges.reduce((sum, range) => sum + (range.to - range.from) / range.spanMs, 0);
        // 9 minutes, 5 tens and 23 hours at each end at most.
        if (longest === DAY) expect(spans).toBeLessThanOrEqual(2 * (9 + 5 + 23) + 30);
      }),
    );
  });
});
