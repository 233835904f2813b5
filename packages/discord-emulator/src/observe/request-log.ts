/** Remembers the newest requests, so that a test can ask what really arrived, and when. */
import type { LimitScope } from "../limit/limiter.ts";

export interface RequestEntry {
  /** Epoch milliseconds at which the whole request was there; the limits were judged by this instant. */
  readonly receivedAt: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 6 for the unversioned address. */
  readonly version: number;
  /** Null when no answer was given in the ordinary way: a reset, a stall. */
  readonly status: number | null;
  /** Which limit refused it; `edge` for a ban or an unwanted user agent; null when none did. */
  readonly limitedBy: LimitScope | "edge" | null;
  /** The kind of fault that struck it; null when none did. */
  readonly fault: string | null;
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
