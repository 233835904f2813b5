/**
 * Takes what is old out of the database, in chunks so small that nobody waits for one: archived first where an archive is
 * wanted, then deleted. What still waits to be sent stays, however old it is.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Defer } from "../../clock/turn.ts";
import type { HistoryDetail } from "../../history/history.ts";
import { SPANS_MS, type SpanMs } from "../../history/spans.ts";
import { archiveFileOf, writeArchive } from "./archive.ts";
import type { EntryReader } from "./entries.ts";
import { createMark } from "./marks.ts";
import { placeOf } from "./place.ts";

const DAY_MS = 86_400_000;
/** Roll-ups are small, and worth more than the rows that they were made of. Kept for so long, or as long as the rows. */
const KEEP_ROLL_UPS_MS: Readonly<Record<SpanMs, number>> = {
  60000: 0,
  600000: 31 * DAY_MS,
  3600000: 92 * DAY_MS,
  86400000: Number.POSITIVE_INFINITY,
};
const CHUNK = 100;

export interface RetentionParts {
  readonly handle: DatabaseSync;
  readonly entries: EntryReader;
  readonly transaction: <Result>(work: () => Result) => Promise<Result>;
  readonly defer: Defer;
  /** How long a notification is kept after its creation. */
  readonly keepMs: number;
  /** `null`: deleted without an archive. */
  readonly archiveFolder: string | null;
  /** Every attempt is counted before it may go. */
  readonly countAll: () => Promise<void>;
  readonly isClosed: () => boolean;
}

export interface Sweep {
  /** Notifications that were deleted. */
  readonly deleted: number;
  /** Those of them that are in the archive now. */
  readonly archived: number;
}

export function createRetention(parts: RetentionParts): (now: number) => Promise<Sweep> {
  const { handle, entries, transaction, defer, keepMs, archiveFolder, countAll, isClosed } = parts;
  const nextOld = createOldFinder(handle);
  const erase = createEraser(handle);
  const eraseRollUps = ["roll_ups", "roll_up_totals"].map((table) =>
    handle.prepare(`delete from ${table} where span_ms = ? and at < ?`),
  );

  /** Old notifications of one day, the oldest first; those that wait are passed over. */
  function nextChunk(after: number, before: number): readonly Old[] {
    const old = nextOld(after, before).flatMap((place) => {
      const entry = entries.detail(place);
      return entry === null ? [] : [{ place, entry }];
    });
    const day = old[0] && archiveFileOf(old[0].entry.notification.createdAt);
    const other = old.findIndex(({ entry }) => archiveFileOf(entry.notification.createdAt) !== day);
    return other === -1 ? old : old.slice(0, other);
  }

  async function takeOut(old: readonly Old[]): Promise<void> {
    const file = archiveFileOf(old[0]!.entry.notification.createdAt);
    const mark = createMark(handle, `archive:${file}`);
    const written =
      archiveFolder === null
        ? null
        : await writeArchive(
            archiveFolder,
            { file, lengthBytes: mark.value },
            old.map(({ entry }) => entry),
          );
    await transaction(() => {
      erase(old.map(({ place }) => place));
      if (written !== null) mark.write(written.lengthBytes);
    });
  }

  return async (now) => {
    const before = placeOf(now - keepMs);
    await countAll();
    let deleted = 0;
    for (let after = -1; !isClosed(); ) {
      const old = nextChunk(after, before);
      if (old.length === 0) break;
      await takeOut(old);
      deleted += old.length;
      after = old.at(-1)!.place;
      await new Promise<void>(defer);
    }
    await transaction(() => {
      for (const spanMs of SPANS_MS) {
        const oldest = now - Math.max(keepMs + DAY_MS, KEEP_ROLL_UPS_MS[spanMs]);
        for (const statement of eraseRollUps) statement.run(spanMs, oldest);
      }
    });
    return { deleted, archived: archiveFolder === null ? 0 : deleted };
  };
}

interface Old {
  readonly place: number;
  readonly entry: HistoryDetail;
}

function createOldFinder(handle: DatabaseSync): (after: number, before: number) => readonly number[] {
  const select = handle.prepare(
    `select place from notifications as n where place > ? and place < ? and not exists (
      select 1 from deliveries as d where d.place = n.place and d.state = 'waiting'
    ) order by place limit ?`,
  );
  return (after, before) => select.all(after, before, CHUNK).map((row) => Number(row["place"]));
}

/** @returns a function that erases notifications, but for those that somebody has replayed meanwhile */
function createEraser(handle: DatabaseSync): (places: readonly number[]) => void {
  const waiting = handle.prepare(
    "select distinct place from deliveries where place in (select value from json_each(?)) and state = 'waiting'",
  );
  const statements = [
    "delete from notification_words where rowid in (select value from json_each(?))",
    "delete from notification_files where place in (select value from json_each(?))",
    "delete from attempts where place in (select value from json_each(?))",
    "delete from deliveries where place in (select value from json_each(?))",
    "delete from notifications where place in (select value from json_each(?))",
  ].map((sql) => handle.prepare(sql));
  return (places) => {
    const replayed = new Set(waiting.all(JSON.stringify(places)).map((row) => Number(row["place"])));
    const gone = JSON.stringify(places.filter((place) => !replayed.has(place)));
    for (const statement of statements) statement.run(gone);
  };
}
