/**
 * Counts uses of one thing within a time window, sliding or fixed.
 *
 * Upstream   limiter.ts, which holds one window per webhook, channel and address.
 * Pure but for its own counters: the caller passes `now`.
 */

export interface WindowLimit {
  /** Uses allowed within one interval. Whole number, 1 or more. */
  readonly limit: number;
  readonly intervalMs: number;
  /**
   * `sliding`: no stretch of `intervalMs` ever holds more than `limit` uses.
   * `fixed`: counted from the first use on; at the end of the interval all slots come back at once.
   * @defaultValue "sliding"
   */
  readonly kind?: "sliding" | "fixed";
}

export interface UseWindow {
  /** Uses still allowed at `now`. */
  readonly remaining: (now: number) => number;
  /** How long until one more use is allowed; 0 when one is allowed now. */
  readonly waitMs: (now: number) => number;
  /** How long until all slots are free again; 0 when they are. */
  readonly resetAfterMs: (now: number) => number;
  /** Takes one slot. The caller has seen that one is free. */
  readonly use: (now: number) => void;
}

export function createUseWindow(rule: WindowLimit): UseWindow {
  return rule.kind === "fixed" ? createFixedWindow(rule) : createSlidingWindow(rule);
}

function createFixedWindow({ limit, intervalMs }: WindowLimit): UseWindow {
  let used = 0;
  let endsAt = Number.NEGATIVE_INFINITY;
  const usedAt = (now: number) => (now >= endsAt ? 0 : used);
  return {
    remaining: (now) => Math.max(0, limit - usedAt(now)),
    waitMs: (now) => (usedAt(now) < limit ? 0 : endsAt - now),
    resetAfterMs: (now) => Math.max(0, endsAt - now),
    use: (now) => {
      if (now >= endsAt) {
        used = 0;
        endsAt = now + intervalMs;
      }
      used += 1;
    },
  };
}

function createSlidingWindow({ limit, intervalMs }: WindowLimit): UseWindow {
  // A ring of the instants at which each slot becomes free again; `oldest` is the first of them.
  const freeAt = new Array<number>(limit).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  const newest = () => freeAt[(oldest + limit - 1) % limit]!;
  return {
    remaining: (now) => {
      // The free slots are the oldest ones: the border between them and the others is searched by halves.
      let [free, end] = [0, limit];
      while (free < end) {
        const middle = (free + end) >> 1;
        if (freeAt[(oldest + middle) % limit]! <= now) free = middle + 1;
        else end = middle;
      }
      return free;
    },
    waitMs: (now) => Math.max(0, freeAt[oldest]! - now),
    resetAfterMs: (now) => Math.max(0, newest() - now),
    use: (now) => {
      freeAt[oldest] = now + intervalMs;
      oldest = (oldest + 1) % limit;
    },
  };
}
