/** What becomes of a dead letter that is to be sent again. Pure. */
import type { DeliveryId, DeliveryRecord } from "../delivery/outbox.ts";
import type { Notification } from "../notification/notification.ts";
import type { DeadLetter, NewerNews } from "./dead-letters.ts";
import type { HistoryEntry } from "./history.ts";

/** Whether newer news of the same matter has arrived, or will: to tell the old one now would be to tell it wrongly. */
export function isStale({ newer }: Pick<DeadLetter, "newer">): boolean {
  return newer !== null;
}

/**
 * News that counts against a dead letter: it arrived, waits, or is told by another; not what failed as well. Of a beginning, its end
 * counts whatever became of that: as a rule nobody was told of it, as nobody had been told that it began.
 *
 * @param phase of the dead letter
 */
export function newsOf(
  { notification: { id, createdAt, phase }, status }: HistoryEntry,
  { phase: ofLetter }: Pick<Notification, "phase">,
): NewerNews | null {
  const isEnd = ofLetter === "firing" && phase === "resolved";
  const isKnown = status === "delivered" || status === "partial" || status === "waiting" || status === "folded";
  return isEnd || isKnown ? { id, createdAt, phase, status } : null;
}

/** A new delivery of the same: from the beginning, but that it may have arrived before is not forgotten. */
export function replayedRecord(dead: DeliveryRecord, id: DeliveryId, now: number): DeliveryRecord {
  return { ...dead, id, enqueuedAt: now, attempts: 0, failures: 0, notBefore: 0, degrade: [], edited: 0 };
}
