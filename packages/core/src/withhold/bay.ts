/**
 * What one destination holds in quiet hours: oldest first, repeats of a matter folded.
 *
 * Upstream   held.ts, which keeps the outbox in step. Downstream the summary.
 */
import type { DeliveryRecord } from "../delivery/outbox.ts";
import { foldNotifications } from "../notification/fold.ts";

export interface Bay {
  readonly size: number;
  /** When the first of them is to be told, epoch milliseconds; infinite when nothing is held. */
  readonly dueAt: number;
  /** The last word on each key. */
  lastOf(key: string): DeliveryRecord | undefined;
  /** @returns what the new one tells as well and is held no longer; `null` when nothing is */
  enter(record: DeliveryRecord): DeliveryRecord | null;
  /** Takes out all that the test holds for, oldest first. */
  take(test: (record: DeliveryRecord) => boolean): readonly DeliveryRecord[];
  has(id: DeliveryRecord["id"]): boolean;
}

export function createBay(): Bay {
  let records = new Map<DeliveryRecord["id"], DeliveryRecord>();
  const last = new Map<string, DeliveryRecord>();
  let dueAt = Number.POSITIVE_INFINITY;

  function speakLast(record: DeliveryRecord): void {
    const { key } = record.notification;
    if (key !== null) last.set(key, record);
  }

  /** The same news again is one line that counts. */
  function fold(record: DeliveryRecord): DeliveryRecord | null {
    const { key, phase } = record.notification;
    const before = key === null ? undefined : last.get(key);
    if (before === undefined || before.notification.phase !== phase) return null;
    const folded = foldNotifications(before.notification, record.notification);
    if (folded === null) return null;
    record.notification = folded;
    records.delete(before.id);
    return before;
  }

  return {
    get size() {
      return records.size;
    },
    get dueAt() {
      return dueAt;
    },
    lastOf: (key) => last.get(key),
    has: (id) => records.has(id),
    enter(record) {
      const told = fold(record);
      speakLast(record);
      records.set(record.id, record);
      dueAt = Math.min(dueAt, record.notBefore);
      return told;
    },
    take(test) {
      const taken: DeliveryRecord[] = [];
      const left = new Map<DeliveryRecord["id"], DeliveryRecord>();
      last.clear();
      dueAt = Number.POSITIVE_INFINITY;
      for (const record of records.values()) {
        if (test(record)) {
          taken.push(record);
          continue;
        }
        left.set(record.id, record);
        speakLast(record);
        dueAt = Math.min(dueAt, record.notBefore);
      }
      records = left;
      return taken;
    },
  };
}
