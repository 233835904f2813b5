/**
 * One shared limit with everything known about it: the window of start values, the headers' word, and a pause that the remote
 * has ordered. Lanes that name the same key share one gate.
 *
 * Headers are obeyed when they tell more than our window knows: that others use the limit too, or that it is counted over
 * a longer time. Where they only repeat it, they would cost: a remote whose window slides names the instant at which all
 * slots are free again, while the first is free earlier. (Measured with 5 per 2 s beside 50 per 1 s of the address: half as slow again.)
 *
 * They also tell when a request arrived, and when a window begins anew (interpret-report.ts): what they let go of need not be waited for.
 */
import type { LimitReport, LimitSpec } from "../channel.ts";
import { createRequestTimings, interpretReport } from "./interpret-report.ts";
import { BELIEVABLE_LIMIT, type BucketSnapshot, createLearnedBucket } from "./learned-bucket.ts";
import type { Limiter } from "./limiter.ts";
import { createRemoteBlock } from "./remote-block.ts";
import { createSlidingWindow, type SlidingWindow } from "./sliding-window.ts";

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
  /** Counts what `other` has counted since then: it turned out to be the same limit. */
  adopt(other: Gate, at: { readonly since: number; readonly now: number }): void;
  /** Ends of the requests that count now. */
  ended(now: number): readonly number[];
  /** Takes up a pause that was known before a restart. */
  restore(blockedUntil: number): void;
  /** Forgets what the remote said: pauses, strikes, headers. */
  reset(): void;
}

/** What the remote's answers have taught of its manner of counting. */
interface Sense {
  /** It has named a time longer than our window. */
  readonly countsLonger: boolean;
  /** Its headers tell of something that our window does not count. */
  readonly knowsMore: boolean;
  /** No refusal has shown that its own account of its window is wrong. */
  readonly isBelieved: boolean;
}

const UNTAUGHT: Sense = { countsLonger: false, knowsMore: false, isBelieved: true };

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
  const block = createRemoteBlock();
  const timings = createRequestTimings();
  let sense = UNTAUGHT;

  function remaining(now: number): number {
    if (block.until > now) return 0;
    return sense.knowsMore ? Math.min(window.remaining(now), headers.remaining(now)) : window.remaining(now);
  }

  function nextAt(now: number): number {
    return Math.max(block.until, window.nextAt(now), sense.knowsMore ? headers.nextAt(now) : 0);
  }

  return {
    key,
    get blockedUntil() {
      return block.until;
    },
    nextAt,
    remaining,
    start(now) {
      window.start(now);
      headers.start(now);
      timings.start(now, window.remaining(now));
    },
    finish(now) {
      window.finish(now);
      headers.finish(now);
      timings.finish();
    },
    count: (endedAt) => window.count(endedAt),
    refuse(retryAfterMs, now) {
      sense = { ...sense, isBelieved: false };
      return block.refuse(retryAfterMs, now);
    },
    accept: () => block.accept(),
    learn(report, now) {
      headers.learn(report, now);
      const { limit } = report;
      if (limit !== null && limit >= 1 && limit <= BELIEVABLE_LIMIT) window.setLimit(limit);
      const findings = interpretReport(report, { ...timings.last, endedAt: now }, spec);
      if (findings === null) return;
      if (findings.beginsWindow && sense.isBelieved) window.beginAnew();
      if (findings.arrivedAt !== null) window.arrived(findings.arrivedAt);
      const countsLonger = sense.countsLonger || findings.countsLonger;
      sense = { ...sense, countsLonger, knowsMore: countsLonger || findings.isUsedByOthers };
    },
    status(now) {
      const next = nextAt(now);
      return {
        ...headers.snapshot(now),
        key,
        available: remaining(now),
        blockedUntil: block.until > now ? block.until : null,
        nextAt: Number.isFinite(next) ? next : null,
      };
    },
    adopt: (other, { since, now }) => window.adopt(other.ended(now).filter((endedAt) => endedAt >= since)),
    ended: (now) => window.ended(now),
    restore: (until) => block.extendTo(until),
    reset() {
      block.forget();
      headers.forget();
      sense = UNTAUGHT;
    },
  };
}
