/**
 * Writes accepted deliveries, and the notifications that they tell where these are new.
 *
 * Downstream of the group commit: everything here runs inside a transaction.
 */
import type { DatabaseSync } from "node:sqlite";
import type { DeliveryRecord } from "../../delivery/outbox.ts";
import type { FailureReason } from "../../delivery/result.ts";
import type { Notification } from "../../notification/notification.ts";
import type { Places } from "./place.ts";
import { bodyOf, progressOf, rankOf } from "./rows.ts";
import { createToldInstead } from "./told.ts";

export interface Appender {
  append(deliveries: readonly AppendedDelivery[]): void;
  /** Keeps a notification that has no deliveries. */
  appendSkipped(notification: Notification, reason: FailureReason): void;
}

/** A delivery as it was when it was handed in; the engine may change the record before it is written. */
export interface AppendedDelivery {
  readonly id: string;
  readonly lane: string;
  readonly notification: Notification;
  readonly progress: string;
  /** The destination that it takes over from; `null` for none. */
  readonly takesOverFrom: string | null;
  readonly replayOf: string | null;
}

export interface AppenderParts {
  readonly handle: DatabaseSync;
  readonly places: Places;
  /** The notification at this place is new, or has a new destination. */
  readonly onChanged: (place: number) => void;
}

export function toAppend(record: DeliveryRecord, replayOf: string | null = null): AppendedDelivery {
  const { id, lane, notification, elsewhere } = record;
  // The last of them is where it was tried before. Looked at only where the notification was accepted earlier.
  const takesOverFrom = replayOf === null ? (elsewhere.at(-1) ?? null) : null;
  return { id, lane, notification, progress: progressOf(record), takesOverFrom, replayOf };
}

export function createAppender({ handle, places, onChanged }: AppenderParts): Appender {
  const notifications = createNotificationInserter(handle, places);
  const insertDelivery = handle.prepare(
    `insert into deliveries (place, ordinal, id, lane, rank, state, progress, told, replay_of)
    values (?, ?, ?, ?, ?, 'waiting', ?, ?, ?)`,
  );
  const isKnown = handle.prepare("select 1 from deliveries where place = ? and id = ?");
  const nextOrdinal = handle.prepare("select coalesce(max(ordinal), -1) + 1 as next from deliveries where place = ?");
  const toldInstead = createToldInstead(handle);
  const divert = handle.prepare(
    "update deliveries set sequel = 'diverted' where place = ? and lane = ? and sequel is null",
  );

  function insert(delivery: AppendedDelivery, key: DeliveryKey, told: string | null): void {
    const { id, lane, notification, progress, replayOf } = delivery;
    insertDelivery.run(key.place, key.ordinal, id, lane, rankOf(notification), progress, told, replayOf);
  }

  /** A further delivery of a notification that is there already: another destination, or a replay. */
  function insertFurther(delivery: AppendedDelivery, place: number): void {
    // Asked for twice, after an answer that was lost on the way.
    if (isKnown.get(place, delivery.id) !== undefined) return;
    if (delivery.takesOverFrom !== null) divert.run(place, delivery.takesOverFrom);
    const ordinal = Number(nextOrdinal.get(place)?.["next"]);
    insert(delivery, { place, ordinal }, toldInstead(place, delivery.notification));
  }

  return {
    append(deliveries) {
      const changed: number[] = [];
      let last: Notification | null = null;
      let place = 0;
      let ordinal = -1;
      for (const delivery of deliveries) {
        if (delivery.notification !== last) {
          last = delivery.notification;
          const inserted = notifications.insert(last, null);
          place = inserted.place;
          ordinal = inserted.isNew ? 0 : -1;
          changed.push(place);
        }
        if (ordinal === -1) insertFurther(delivery, place);
        else insert(delivery, { place, ordinal: ordinal++ }, null);
      }
      for (const one of changed) onChanged(one);
    },
    appendSkipped(notification, reason) {
      onChanged(notifications.insert(notification, reason).place);
    },
  };
}

interface DeliveryKey {
  readonly place: number;
  readonly ordinal: number;
}

function createNotificationInserter(handle: DatabaseSync, places: Places) {
  const insertNotification = handle.prepare(
    `insert into notifications (place, id, created_at, type, severity, key, idempotency_key, skipped, body)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
  );
  const insertFile = handle.prepare(
    `insert into notification_files (place, position, name, content_type, size_bytes, data) values (?, ?, ?, ?, ?, ?)`,
  );
  const placeOfId = handle.prepare("select place from notifications where id = ?");

  return {
    insert(notification: Notification, skipped: string | null): { readonly place: number; readonly isNew: boolean } {
      const { id, createdAt, type, severity, key, idempotencyKey: once, files } = notification;
      const place = places.next(createdAt);
      const body = bodyOf(notification);
      const inserted = insertNotification.run(place, id, createdAt, type, severity, key, once, skipped, body);
      if (inserted.changes === 0) return { place: Number(placeOfId.get(id)?.["place"]), isNew: false };
      for (const [position, { name, contentType, data }] of files.entries())
        insertFile.run(place, position, name, contentType, data.byteLength, data);
      return { place, isNew: true };
    },
  };
}
