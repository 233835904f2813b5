/** Reads dead letters: the rows that the index `deliveries_dead` holds. */
import type { DatabaseSync } from "node:sqlite";
import type { DeliveryId, DeliveryRecord } from "../../delivery/outbox.ts";
import type { DeadLetter, DeadLetterDetail, DeadLetterFilter, NewerNews } from "../../history/dead-letters.ts";
import { deadLetterMatches, isDeadLetter } from "../../history/entry.ts";
import type { HistoryDetail, RecordedTries } from "../../history/history.ts";
import { newsOf } from "../../history/replay.ts";
import type { Notification } from "../../notification/notification.ts";
import { boundsOf } from "./candidates.ts";
import { createEntryReader, type EntryReader } from "./entries.ts";
import { createFileReader } from "./files.ts";
import { notificationOf, notificationTold, recordOf } from "./rows.ts";

export interface LetterKey {
  readonly place: number;
  readonly ordinal: number;
}

type BareLetter = Omit<DeadLetter, "newer">;

export interface FoundLetter {
  readonly key: LetterKey;
  readonly letter: BareLetter;
}

export interface LetterReader {
  find(id: DeliveryId): LetterKey | null;
  /** Newest first, from after a key on, so many looked at in one go as nobody minds waiting for. */
  walk(filter: DeadLetterFilter, after: LetterKey | null): Iterable<readonly FoundLetter[]>;
  withNews(letter: BareLetter, key: LetterKey): DeadLetter;
  detail(key: LetterKey): DeadLetterDetail | null;
  /** As the engine knew it, files included. */
  record(key: LetterKey): DeliveryRecord;
}

const CHUNK = 200;

export function createLetterReader(db: DatabaseSync): LetterReader {
  const selectById = db.prepare(
    "select place, ordinal from deliveries where id = ? and state = 'failed' and sequel is null",
  );
  const selectNext = db.prepare(
    `select place, ordinal from deliveries indexed by deliveries_dead
    where state = 'failed' and sequel is null and place >= ? and (place, ordinal) < (?, ?)
    order by place desc, ordinal desc limit ?`,
  );
  const entries = createEntryReader(db);
  const newerOf = createNewsReader(db, entries);
  const readRecord = createRecordReader(db);

  function detailAt({
    place,
    ordinal,
  }: LetterKey): { readonly entry: HistoryDetail; readonly delivery: RecordedTries } | null {
    const entry = entries.detail(place);
    const delivery = entry?.deliveries[ordinal];
    return !entry || !delivery || !isDeadLetter(delivery) ? null : { entry, delivery };
  }

  function foundAt(key: LetterKey, filter: DeadLetterFilter): readonly FoundLetter[] {
    const entry = entries.entry(key.place);
    const delivery = entry?.deliveries[key.ordinal];
    if (!entry || !delivery || !deadLetterMatches(entry.notification, delivery, filter)) return [];
    return [{ key, letter: letterOf(entry, delivery) }];
  }

  return {
    find: (id) => (selectById.get(id) as LetterKey | undefined) ?? null,
    *walk(filter, after) {
      const { floor, below } = boundsOf(filter);
      let last = after ?? { place: below, ordinal: 0 };
      for (;;) {
        const keys = selectNext.all(floor, last.place, last.ordinal, CHUNK) as unknown as LetterKey[];
        yield keys.flatMap((key) => foundAt(key, filter));
        if (keys.length < CHUNK) return;
        last = keys.at(-1)!;
      }
    },
    withNews: (letter, { place }) => ({ ...letter, newer: newerOf(letter.notification, place) }),
    detail(key) {
      const found = detailAt(key);
      if (found === null) return null;
      const letter = letterOf(found.entry, found.delivery);
      return { ...letter, newer: newerOf(letter.notification, key.place), tries: found.delivery.tries };
    },
    record: readRecord,
  };
}

/** Of the notifications of one key, so many are looked at, newest first, until one counts as news. */
const NEWS_LOOKED_AT = 50;

function createNewsReader(db: DatabaseSync, entries: EntryReader) {
  const select = db.prepare("select place from notifications where key = ? and place > ? order by place desc limit ?");
  return (about: Pick<Notification, "key" | "phase">, place: number): NewerNews | null => {
    if (about.key === null) return null;
    for (const row of select.all(about.key, place, NEWS_LOOKED_AT)) {
      const entry = entries.entry(Number(row["place"]));
      const news = entry === null ? null : newsOf(entry, about);
      if (news !== null) return news;
    }
    return null;
  };
}

function letterOf(
  { notification }: Pick<HistoryDetail, "notification">,
  { id, destination, enqueuedAt, settledAt, result, told }: Omit<RecordedTries, "tries">,
): BareLetter {
  const failed = result as DeadLetter["result"];
  return { id, destination, notification: told ?? notification, enqueuedAt, settledAt: settledAt ?? 0, result: failed };
}

function createRecordReader(db: DatabaseSync) {
  const select = db.prepare(
    `select d.id, d.lane, d.progress, d.told, n.body
    from deliveries as d join notifications as n on n.place = d.place where d.place = ? and d.ordinal = ?`,
  );
  const files = createFileReader(db);
  return ({ place, ordinal }: LetterKey): DeliveryRecord => {
    const row = select.get(place, ordinal) as unknown as Record<"lane" | "progress" | "body", string> & {
      readonly id: DeliveryId;
      readonly told: string | null;
    };
    const notification =
      row.told === null ? notificationOf(row.body, () => files.read(place)) : notificationTold(row.told);
    return recordOf(row, notification);
  };
}
