/**
 * What the journal holds, as far as it must be known without reading it: which deliveries have ended by it, which idempotency keys it has, whether it
 * has anything that waits.
 *
 * Kept by the number of the row. A row is known from before it is committed until it is known to be gone, so that nothing is ever
 * overlooked; of what was never committed too much is known for a moment, which does no harm: who has asked for an end wants none of it again.
 */
import type { AcceptedEarlier } from "../../delivery/outbox.ts";
import { type JournalEntry, sizeOfAll } from "./journal-entry.ts";

export interface JournalContents {
  /** Writes in all rows. */
  readonly size: number;
  /** Whether some of what waits is here alone, or otherwise than in the tables. */
  readonly hasWaiting: boolean;
  isEnded(deliveryId: string): boolean;
  acceptedUnder(idempotencyKey: string): AcceptedEarlier | null;
  add(seq: number, entries: readonly JournalEntry[]): void;
  /** @param seq the oldest row that is there */
  forgetBefore(seq: number): void;
}

interface Row {
  readonly size: number;
  readonly waiting: number;
  readonly ended: readonly string[];
  readonly keys: readonly string[];
}

interface Accepted extends AcceptedEarlier {
  readonly seq: number;
}

export function createJournalContents(): JournalContents {
  const rows = new Map<number, Row>();
  const ended = new Set<string>();
  const accepted = new Map<string, Accepted>();
  let size = 0;
  let waiting = 0;

  function note(seq: number, entries: readonly JournalEntry[]): Row {
    const row = { size: sizeOfAll(entries), waiting: 0, ended: [] as string[], keys: [] as string[] };
    for (const entry of entries) {
      if (entry.kind === "settle") for (const { id } of entry.settled) row.ended.push(id);
      else if (entry.kind === "append" || entry.kind === "amend") row.waiting++;
      if (entry.kind !== "append") continue;
      for (const { notification } of entry.accepted) {
        const { id, createdAt, idempotencyKey } = notification;
        if (idempotencyKey === null) continue;
        row.keys.push(idempotencyKey);
        accepted.set(idempotencyKey, { id, createdAt, seq });
      }
    }
    return row;
  }

  return {
    get size() {
      return size;
    },
    get hasWaiting() {
      return waiting > 0;
    },
    isEnded: (deliveryId) => ended.has(deliveryId),
    acceptedUnder(idempotencyKey) {
      const found = accepted.get(idempotencyKey);
      return found === undefined ? null : { id: found.id, createdAt: found.createdAt };
    },
    add(seq, entries) {
      const row = note(seq, entries);
      rows.set(seq, row);
      for (const id of row.ended) ended.add(id);
      size += row.size;
      waiting += row.waiting;
    },
    forgetBefore(oldest) {
      for (const [seq, row] of rows) {
        if (seq >= oldest) return;
        rows.delete(seq);
        for (const id of row.ended) ended.delete(id);
        for (const key of row.keys) if (accepted.get(key)?.seq === seq) accepted.delete(key);
        size -= row.size;
        waiting -= row.waiting;
      }
    },
  };
}
