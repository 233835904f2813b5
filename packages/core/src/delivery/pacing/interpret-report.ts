/**
 * What the headers of one answer tell beyond what our own window has counted.
 *
 * Upstream   an answer's {@link LimitReport}, and what the gate knows of when the request was under way.
 * Downstream the gate, which corrects its window.
 *
 * Pure, but for the memory of {@link createRequestTimings}.
 */
import type { LimitReport, LimitSpec } from "../channel.ts";

export interface RequestTiming {
  /** When the request set out, if it was alone on its way; `null` when the answers of several cannot be told apart. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** What our window had left when it had set out: slots that come free on the way are not in its answer. */
  readonly leftAtStart: number;
}

export interface RequestTimings {
  readonly last: Omit<RequestTiming, "endedAt">;
  start(now: number, leftAtStart: number): void;
  finish(): void;
}

/** Keeps what is known of the requests under way of one limit. */
export function createRequestTimings(): RequestTimings {
  let underWay = 0;
  let last: Omit<RequestTiming, "endedAt"> = { startedAt: null, leftAtStart: Number.POSITIVE_INFINITY };
  return {
    get last() {
      return last;
    },
    start(now, leftAtStart) {
      last = { startedAt: underWay === 0 ? now : null, leftAtStart };
      underWay++;
    },
    finish() {
      underWay--;
    },
  };
}

export interface ReportFindings {
  /** When the remote began to count the request: while it was under way, or unknown. */
  readonly arrivedAt: number | null;
  /** A window began with this request: the remote has let go of everything that came before. */
  readonly beginsWindow: boolean;
  /** The remote counts over a longer time than we do. */
  readonly countsLonger: boolean;
  /** Somebody else uses the limit too, or it is lower than we think. */
  readonly isUsedByOthers: boolean;
}

/** Headers name times in whole milliseconds. */
const ROUNDING_MS = 1;

/**
 * Where all slots are free again is told by the headers. Take the window's length off that instant, and it is the arrival of the request
 * that is counted last (a window that slides) or first (a fixed one). Only an instant within the time of this request can be its own
 * arrival; whatever else the headers may mean by it is none, so that no header makes us send before a whole window
 * has passed since a request set out.
 */
export function interpretReport(
  { limit, remaining, resetAfterMs }: LimitReport,
  { startedAt, endedAt, leftAtStart }: RequestTiming,
  { intervalMs }: LimitSpec,
): ReportFindings | null {
  if (remaining === null || resetAfterMs === null) return null;
  const instant = endedAt + resetAfterMs + ROUNDING_MS - intervalMs;
  const isOnTheWay = startedAt !== null && instant >= startedAt && instant <= endedAt + ROUNDING_MS;
  const arrivedAt = isOnTheWay ? Math.min(instant, endedAt) : null;
  return {
    arrivedAt,
    beginsWindow: arrivedAt !== null && limit !== null && remaining === limit - 1,
    // Without a limit it is a wait that some answer named, which says nothing of how the limit is counted.
    countsLonger: limit !== null && resetAfterMs > intervalMs + ROUNDING_MS,
    isUsedByOthers: remaining < leftAtStart,
  };
}
