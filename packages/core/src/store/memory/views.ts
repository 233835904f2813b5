/** What the memory store holds, as history shows it. Pure. */
import { recordedAttempts, recordedNotification, statusOf } from "../../history/entry.ts";
import type { HistoryDetail, HistoryEntry, RecordedDelivery } from "../../history/history.ts";
import type { HeldDelivery, HeldEntry } from "./ledger.ts";

export function entryOf(held: HeldEntry): HistoryEntry {
  return shown(held, (delivery) => deliveryOf(held, delivery));
}

export function detailOf(held: HeldEntry): HistoryDetail {
  return shown(held, (delivery) => {
    const tries = recordedAttempts(
      delivery.record.enqueuedAt,
      delivery.tries.map(({ deliveryId: _, ...attempt }) => attempt),
    );
    return { ...deliveryOf(held, delivery), tries };
  });
}

function shown<Delivery extends RecordedDelivery>(held: HeldEntry, toDelivery: (delivery: HeldDelivery) => Delivery) {
  const notification = recordedNotification(held.notification);
  const deliveries = held.deliveries.map(toDelivery);
  return { notification, status: statusOf({ deliveries }), skipped: held.skipped, deliveries };
}

function deliveryOf({ notification }: HeldEntry, held: HeldDelivery): RecordedDelivery {
  const { record, settledAt, result, sequel, replayOf } = held;
  return {
    id: record.id,
    destination: record.lane,
    enqueuedAt: record.enqueuedAt,
    attempts: record.attempts,
    notBefore: record.notBefore,
    possibleRepeat: record.possibleRepeat,
    degrade: record.degrade,
    told: record.notification === notification ? null : recordedNotification(record.notification),
    settledAt,
    result,
    sequel,
    replayOf,
  };
}
