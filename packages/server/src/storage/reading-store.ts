/**
 * Readings in SQL.
 *
 * A page of a plant's readings is merged from a page of each of its series: every one of them is a short walk along the
 * clustered table, where one query over all of them would read and sort them whole.
 */
import { type Kysely, sql } from "kysely";
import type { ReadingPosition, ReadingQuery, ReadingStore, Series, StoredReading } from "../greenhouse/reading.ts";
import type { Tables } from "./tables.ts";

/** About two milliseconds' work. */
const REMOVED_AT_ONCE = 1_000;

export function createReadingStore(db: Kysely<Tables>): ReadingStore {
  return {
    async series() {
      const rows = await db.selectFrom("series").selectAll().execute();
      return rows.map(({ id, device_id, plant_id, metric }) => ({
        id,
        deviceId: device_id,
        plantId: plant_id,
        metric,
      }));
    },
    async list(query) {
      let series = db.selectFrom("series").selectAll().where("plant_id", "=", query.plantId);
      if (query.metric !== undefined) series = series.where("metric", "=", query.metric);
      if (query.deviceId !== undefined) series = series.where("device_id", "=", query.deviceId);
      const pages: StoredReading[] = [];
      for (const { id, device_id, plant_id, metric } of await series.execute()) {
        pages.push(...(await pageOf(db, { id, deviceId: device_id, plantId: plant_id, metric }, query)));
      }
      return pages.sort((a, b) => newerFirst(a.position, b.position)).slice(0, query.limit);
    },
    async *removeBefore(before) {
      for (const { id } of await db.selectFrom("series").select("id").execute()) {
        for (;;) {
          const { numAffectedRows = 0n } = await removeOldest(id, before).execute(db);
          if (numAffectedRows > 0n) yield Number(numAffectedRows);
          if (numAffectedRows < REMOVED_AT_ONCE) break;
        }
      }
    },
  };
}

async function pageOf(
  db: Kysely<Tables>,
  series: Series & { id: number },
  query: ReadingQuery,
): Promise<StoredReading[]> {
  const { from, to, before, limit } = query;
  let page = db.selectFrom("readings").select(["at", "seq", "value"]).where("series_id", "=", series.id);
  if (from !== undefined) page = page.where("at", ">=", from);
  if (to !== undefined) page = page.where("at", "<", to);
  if (before !== null) {
    const seqBelow = seqBelowIn(series.id, before);
    page = page.where(({ eb, refTuple, tuple }) => eb(refTuple("at", "seq"), "<", tuple(before.at, seqBelow)));
  }
  const rows = await page.orderBy("at", "desc").orderBy("seq", "desc").limit(limit).execute();
  return rows.map(({ at, seq, value }) => {
    const position: ReadingPosition = { at, seriesId: series.id, seq };
    return { deviceId: series.deviceId, metric: series.metric, at, value, position };
  });
}

/** Of the cursor's own millisecond: a series that comes later in the order has still all of its readings to show. */
function seqBelowIn(seriesId: number, before: ReadingPosition): number {
  if (seriesId === before.seriesId) return before.seq;
  return seriesId < before.seriesId ? Number.MAX_SAFE_INTEGER : 0;
}

/** Order of a list: by time, then by series, then by sequence, the newest first. */
function newerFirst(a: ReadingPosition, b: ReadingPosition): number {
  return b.at - a.at || b.seriesId - a.seriesId || b.seq - a.seq;
}

/** Along the clustered table, from its beginning: costs what it removes. */
function removeOldest(seriesId: number, before: number) {
  return sql`delete from readings where series_id = ${seriesId} and (at, seq) in (
    select at, seq from readings where series_id = ${seriesId} and at < ${before} order by at, seq limit ${REMOVED_AT_ONCE}
  )`;
}
