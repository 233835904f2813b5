/** What becomes of a dead letter that is to be sent again. Pure. */
import type { DeliveryId, DeliveryRecord } from "../delivery/outbox.ts";
import type { DeadLetter, NewerNews } from "./dead-letters.ts";
import type { HistoryEntry } from "./history.ts";

/** Whether newer news of the same matter has arrived, or will: to tell the old one now would be to tell it wrongly. */
export function isStale({ newer }: Pick<DeadLetter, "newer">): boolean {
  return newer !== null;
}

/** News that counts: it arrived, waits, or is told by another; not what failed as well. */
export function newsOf({ notification: { id, createdAt, phase }, status }: HistoryEntry): NewerNews | null {
  if (status !== "delivered" && status !== "partial" && status !== "waiting" && status !== "folded") return null;
  return { id, createdAt, phase, status };
}

/** A new delivery of the same: from the beginning, but that it may have arrived before is not forgotten. */
export function replayedRecord(dead: DeliveryRecord, id: DeliveryId, now: number): DeliveryRecord {
  return { ...dead, id, enqueuedAt: now, attempts: 0, failures: 0, notBefore: 0, degrade: [], edited: 0 };
}
