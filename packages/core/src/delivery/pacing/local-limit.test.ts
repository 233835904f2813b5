import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors/config-error.ts";
import { createLocalLimiter, defineLocalLimit } from "./local-limit.ts";

describe("defineLocalLimit", () => {
  it("is 30 per minute in a sliding window by default", () => {
    expect(defineLocalLimit()).toEqual({ algorithm: "sliding-window", limit: 30, intervalMs: 60_000, burst: 30 });
  });

  it("names every bad field in one error", () => {
    const bad = { algorithm: "leaky" as never, limit: 0, intervalMs: -1, burst: 0 };
    expect(() => defineLocalLimit(bad)).toThrow(ConfigError);
    expect(() => defineLocalLimit(bad)).toThrow(/algorithm .*limit .*intervalMs .*burst/);
    expect(() => defineLocalLimit({ limit: 2.5 })).toThrow(/whole number for a sliding window/);
  });

  // D3
  it.each([
    { setting: { algorithm: "token-bucket" } as const, startsAt: [0, 0, 500] },
    { setting: { limit: 1 }, startsAt: [0, 1_000.5, 2_001] },
    { setting: { intervalMs: 2_000 }, startsAt: [0, 0, 2_000.5] },
    { setting: { algorithm: "token-bucket", burst: 1 } as const, startsAt: [0, 500, 1_000] },
  ])("no setting is dead: $setting changes when three requests start", ({ setting, startsAt }) => {
    const limiter = createLocalLimiter(defineLocalLimit({ limit: 2, intervalMs: 1_000, ...setting }));
    let now = 0;
    const starts = [1, 2, 3].map(() => {
      now = Math.max(now, limiter.nextAt(now));
      limiter.start(now);
      limiter.finish(now);
      return now;
    });
    expect(starts).toEqual(startsAt);
  });

  it("lets everything through when unlimited", () => {
    const limiter = createLocalLimiter(defineLocalLimit({ limit: Number.POSITIVE_INFINITY }));
    for (let i = 0; i < 1_000; i++) limiter.start(0);
    expect(limiter.nextAt(0)).toBe(0);
    expect(limiter.remaining(0)).toBe(Number.POSITIVE_INFINITY);
  });
});
