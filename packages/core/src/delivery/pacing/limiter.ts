/**
 * The port of a local limit: it says when the next request may start, and is told of each one that starts and ends.
 *
 * Pure but for its own memory: nothing here reads a clock; instants are epoch milliseconds.
 */
export interface Limiter {
  /** Earliest instant at which one more request may start: `now` or earlier when at once, `Infinity` when only the end of one under way can tell. */
  nextAt(now: number): number;
  /** How many requests may start at `now`, one right after the other; 0 or more, `Infinity` without a limit. */
  remaining(now: number): number;
  start(now: number): void;
  finish(now: number): void;
  /** Counts a request that another process made and that ended at `endedAt`, which may be a little ahead of now. */
  count(endedAt: number): void;
}

/** Lets everything through. */
export const UNLIMITED: Limiter = {
  nextAt: () => 0,
  remaining: () => Number.POSITIVE_INFINITY,
  start: () => {},
  finish: () => {},
  count: () => {},
};
