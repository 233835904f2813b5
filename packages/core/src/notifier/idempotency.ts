/**
 * The receipts of notifications that carried an idempotency key, so that the same key within the window gets the first one back.
 *
 * Those of this process are held, the newest 10,000 of them; those of earlier processes, and those held no longer, are found in the
 * outbox, which keeps a key with its notification.
 */
import type { Outbox } from "../delivery/outbox.ts";
import { type OpenReceipt, reopenedReceipt } from "./receipt.ts";
import type { Verdicts } from "./verdicts.ts";

const MAX_HELD = 10_000;

export interface Idempotency {
  find(key: string, now: number): OpenReceipt | null;
  add(key: string, receipt: OpenReceipt, createdAt: number): void;
}

export interface IdempotencyParts {
  readonly windowMs: number;
  readonly outbox: Pick<Outbox, "acceptedUnder">;
  readonly verdicts: Pick<Verdicts, "lookUp">;
}

export function createIdempotency({ windowMs, outbox, verdicts }: IdempotencyParts): Idempotency {
  /** The oldest first, but for those that were found in the outbox. */
  const held = new Map<string, { readonly receipt: OpenReceipt; readonly createdAt: number }>();

  function forgetOld(now: number): void {
    for (const [key, { createdAt }] of held) {
      if (createdAt + windowMs > now && held.size <= MAX_HELD) return;
      held.delete(key);
    }
  }

  function add(key: string, receipt: OpenReceipt, createdAt: number): void {
    held.delete(key);
    held.set(key, { receipt, createdAt });
    forgetOld(createdAt);
  }

  return {
    find(key, now) {
      forgetOld(now);
      const known = held.get(key);
      if (known !== undefined) return known.createdAt + windowMs > now ? known.receipt : null;
      const earlier = outbox.acceptedUnder(key, now - windowMs);
      if (earlier === null) return null;
      const receipt = reopenedReceipt(earlier.id, verdicts);
      add(key, receipt, earlier.createdAt);
      return receipt;
    },
    add,
  };
}
