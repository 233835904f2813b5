/** Remembers the newest requests, so that a test can ask what really arrived, and when. */

export interface RequestEntry {
  /** Epoch milliseconds at which the whole request was there; the limits were judged by this instant. */
  readonly receivedAt: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 6 for the unversioned address. */
  readonly version: number;
  /** Null when no whole answer was given: a reset, a stall. */
  readonly status: number | null;
  readonly webhookId: string | null;
  readonly remoteAddress: string;
}

export interface RequestLog {
  readonly add: (entry: RequestEntry) => void;
  /** Oldest first. */
  readonly all: () => RequestEntry[];
}

export function createRequestLog(capacity: number): RequestLog {
  const ring: RequestEntry[] = [];
  let next = 0;
  return {
    add: (entry) => {
      ring[next] = entry;
      next = (next + 1) % capacity;
    },
    all: () => (ring.length < capacity ? [...ring] : [...ring.slice(next), ...ring.slice(0, next)]),
  };
}
