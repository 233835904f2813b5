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
import { bodyOf, type DeliveryKey, type ProgressValues, progressOf, rankOf } from "./rows.ts";
import type { Settled } from "./settle.ts";
import { createToldInstead } from "./told.ts";

export interface Appender {
  append(accepted: readonly Accepted[]): void;
  /** The same where some has ended meanwhile. @returns where those are, by delivery */
  appendEnded(accepted: readonly Accepted[], ends: ReadonlyMap<string, Settled>): ReadonlyMap<string, DeliveryKey>;
  /** Keeps a notification that has no deliveries. */
  appendSkipped(notification: Notification, reason: FailureReason): void;
}

/** A notification with deliveries, as they were when they were handed in; the engine may change the records before they are written. */
export interface Accepted {
  readonly notification: Notification;
  readonly deliveries: readonly AppendedDelivery[];
}

export interface AppendedDelivery {
  readonly id: string;
  readonly lane: string;
  readonly progress: ProgressValues;
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

/** @param records those of one notification stand together */
export function toAppend(records: readonly DeliveryRecord[], replayOf: string | null = null): readonly Accepted[] {
  const accepted: { notification: Notification; deliveries: AppendedDelivery[] }[] = [];
  for (const record of records) {
    const { notification } = record;
    if (accepted.at(-1)?.notification !== notification) accepted.push({ notification, deliveries: [] });
    accepted.at(-1)!.deliveries.push(toDelivery(record, replayOf));
  }
  return accepted;
}

function toDelivery(record: DeliveryRecord, replayOf: string | null): AppendedDelivery {
  const { id, lane, elsewhere } = record;
  // The last of them is where it was tried before. Looked at only where the notification was accepted earlier.
  const takesOverFrom = replayOf === null ? (elsewhere.at(-1) ?? null) : null;
  return { id, lane, progress: progressOf(record), takesOverFrom, replayOf };
}

const NONE: ReadonlyMap<string, Settled> = new Map();

export function createAppender({ handle, places, onChanged }: AppenderParts): Appender {
  const notifications = createNotificationInserter(handle, places);
  const insert = createDeliveryInserter(handle);
  const isKnown = handle.prepare("select 1 from deliveries where place = ? and id = ?");
  const nextOrdinal = handle.prepare("select coalesce(max(ordinal), -1) + 1 as next from deliveries where place = ?");
  const toldInstead = createToldInstead(handle);
  const divert = handle.prepare(
    "update deliveries set sequel = 'diverted' where place = ? and lane = ? and sequel is null",
  );

  /** A further delivery of a notification that is there already: another destination, or a replay. */
  function insertFurther(delivery: AppendedDelivery, notification: Notification, place: number): void {
    // Asked for twice, after an answer that was lost on the way.
    if (isKnown.get(place, delivery.id) !== undefined) return;
    if (delivery.takesOverFrom !== null) divert.run(place, delivery.takesOverFrom);
    const ordinal = Number(nextOrdinal.get(place)?.["next"]);
    insert.waiting(
      delivery,
      { place, ordinal },
      { rank: rankOf(notification), told: toldInstead(place, notification) },
    );
  }

  function appendEnded(accepted: readonly Accepted[], ends: ReadonlyMap<string, Settled>) {
    const ended = new Map<string, DeliveryKey>();
    const changed: number[] = [];
    for (const { notification, deliveries } of accepted) {
      const { place, isNew } = notifications.insert(notification, null);
      changed.push(place);
      const facts = { rank: rankOf(notification), told: null };
      for (const [ordinal, delivery] of deliveries.entries()) {
        const end = ends.get(delivery.id);
        if (!isNew) insertFurther(delivery, notification, place);
        else if (end === undefined) insert.waiting(delivery, { place, ordinal }, facts);
        else {
          insert.ended(delivery, { place, ordinal }, { ...facts, end });
          ended.set(delivery.id, { place, ordinal });
        }
      }
    }
    for (const one of changed) onChanged(one);
    return ended;
  }

  return {
    append: (accepted) => void appendEnded(accepted, NONE),
    appendEnded,
    appendSkipped(notification, reason) {
      onChanged(notifications.insert(notification, reason).place);
    },
  };
}

interface RowFacts {
  readonly rank: number;
  readonly told: string | null;
}

function createDeliveryInserter(handle: DatabaseSync) {
  const waiting = handle.prepare(
    `insert into deliveries (place, ordinal, id, lane, rank, state, progress, told, replay_of)
    values (?, ?, ?, ?, ?, 'waiting', ?, ?, ?)`,
  );
  const ended = handle.prepare(
    `insert into deliveries (place, ordinal, id, lane, rank, state, progress, settled_at, result, replay_of)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    waiting({ id, lane, progress, replayOf }: AppendedDelivery, key: DeliveryKey, { rank, told }: RowFacts): void {
      waiting.run(key.place, key.ordinal, id, lane, rank, JSON.stringify(progress), told, replayOf);
    },
    /** In its last state at once: two of the trees that a change would touch are left alone. */
    ended(
      { id, lane, replayOf }: AppendedDelivery,
      { place, ordinal }: DeliveryKey,
      { rank, end }: RowFacts & { readonly end: Settled },
    ): void {
      const { progress, settledAt, result } = end;
      const values = [JSON.stringify(progress), settledAt, JSON.stringify(result), replayOf];
      ended.run(place, ordinal, id, lane, rank, result.status, ...values);
    },
  };
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
      const inserted = insertNotification.run(
        place,
        id,
        createdAt,
        type,
        severity,
        key,
        once,
        skipped,
        bodyOf(notification),
      );
      if (inserted.changes === 0) return { place: Number(placeOfId.get(id)?.["place"]), isNew: false };
      for (const [position, { name, contentType, data }] of files.entries())
        insertFile.run(place, position, name, contentType, data.byteLength, data);
      return { place, isNew: true };
    },
  };
}
