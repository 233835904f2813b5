/**
 * What the remote's headers say of one bucket: how many requests are left, and when the count starts anew.
 *
 * Used beside a sliding window of start values, never instead of it: headers may be missing, late or nonsense
 * (limits of 50,000 have been seen), and where both speak the stricter one holds.
 */
import type { LimitReport } from "../channel.ts";
import type { Limiter } from "./limiter.ts";

/** Above this a told limit is not believed: Discord has answered with 999 and with 50,000. */
export const BELIEVABLE_LIMIT = 100;

export interface LearnedBucket extends Limiter {
  /** Takes in the headers of an answer that has just arrived, after `finish` of its request. */
  learn(report: LimitReport, now: number): void;
  /** Drops what the headers said; requests under way stay counted. */
  forget(): void;
  snapshot(now: number): BucketSnapshot;
}

/** What the headers last said; each `null` where they did not, or where it no longer holds. */
export interface BucketSnapshot {
  /** The remote's own name for the bucket. */
  readonly id: string | null;
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: number | null;
  /** When they last said something. */
  readonly updatedAt: number | null;
}

export function createLearnedBucket(): LearnedBucket {
  let id: string | null = null;
  let updatedAt: number | null = null;
  let limit: number | null = null;
  let remaining: number | null = null;
  let resetAt = 0;
  let underWay = 0;

  function expire(now: number): void {
    // After the reset nothing is known of the new count; the sliding window beside this one paces meanwhile.
    if (remaining !== null && now >= resetAt) remaining = null;
  }

  return {
    nextAt(now) {
      expire(now);
      return remaining === null || remaining > 0 ? now : resetAt;
    },
    remaining(now) {
      expire(now);
      return remaining ?? Number.POSITIVE_INFINITY;
    },
    start() {
      underWay++;
      if (remaining !== null) remaining--;
    },
    finish() {
      underWay--;
    },
    // What another process did is in the next answer's headers.
    count() {},
    learn(report, now) {
      if (report.bucket !== null) id = report.bucket;
      if (report.limit !== null) limit = report.limit;
      if (report.limit !== null || report.remaining !== null) updatedAt = now;
      if (report.remaining === null || report.resetAfterMs === null) return;
      // Requests still under way are not in the remote's count yet.
      remaining = Math.max(0, report.remaining - underWay);
      resetAt = now + report.resetAfterMs;
    },
    forget() {
      id = null;
      updatedAt = null;
      limit = null;
      remaining = null;
    },
    snapshot(now) {
      expire(now);
      return { id, limit, remaining, resetAt: remaining === null ? null : resetAt, updatedAt };
    },
  };
}
