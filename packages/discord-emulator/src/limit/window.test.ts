import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createUseWindow } from "./window.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("a sliding window of 2 in 1,000 ms", () => {
  it("frees each slot one interval after its use", () => {
    const window = createUseWindow({ limit: 2, intervalMs: 1_000, kind: "sliding" });
    window.use(NOW);
    window.use(NOW + 400);
    expect(window.remaining(NOW + 400)).toBe(0);
    expect(window.waitMs(NOW + 400)).toBe(600);
    expect(window.resetAfterMs(NOW + 400)).toBe(1_000);
    expect(window.remaining(NOW + 1_000)).toBe(1);
    expect(window.waitMs(NOW + 1_000)).toBe(0);
    expect(window.remaining(NOW + 1_400)).toBe(2);
    expect(window.resetAfterMs(NOW + 1_400)).toBe(0);
  });

  it("never lets more than its limit into any stretch of its interval", () => {
    const rule = fc.record({ limit: fc.integer({ min: 1, max: 8 }), intervalMs: fc.integer({ min: 1, max: 500 }) });
    const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 200 });
    fc.assert(
      fc.property(rule, gaps, ({ limit, intervalMs }, waits) => {
        const window = createUseWindow({ limit, intervalMs, kind: "sliding" });
        const uses: number[] = [];
        let now = NOW;
        for (const wait of waits) {
          now += wait;
          expect(window.remaining(now) > 0).toBe(window.waitMs(now) === 0);
          if (window.waitMs(now) > 0) continue;
          window.use(now);
          uses.push(now);
        }
        for (const [at, use] of uses.entries()) {
          const limitLater = uses[at + limit];
          if (limitLater !== undefined) expect(limitLater - use).toBeGreaterThanOrEqual(intervalMs);
        }
      }),
    );
  });
});

describe("a fixed window of 2 in 1,000 ms", () => {
  it("gives all slots back at once, one interval after the first use", () => {
    const window = createUseWindow({ limit: 2, intervalMs: 1_000, kind: "fixed" });
    window.use(NOW);
    window.use(NOW + 900);
    expect(window.waitMs(NOW + 900)).toBe(100);
    expect(window.remaining(NOW + 999)).toBe(0);
    expect(window.remaining(NOW + 1_000)).toBe(2);
    expect(window.resetAfterMs(NOW + 1_000)).toBe(0);
  });
});
