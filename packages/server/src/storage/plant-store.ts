/** Plants in SQL. */
import type { Kysely } from "kysely";
import type { Plant, PlantId, PlantStore, Thresholds } from "../greenhouse/plant.ts";
import { preferencesFromJson, preferencesToJson } from "./preferences-json.ts";
import type { Tables } from "./tables.ts";

/** Readings deleted in one go; between two goes others have their turn. */
const DELETE_CHUNK = 5_000;

export function createPlantStore(db: Kysely<Tables>): PlantStore {
  return {
    async insert(plant) {
      await db.insertInto("plants").values(toRow(plant)).execute();
    },
    async find(id) {
      const row = await db.selectFrom("plants").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },
    async all() {
      return (await db.selectFrom("plants").selectAll().execute()).map(fromRow);
    },
    async list({ after, limit }) {
      const query = db.selectFrom("plants").selectAll().orderBy("id").limit(limit);
      return (await (after === null ? query : query.where("id", ">", after)).execute()).map(fromRow);
    },
    update: (id, change) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom("plants").selectAll().where("id", "=", id).executeTakeFirst();
        if (row === undefined) return null;
        const changed = change(fromRow(row));
        await transaction.updateTable("plants").set(toRow(changed)).where("id", "=", id).execute();
        return changed;
      }),
    async remove(id) {
      await db.deleteFrom("plants").where("id", "=", id).execute();
      await db.deleteFrom("alert_states").where("plant_id", "=", id).execute();
      const series = await db.selectFrom("series").select("id").where("plant_id", "=", id).execute();
      for (const { id: seriesId } of series) await deleteSeries(db, seriesId);
    },
  };
}

/** Takes a series with its readings away, in pieces, so that a year of readings does not hold up the present ones. */
export async function deleteSeries(db: Kysely<Tables>, seriesId: number): Promise<void> {
  for (;;) {
    const chunk = db
      .selectFrom("readings")
      .select(["at", "seq"])
      .where("series_id", "=", seriesId)
      .orderBy("at")
      .orderBy("seq")
      .limit(DELETE_CHUNK);
    const last = (await chunk.execute()).at(-1);
    if (last === undefined) break;
    await db.deleteFrom("readings").where("series_id", "=", seriesId).where("at", "<=", last.at).execute();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await db.deleteFrom("series").where("id", "=", seriesId).execute();
}

function toRow({ id, name, species, thresholds, preferences, webhook, createdAt, updatedAt }: Plant): Tables["plants"] {
  const json = { thresholds: thresholdsToJson(thresholds), preferences: preferencesToJson(preferences) };
  return { id, name, species, ...json, webhook, created_at: createdAt, updated_at: updatedAt };
}

function fromRow(row: Tables["plants"]): Plant {
  return {
    id: row.id as PlantId,
    name: row.name,
    species: row.species,
    thresholds: thresholdsFromJson(row.thresholds),
    preferences: preferencesFromJson(row.preferences),
    webhook: row.webhook,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function thresholdsToJson(thresholds: Thresholds): string {
  return JSON.stringify([...thresholds].map(([metric, { min, max }]) => [metric, min, max]));
}

function thresholdsFromJson(json: string): Thresholds {
  const rows = JSON.parse(json) as [string, number | null, number | null][];
  return new Map(rows.map(([metric, min, max]) => [metric, { min, max }]));
}
