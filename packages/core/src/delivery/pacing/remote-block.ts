/**
 * A wait that the remote has ordered.
 *
 * Its word is kept exactly the first time. When it refuses again right after, its word is not enough (some servers lengthen the block for
 * each request during it), so an extra wait is added that doubles.
 */

/** First extra wait when a remote refuses again although its own wait was kept; doubles each time. */
const STRIKE_EXTRA_MS = 1_000;
const MAX_STRIKE_EXTRA_MS = 60_000;
/** Wait after a refusal that names none. */
export const UNTOLD_WAIT_MS = 5_000;

export interface RemoteBlock {
  /** Epoch milliseconds; 0 when nobody has ordered a wait. */
  readonly until: number;
  /** @returns until when it now lasts */
  refuse(retryAfterMs: number | null, now: number): number;
  /** The remote accepted a request: its word is good again. */
  accept(): void;
  /** Takes up a wait that was known before; never shortens one. */
  extendTo(until: number): void;
  forget(): void;
}

export function createRemoteBlock(): RemoteBlock {
  let until = 0;
  let strikes = 0;
  return {
    get until() {
      return until;
    },
    refuse(retryAfterMs, now) {
      const extraMs = strikes === 0 ? 0 : Math.min(STRIKE_EXTRA_MS * 2 ** (strikes - 1), MAX_STRIKE_EXTRA_MS);
      strikes++;
      until = Math.max(until, now + (retryAfterMs ?? UNTOLD_WAIT_MS) + extraMs);
      return until;
    },
    accept() {
      strikes = 0;
    },
    extendTo(other) {
      until = Math.max(until, other);
    },
    forget() {
      until = 0;
      strikes = 0;
    },
  };
}
