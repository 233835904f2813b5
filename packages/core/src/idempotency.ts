/**
 * Remembers the receipts of notifications that carried an idempotency key, so that the same key within the window gets the first
 * one back. Bounded: the oldest are forgotten first.
 */
import type { OpenReceipt } from "./receipt.ts";

const MOST_KEYS = 10_000;

export interface Idempotency {
  find(key: string, now: number): OpenReceipt | null;
  add(key: string, receipt: OpenReceipt, now: number): void;
}

export function createIdempotency(windowMs: number): Idempotency {
  /** In order of time: a key is added once per window. */
  const known = new Map<string, { readonly receipt: OpenReceipt; readonly at: number }>();

  function forgetOld(now: number): void {
    for (const [key, { at }] of known) {
      if (at + windowMs > now && known.size <= MOST_KEYS) return;
      known.delete(key);
    }
  }

  return {
    find(key, now) {
      forgetOld(now);
      return known.get(key)?.receipt ?? null;
    },
    add(key, receipt, now) {
      known.set(key, { receipt, at: now });
      forgetOld(now);
    },
  };
}
