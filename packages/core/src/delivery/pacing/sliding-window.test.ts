import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSlidingWindow, PACING_MARGIN_MS } from "./sliding-window.ts";

/** Sends one after another, each as early as the window lets it. @returns start and end of each */
function run(spec: { limit: number; intervalMs: number }, latenciesMs: readonly number[]) {
  const window = createSlidingWindow(spec);
  let now = 0;
  return latenciesMs.map((latencyMs) => {
    now = Math.max(now, window.nextAt(now));
    const startedAt = now;
    window.start(now);
    now += latencyMs;
    window.finish(now);
    return { startedAt, endedAt: now };
  });
}

describe("sliding window", () => {
  it("lets the limit through at once, and the next a window after the first has ended", () => {
    const starts = run({ limit: 3, intervalMs: 1_000 }, [10, 10, 10, 10, 10]).map(({ startedAt }) => startedAt);
    expect(starts).toEqual([0, 10, 20, 1_010.5, 1_020.5]);
  });

  it("counts a request under way as in the window, however long it takes", () => {
    const window = createSlidingWindow({ limit: 1, intervalMs: 1_000 });
    window.start(0);
    expect(window.nextAt(50_000)).toBe(Number.POSITIVE_INFINITY);
    window.finish(60_000);
    expect(window.nextAt(60_000)).toBe(61_000 + PACING_MARGIN_MS);
  });

  it("adopts a lower limit at once and a higher one at once", () => {
    const window = createSlidingWindow({ limit: 3, intervalMs: 1_000 });
    for (const at of [0, 10, 20]) {
      window.start(at);
      window.finish(at);
    }
    window.setLimit(1);
    expect(window.nextAt(30)).toBe(1_020 + PACING_MARGIN_MS);
    window.setLimit(4);
    expect(window.nextAt(30)).toBe(30);
  });

  // D1
  it("has remaining what is neither under way nor still counted", () => {
    const window = createSlidingWindow({ limit: 3, intervalMs: 1_000 });
    expect(window.remaining(0)).toBe(3);
    window.start(0);
    expect(window.remaining(0)).toBe(2);
    window.finish(10);
    window.start(20);
    window.finish(20);
    expect(window.remaining(1_010)).toBe(1);
    expect(window.remaining(1_010 + PACING_MARGIN_MS)).toBe(2);
    window.setLimit(1);
    window.start(1_020);
    expect(window.remaining(1_020)).toBe(0);
  });

  it("is never exceeded at the remote, wherever between start and end each request arrives", () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 60 });
    const spec = fc.record({ limit: fc.integer({ min: 1, max: 7 }), intervalMs: fc.integer({ min: 1, max: 2_000 }) });
    const arrival = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(spec, latencies, arrival, (limits, latenciesMs, share) => {
        const arrivals = run(limits, latenciesMs).map(
          ({ startedAt, endedAt }, i) => startedAt + (endedAt - startedAt) * share[i]!,
        );
        for (const at of arrivals) {
          const inWindow = arrivals.filter((other) => other <= at && other > at - limits.intervalMs);
          expect(inWindow.length).toBeLessThanOrEqual(limits.limit);
        }
      }),
    );
  });

  it("wastes nothing: without latency every window is full but for the margin", () => {
    const starts = run({ limit: 5, intervalMs: 2_000 }, Array(200).fill(0)).map(({ startedAt }) => startedAt);
    expect(starts.at(-1)).toBe(39 * (2_000 + PACING_MARGIN_MS));
  });

  it("forgets what has left the window, however long it runs", () => {
    const window = createSlidingWindow({ limit: 5, intervalMs: 10 });
    for (let now = 0; now < 1_000_000; now += 10) {
      window.start(now);
      window.finish(now);
    }
    expect(window.nextAt(2_000_000)).toBe(2_000_000);
  });
});
