/**
 * Writes what became of deliveries: a try that is to be repeated, a notification that changed while it waits, the end.
 *
 * Downstream of the group commit: everything here runs inside a transaction. A delivery that is not known, or no longer waits,
 * is passed over.
 */
import type { DatabaseSync } from "node:sqlite";
import type { AttemptRecord, DeliveryRecord, Postponement, Settlement } from "../../delivery/outbox.ts";
import type { DestinationResult } from "../../delivery/result.ts";
import type { Notification } from "../../notification/notification.ts";
import { type DeliveryKey, type ProgressValues, progressOf, rankOf } from "./rows.ts";
import { createToldInstead } from "./told.ts";

/** What is written of a delivery, as it was when it was asked for. */
interface Change {
  readonly id: string;
  readonly notificationId: string;
  readonly progress: ProgressValues;
}

type Try = Omit<AttemptRecord, "deliveryId">;

export interface Postponed extends Change {
  readonly attempt: Try;
}

export interface Amended extends Change {
  readonly notification: Notification;
  readonly rank: number;
}

export interface Settled extends Change {
  readonly result: DestinationResult;
  readonly attempt: Try | null;
  readonly settledAt: number;
  readonly hasFiles: boolean;
}

export interface Settler {
  postpone(postponed: readonly Postponed[]): void;
  amend(amended: Amended): void;
  /** @param ended those that were written in their last state, of which only the try is missing; each is taken out */
  settle(settled: readonly Settled[], ended?: Map<string, DeliveryKey>): void;
}

export function toPostpone({ delivery, attempt }: Postponement): Postponed {
  return { ...changeOf(delivery), attempt };
}

export function toAmend(delivery: DeliveryRecord): Amended {
  const { notification } = delivery;
  return { ...changeOf(delivery), notification, rank: rankOf(notification) };
}

export function toSettle({ delivery, result, attempt, settledAt }: Settlement): Settled {
  const hasFiles = delivery.notification.files.length > 0;
  return { ...changeOf(delivery), result, attempt, settledAt, hasFiles };
}

function changeOf(delivery: DeliveryRecord): Change {
  return { id: delivery.id, notificationId: delivery.notification.id, progress: progressOf(delivery) };
}

/** @param countedUpTo the last attempt that statistics have counted; it may have been deleted since */
export function createSettler(handle: DatabaseSync, countedUpTo: number): Settler {
  const find = handle.prepare(
    `select place, ordinal from deliveries
    where place = (select place from notifications where id = ?) and id = ? and state = 'waiting'`,
  );
  const postpone = handle.prepare("update deliveries set progress = ? where place = ? and ordinal = ?");
  const amend = handle.prepare(
    "update deliveries set progress = ?, rank = ?, told = ? where place = ? and ordinal = ?",
  );
  const settle = handle.prepare(
    "update deliveries set state = ?, progress = ?, settled_at = ?, result = ? where place = ? and ordinal = ?",
  );
  const insertAttempt = createAttemptInserter(handle, countedUpTo);
  const isKnown = handle.prepare("select 1 from attempts where place = ? and ordinal = ? and attempt = ?");
  const toldInstead = createToldInstead(handle);
  const dropFiles = createFileDropper(handle);

  function locate({ notificationId, id }: Change): DeliveryKey | null {
    const row = find.get(notificationId, id);
    return row === undefined ? null : { place: Number(row["place"]), ordinal: Number(row["ordinal"]) };
  }

  function end({ progress, result, settledAt }: Settled, { place, ordinal }: DeliveryKey): void {
    settle.run(result.status, JSON.stringify(progress), settledAt, JSON.stringify(result), place, ordinal);
  }

  return {
    postpone(postponed) {
      for (const change of postponed) {
        const key = locate(change);
        if (key === null) continue;
        postpone.run(JSON.stringify(change.progress), key.place, key.ordinal);
        // Asked for twice, after an answer that was lost on the way.
        if (isKnown.get(key.place, key.ordinal, change.attempt.attempt) !== undefined) continue;
        insertAttempt(key, change.attempt, false);
      }
    },
    amend(change) {
      const key = locate(change);
      if (key === null) return;
      const told = toldInstead(key.place, change.notification);
      amend.run(JSON.stringify(change.progress), change.rank, told, key.place, key.ordinal);
    },
    settle(settled, ended) {
      for (const change of settled) {
        const { settledAt, attempt } = change;
        const written = ended?.get(change.id);
        // Whoever asks twice finds it ended.
        ended?.delete(change.id);
        const key = written ?? locate(change);
        if (key === null) continue;
        if (written === undefined) end(change, key);
        insertAttempt(key, attempt ?? { ...NO_ATTEMPT, startedAt: settledAt, endedAt: settledAt }, true);
        if (change.hasFiles) dropFiles(key.place);
      }
    },
  };
}

/** Stands in the table for an end without a try, which statistics count as well. */
const NO_ATTEMPT = { attempt: 0, outcome: null, status: null, bucket: null, messageId: null, error: null } as const;
type AttemptRow = Omit<Try, "outcome"> & { readonly outcome: AttemptRecord["outcome"] | null };

function createAttemptInserter(handle: DatabaseSync, countedUpTo: number) {
  const insert = handle.prepare(
    `insert into attempts (seq, place, ordinal, attempt, started_at, ended_at, outcome, status, bucket, message_id, error, ends)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const newest = handle.prepare("select coalesce(max(seq), 0) as seq from attempts");
  // Left to SQLite, numbers would begin anew once all attempts are old and deleted, and never be counted.
  let seq = Math.max(Number(newest.get()?.["seq"]), countedUpTo);
  return ({ place, ordinal }: DeliveryKey, row: AttemptRow, ends: boolean): void => {
    const { attempt, startedAt, endedAt, outcome, status, bucket, messageId } = row;
    const error = row.error === null ? null : JSON.stringify(row.error);
    insert.run(
      ++seq,
      place,
      ordinal,
      attempt,
      startedAt,
      endedAt,
      outcome,
      status,
      bucket,
      messageId,
      error,
      ends ? 1 : 0,
    );
  };
}

/** The bytes of files are kept for as long as somebody may want to send them: while a delivery waits, or is a dead letter. */
function createFileDropper(handle: DatabaseSync) {
  const drop = handle.prepare(
    `update notification_files set data = null where place = ?1 and not exists (
      select 1 from deliveries where place = ?1 and (state = 'waiting' or state = 'failed' and sequel is null)
    )`,
  );
  return (place: number): void => void drop.run(place);
}
