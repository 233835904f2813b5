/** Reading alerts, their records, and the states of conditions. */
import type { DatabaseSync } from "node:sqlite";
import type { AlertState } from "@tocsin/core/stages";
import { type Kysely, sql } from "kysely";
import {
  type AlertFilter,
  type AlertRecord,
  type AlertRecordId,
  type AlertStore,
  type AlertSummary,
  type StoredAlertState,
  TOLD_REASONS,
} from "../greenhouse/alert.ts";
import type { AlertLife } from "../greenhouse/alert-life.ts";
import type { PlantId } from "../greenhouse/plant.ts";
import { fromAlertRow, fromRecordRow } from "./alert-rows.ts";
import type { Tables } from "./tables.ts";

/** @param reader sees what is committed; asked after every notification that ends, so without the query builder */
export function createAlertStore(db: Kysely<Tables>, reader: DatabaseSync): AlertStore {
  const idOf = reader.prepare("select id from alert_records where notification_id = ?");
  return {
    idOf: (notificationId) => (idOf.get(notificationId)?.["id"] as AlertRecordId | undefined) ?? null,
    async states() {
      const rows = await db.selectFrom("alert_states").selectAll().execute();
      const states = rows.flatMap(stateOf);
      return { states, unreadable: rows.length - states.length };
    },
    async open() {
      return (await db.selectFrom("alerts").selectAll().where("phase", "<>", "resolved").execute()).map(fromAlertRow);
    },
    async find(id) {
      const row = await db.selectFrom("alerts").selectAll().where("id", "=", id).executeTakeFirst();
      if (row === undefined) return null;
      return (await summariesOf(db, [fromAlertRow(row)]))[0] ?? null;
    },
    async records(id, limit) {
      const query = db.selectFrom("alert_records").selectAll().where("alert_id", "=", id).orderBy("id", "desc");
      return (await query.limit(limit).execute()).map(fromRecordRow);
    },
    async list({ before, limit, ...filter }) {
      let query = filtered(db, filter).orderBy("id", "desc").limit(limit);
      if (before !== null) query = query.where("id", "<", before);
      return summariesOf(db, (await query.execute()).map(fromAlertRow));
    },
    async untold({ after, limit }) {
      const rows = await sql<Tables["alert_records"]>`select * from alert_records
        where delivery in ('queued', 'deferred') and id > ${after} order by id limit ${limit}`.execute(db);
      return rows.rows.map(fromRecordRow);
    },
  };
}

function filtered(db: Kysely<Tables>, { plantId, deviceId, kind, severity, phase, delivery }: AlertFilter) {
  let query = db.selectFrom("alerts").selectAll();
  if (plantId !== undefined) query = query.where("plant_id", "=", plantId);
  if (deviceId !== undefined) query = query.where("device_id", "=", deviceId);
  if (kind !== undefined) query = query.where("kind", "=", kind);
  if (severity !== undefined) query = query.where("severity", "in", severity);
  if (phase !== undefined) query = query.where("phase", "in", phase);
  if (delivery !== undefined) {
    const records = db.selectFrom("alert_records").select("alert_id").where("delivery", "=", delivery);
    query = query.where("id", "in", records);
  }
  return query;
}

/** What the list tells of records, for a page of lives at once. */
async function summariesOf(db: Kysely<Tables>, lives: readonly AlertLife[]): Promise<readonly AlertSummary[]> {
  if (lives.length === 0) return [];
  const told = sql<number>`reason in (${sql.join(TOLD_REASONS)})`;
  const sums = await db
    .selectFrom("alert_records")
    .select([
      "alert_id",
      sql<number>`sum(iif(${told}, count, 0))`.as("told"),
      sql<number>`sum(iif(${told}, 0, count))`.as("held"),
      sql<string>`max(id)`.as("latest"),
      sql<string | null>`max(iif(${told}, id, null))`.as("latest_told"),
    ])
    .where(
      "alert_id",
      "in",
      lives.map(({ id }) => id),
    )
    .groupBy("alert_id")
    .execute();
  const wanted = sums.flatMap(({ latest, latest_told }) => (latest_told === null ? [latest] : [latest, latest_told]));
  const rows =
    wanted.length === 0 ? [] : await db.selectFrom("alert_records").selectAll().where("id", "in", wanted).execute();
  const records = new Map<string | null, AlertRecord>(rows.map((row) => [row.id, fromRecordRow(row)]));
  const byAlert = new Map(sums.map((sum) => [sum.alert_id, sum]));
  return lives.map((life) => {
    const sum = byAlert.get(life.id);
    return {
      life,
      told: sum?.told ?? 0,
      heldBack: sum?.held ?? 0,
      latest: records.get(sum?.latest ?? null) ?? null,
      latestTold: records.get(sum?.latest_told ?? null) ?? null,
    };
  });
}

const PHASES: readonly string[] = ["ok", "pending", "firing", "flapping"] satisfies AlertState["phase"][];

/** None for a state that this version of the life cycle cannot go on from: the condition then begins anew. */
function stateOf(row: Tables["alert_states"]): readonly StoredAlertState[] {
  const { fingerprint, plant_id, device_id, closed_at: closedAt } = row;
  const state = parsed(row.state) as Partial<AlertState> | null;
  const isKnown =
    PHASES.includes(state?.phase ?? "") && Array.isArray(state?.changedAt) && state?.silencedUntil !== undefined;
  if (!isKnown) return [];
  return [
    { fingerprint, plantId: plant_id as PlantId | null, deviceId: device_id, state: state as AlertState, closedAt },
  ];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
