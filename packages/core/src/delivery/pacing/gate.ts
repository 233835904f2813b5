/**
 * One shared limit with everything known about it: the window of start values, the headers' word, and a pause that the remote
 * has ordered. Lanes that name the same key share one gate.
 *
 * Headers are obeyed when they tell more than our window knows: that others use the limit too, or that it is counted over
 * a longer time. Where they only repeat it, they would cost: a remote whose window slides names the instant at which all
 * slots are free again, while the first is free earlier. (Measured with 5 per 2 s beside 50 per 1 s of the address: half as slow again.)
 */
import type { LimitReport, LimitSpec } from "../channel.ts";
import { BELIEVABLE_LIMIT, type BucketSnapshot, createLearnedBucket } from "./learned-bucket.ts";
import type { Limiter } from "./limiter.ts";
import { createSlidingWindow, type SlidingWindow } from "./sliding-window.ts";

/** First extra wait when a remote refuses again although its own wait was kept; doubles each time. */
const STRIKE_EXTRA_MS = 1_000;
const MAX_STRIKE_EXTRA_MS = 60_000;
/** Wait after a refusal that names none. */
export const UNTOLD_WAIT_MS = 5_000;

export interface Gate extends Limiter {
  readonly key: string;
  /** Until when the remote told us to wait; 0 when it did not. */
  readonly blockedUntil: number;
  /**
   * The remote refused for lack of allowance. The first time its wait is kept exactly; when it refuses again right after,
   * its word is not enough (some servers lengthen the block for each request during it), so an extra wait is added that doubles.
   *
   * @returns until when this gate is now shut.
   */
  refuse(retryAfterMs: number | null, now: number): number;
  /** The remote accepted a request: its word is good again. */
  accept(): void;
  learn(report: LimitReport, now: number): void;
  status(now: number): GateStatus;
  /** Counts what `other` has counted: it turned out to be the same limit. */
  adopt(other: Gate, now: number): void;
  /** Ends of the requests that count now. */
  ended(now: number): readonly number[];
  /** Takes up a pause that was known before a restart. */
  restore(blockedUntil: number): void;
  /** Forgets what the remote said: pauses, strikes, headers. */
  reset(): void;
}

export interface GateStatus extends BucketSnapshot {
  readonly key: string;
  /** How many requests may start right now, by all that is known. */
  readonly available: number;
  /** Until when the remote told us to wait; `null` when it does not. */
  readonly blockedUntil: number | null;
  /** Earliest instant at which one more may start; `null` when only the end of one under way can tell. */
  readonly nextAt: number | null;
}

export function createGate(key: string, spec: LimitSpec): Gate {
  const window: SlidingWindow = createSlidingWindow(spec);
  const headers = createLearnedBucket();
  let blockedUntil = 0;
  let strikes = 0;
  /** The remote has named a time longer than our window. */
  let countsLonger = false;
  /** The headers tell of something that our window does not count. */
  let knowsMore = false;

  function remaining(now: number): number {
    if (blockedUntil > now) return 0;
    return knowsMore ? Math.min(window.remaining(now), headers.remaining(now)) : window.remaining(now);
  }

  function nextAt(now: number): number {
    return Math.max(blockedUntil, window.nextAt(now), knowsMore ? headers.nextAt(now) : 0);
  }

  return {
    key,
    get blockedUntil() {
      return blockedUntil;
    },
    nextAt,
    remaining,
    start(now) {
      window.start(now);
      headers.start(now);
    },
    finish(now) {
      window.finish(now);
      headers.finish(now);
    },
    count: (endedAt) => window.count(endedAt),
    refuse(retryAfterMs, now) {
      const extraMs = strikes === 0 ? 0 : Math.min(STRIKE_EXTRA_MS * 2 ** (strikes - 1), MAX_STRIKE_EXTRA_MS);
      strikes++;
      blockedUntil = Math.max(blockedUntil, now + (retryAfterMs ?? UNTOLD_WAIT_MS) + extraMs);
      return blockedUntil;
    },
    accept() {
      strikes = 0;
    },
    learn(report, now) {
      headers.learn(report, now);
      const { limit, resetAfterMs } = report;
      if (limit !== null && limit >= 1 && limit <= BELIEVABLE_LIMIT) window.setLimit(limit);
      if (report.remaining === null || resetAfterMs === null) return;
      // Without a limit it is a wait that some answer named, which says nothing of how the limit is counted.
      if (limit !== null && resetAfterMs > window.windowMs) countsLonger = true;
      knowsMore = countsLonger || report.remaining < window.remaining(now);
    },
    status(now) {
      const next = nextAt(now);
      return {
        ...headers.snapshot(now),
        key,
        available: remaining(now),
        blockedUntil: blockedUntil > now ? blockedUntil : null,
        nextAt: Number.isFinite(next) ? next : null,
      };
    },
    adopt: (other, now) => window.adopt(other.ended(now)),
    ended: (now) => window.ended(now),
    restore(until) {
      blockedUntil = Math.max(blockedUntil, until);
    },
    reset() {
      blockedUntil = 0;
      strikes = 0;
      countsLonger = false;
      knowsMore = false;
      headers.forget();
    },
  };
}
