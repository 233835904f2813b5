/**
 * A bucket of `burst` tokens that refills evenly at `limit` per `intervalMs`.
 *
 * Allows a burst at once and a steady rate after it. Note that with `burst` equal to `limit` nearly twice the limit passes
 * through one window (a full bucket, plus what refills meanwhile); Discord's own limits are
 * therefore never paced this way, only the operator's.
 */
import type { Limiter } from "./limiter.ts";

/** A hair under one token counts as one: refills are sums of fractions. */
const WHOLE_TOKEN = 1 - 1e-9;

export interface TokenBucketSpec {
  /** Tokens added per interval. */
  readonly limit: number;
  readonly intervalMs: number;
  /** Size of the bucket. */
  readonly burst: number;
}

export function createTokenBucket({ limit, intervalMs, burst }: TokenBucketSpec): Limiter {
  const msPerToken = intervalMs / limit;
  let tokens = burst;
  let countedAt: number | null = null;

  function refill(now: number): void {
    if (countedAt !== null) tokens = Math.min(burst, tokens + Math.max(0, now - countedAt) / msPerToken);
    countedAt = Math.max(now, countedAt ?? now);
  }

  return {
    nextAt(now) {
      refill(now);
      return tokens >= WHOLE_TOKEN ? now : now + (1 - tokens) * msPerToken;
    },
    remaining(now) {
      refill(now);
      return Math.max(0, Math.floor(tokens + 1 - WHOLE_TOKEN));
    },
    start(now) {
      refill(now);
      tokens -= 1;
    },
    finish() {},
    count(endedAt) {
      refill(endedAt);
      tokens -= 1;
    },
  };
}
