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

  // C6
  it.each([
    { attempt: 1, waitMs: 2_000 },
    { attempt: 2, waitMs: 3_000 },
    { attempt: 3, waitMs: 5_000 },
    { attempt: 4, waitMs: 5_000 },
    { attempt: 5_000, waitMs: 5_000 },
  ])("waits as listed, $waitMs ms after attempt $attempt, and repeats the last", ({ attempt, waitMs }) => {
    const policy = defineRetryPolicy({ delaysMs: [2_000, 3_000, 5_000], jitter: 0.5 });
    expect(backoffMs(policy, attempt, 0)).toBe(waitMs);
    expect(backoffMs(policy, attempt, 0.5)).toBe(waitMs * 1.25);
  });

  it("tries as often as waits are listed, unless attempts are named as well", () => {
    expect(defineRetryPolicy({ delaysMs: [2_000, 3_000, 5_000] }).maxAttempts).toBe(4);
    expect(defineRetryPolicy({ delaysMs: [2_000, 3_000, 5_000], maxAttempts: 9 }).maxAttempts).toBe(9);
  });

  it.each([{ firstDelayMs: 10 }, { factor: 3 }, { maxDelayMs: 1_500 }, { jitter: 0 }, { delaysMs: [7_000] }])(
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

  it("refuses waits that are none, and settings that a list of waits would make dead", () => {
    expect(() => defineRetryPolicy({ delaysMs: [2_000, 0, Number.NaN] })).toThrow(
      /delaysMs must list waits of more than 0, got 0, NaN/,
    );
    expect(() => defineRetryPolicy({ delaysMs: [2_000], factor: 3, maxDelayMs: 9_000 })).toThrow(
      /delaysMs goes in place of factor, maxDelayMs: leave out one or the other/,
    );
    expect(() => defineRetryPolicy({ delaysMs: 2_000 as never })).toThrow(/delaysMs must be a list of waits, got 2000/);
    expect(defineRetryPolicy({ delaysMs: [], factor: 3 })).toMatchObject({ factor: 3, maxAttempts: 3 });
  });

  it("keeps a list of its own", () => {
    const delaysMs = [2_000];
    const policy = defineRetryPolicy({ delaysMs });
    delaysMs.push(1);
    expect(policy.delaysMs).toEqual([2_000]);
    expect(Object.isFrozen(policy.delaysMs)).toBe(true);
  });

  it("returns a frozen policy, the documented one by default", () => {
    expect(defineRetryPolicy()).toEqual(DEFAULT_RETRY_POLICY);
    expect(Object.isFrozen(defineRetryPolicy())).toBe(true);
  });
});
