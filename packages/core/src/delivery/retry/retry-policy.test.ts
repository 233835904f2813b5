import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors/config-error.ts";
import { backoffMs, DEFAULT_RETRY_POLICY, defineRetryPolicy } from "./retry-policy.ts";

describe("backoffMs", () => {
  it.each([
    { attempt: 1, waitMs: 1_000 },
    { attempt: 2, waitMs: 2_000 },
    { attempt: 5, waitMs: 16_000 },
    { attempt: 5_000, waitMs: 300_000 },
  ])("waits $waitMs ms after attempt $attempt, before jitter", ({ attempt, waitMs }) => {
    expect(backoffMs(defineRetryPolicy(), attempt, 0)).toBe(waitMs);
  });

  it("adds at most the stated share of jitter", () => {
    expect(backoffMs(defineRetryPolicy(), 1, 0.999_999)).toBe(1_200);
  });

  it.each([{ firstDelayMs: 10 }, { factor: 3 }, { maxDelayMs: 1_500 }, { jitter: 0 }])(
    "no setting is dead: %j changes the wait",
    (setting) => {
      expect(backoffMs(defineRetryPolicy(setting), 2, 0.5)).not.toBe(backoffMs(defineRetryPolicy(), 2, 0.5));
    },
  );
});

describe("defineRetryPolicy", () => {
  it("names every bad field in one error", () => {
    expect(() => defineRetryPolicy({ maxAttempts: 0, jitter: 2, factor: Number.NaN })).toThrow(ConfigError);
    expect(() => defineRetryPolicy({ maxAttempts: 0, jitter: 2, factor: Number.NaN })).toThrow(
      /maxAttempts .* got 0; factor .* got NaN; jitter .* got 2/,
    );
  });

  it("lifts the ceiling to a first delay above it, unless the ceiling was set as well", () => {
    expect(defineRetryPolicy({ firstDelayMs: 600_000 }).maxDelayMs).toBe(600_000);
    expect(() => defineRetryPolicy({ firstDelayMs: 600_000, maxDelayMs: 1_000 })).toThrow(/maxDelayMs/);
  });

  it("returns a frozen policy, the documented one by default", () => {
    expect(defineRetryPolicy()).toEqual(DEFAULT_RETRY_POLICY);
    expect(Object.isFrozen(defineRetryPolicy())).toBe(true);
  });
});
