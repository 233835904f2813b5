/** Puts history's entries together from their rows. */
import type { DatabaseSync } from "node:sqlite";
import type { AttemptRecord, DeliveryId } from "../../delivery/outbox.ts";
import type { DestinationResult, FailureReason } from "../../delivery/result.ts";
import { recordedAttempts, recordedNotification, statusOf } from "../../history/entry.ts";
import type {
  HistoryDetail,
  HistoryEntry,
  RecordedAttempt,
  RecordedDelivery,
  RecordedNotification,
  Sequel,
} from "../../history/history.ts";
import { createFileReader } from "./files.ts";
import { notificationOf, notificationTold, progressIn } from "./rows.ts";

export interface EntryReader {
  entry(place: number): HistoryEntry | null;
  detail(place: number): HistoryDetail | null;
  placeOf(id: string): number | null;
}

interface DeliveryRow {
  readonly ordinal: number;
  readonly id: DeliveryId;
  readonly lane: string;
  readonly progress: string;
  readonly told: string | null;
  readonly settled_at: number | null;
  readonly result: string | null;
  readonly sequel: Sequel;
  readonly replay_of: DeliveryId | null;
}

interface AttemptRow {
  readonly attempt: number;
  readonly started_at: number;
  readonly ended_at: number;
  readonly outcome: AttemptRecord["outcome"];
  readonly status: number | null;
  readonly bucket: string | null;
  readonly message_id: string | null;
  readonly error: string | null;
}

export function createEntryReader(db: DatabaseSync): EntryReader {
  const selectNotification = db.prepare("select body, skipped from notifications where place = ?");
  const selectPlace = db.prepare("select place from notifications where id = ?");
  const selectDeliveries = db.prepare(
    `select ordinal, id, lane, progress, told, settled_at, result, sequel, replay_of
    from deliveries where place = ? order by ordinal`,
  );
  const files = createFileReader(db);
  const triesOf = createTriesReader(db);

  function read<Delivery extends RecordedDelivery>(place: number, toDelivery: (row: DeliveryRow) => Delivery) {
    const row = selectNotification.get(place);
    if (row === undefined) return null;
    const rows = selectDeliveries.all(place) as unknown as DeliveryRow[];
    const notification: RecordedNotification = notificationOf(String(row["body"]), () => files.facts(place));
    const deliveries = rows.map(toDelivery);
    const skipped = row["skipped"] as FailureReason | null;
    return { notification, status: statusOf({ deliveries }), skipped, deliveries };
  }

  return {
    entry: (place) => read(place, deliveryOf),
    detail: (place) =>
      read(place, (row) => {
        const delivery = deliveryOf(row);
        return { ...delivery, tries: triesOf(place, row.ordinal, delivery.enqueuedAt) };
      }),
    placeOf(id) {
      const row = selectPlace.get(id);
      return row === undefined ? null : Number(row["place"]);
    },
  };
}

function deliveryOf(row: DeliveryRow): RecordedDelivery {
  const progress = progressIn(row.progress);
  return {
    id: row.id,
    destination: row.lane,
    enqueuedAt: progress.enqueuedAt,
    attempts: progress.attempts,
    notBefore: progress.notBefore,
    possibleRepeat: progress.possibleRepeat,
    degrade: progress.degrade,
    told: row.told === null ? null : recordedNotification(notificationTold(row.told)),
    settledAt: row.settled_at,
    result: row.result === null ? null : (JSON.parse(row.result) as DestinationResult),
    sequel: row.sequel,
    replayOf: row.replay_of,
  };
}

function createTriesReader(db: DatabaseSync) {
  const select = db.prepare(
    `select attempt, started_at, ended_at, outcome, status, bucket, message_id, error
    from attempts where place = ? and ordinal = ? and attempt > 0 order by seq`,
  );
  return (place: number, ordinal: number, enqueuedAt: number): readonly RecordedAttempt[] => {
    const rows = select.all(place, ordinal) as unknown as AttemptRow[];
    return recordedAttempts(enqueuedAt, rows.map(attemptOf));
  };
}

function attemptOf(row: AttemptRow): Omit<AttemptRecord, "deliveryId"> {
  return {
    attempt: row.attempt,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    status: row.status,
    bucket: row.bucket,
    messageId: row.message_id,
    error: row.error === null ? null : JSON.parse(row.error),
  };
}
