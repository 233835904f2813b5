/**
 * At most `limit` requests in any window of `intervalMs`, kept by the instants at which requests ended.
 *
 * The remote counts a request when it arrives, which is some time between its start and its end. Counting it as in the
 * window until `intervalMs` after its END is therefore never too early, whatever the network does: this is how a
 * limit is used to the full without provoking a single refusal. The price is one round trip a window.
 */
import type { LimitSpec } from "../channel.ts";
import type { Limiter } from "./limiter.ts";

/**
 * Added to every window: covers rounding to milliseconds at both ends. Everything else is covered by counting from the end of a
 * request, so more would only be lost: 3 ms of each 2 s are 1.5 ‰ of a webhook's limit. 2 ms took 1.0044 times the limit's own time in
 * the bench, 0.5 ms 1.0031, neither with a refusal.
 */
export const PACING_MARGIN_MS = 0.5;

export interface SlidingWindow extends Limiter {
  /** The request that ended last is known to have arrived at this instant. */
  arrived(at: number): void;
  /** Only the request that ended last counts any more. */
  beginAnew(): void;
  /** Adopts a new limit, e.g. one that the remote's headers tell. */
  setLimit(limit: number): void;
  /** Ends of the requests that are still in the window, oldest first. */
  ended(now: number): readonly number[];
  /** Counts requests that another window has counted so far. */
  adopt(endedAt: readonly number[]): void;
}

export function createSlidingWindow({ limit: initialLimit, intervalMs }: LimitSpec): SlidingWindow {
  const windowMs = intervalMs + PACING_MARGIN_MS;
  let limit = initialLimit;
  let underWay = 0;
  /** Instants at which requests ended, oldest first; those before `first` have left the window. */
  let endedAt: number[] = [];
  let first = 0;

  function forget(now: number): void {
    while (first < endedAt.length && endedAt[first]! + windowMs <= now) first++;
    // Compacts only when half of the list is dead, so that each instant is moved at most once on average.
    if (first > 32 && first * 2 > endedAt.length) {
      endedAt = endedAt.slice(first);
      first = 0;
    }
  }

  /** Nearly always the latest; what an earlier process had under way is counted ahead of time. */
  function insert(at: number): void {
    let place = endedAt.length;
    while (place > first && endedAt[place - 1]! > at) place--;
    if (place === endedAt.length) endedAt.push(at);
    else endedAt.splice(place, 0, at);
  }

  return {
    nextAt(now) {
      if (underWay >= limit) return Number.POSITIVE_INFINITY;
      forget(now);
      // With `free` slots besides those under way, the free-th newest must have left the window.
      const free = limit - underWay;
      const blocker = endedAt.length - free;
      return blocker < first ? now : endedAt[blocker]! + windowMs;
    },
    remaining(now) {
      forget(now);
      return Math.max(0, limit - underWay - (endedAt.length - first));
    },
    start() {
      underWay++;
    },
    finish(now) {
      underWay--;
      forget(now);
      insert(now);
    },
    count: insert,
    beginAnew() {
      first = Math.max(first, endedAt.length - 1);
    },
    arrived(at) {
      const last = endedAt.length > first ? endedAt.pop()! : at;
      insert(Math.min(at, last));
    },
    setLimit(next) {
      limit = next;
    },
    ended(now) {
      forget(now);
      return endedAt.slice(first);
    },
    adopt(others) {
      for (const at of others) insert(at);
    },
  };
}
