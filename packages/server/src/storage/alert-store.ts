/** Reading the alert history and the alert states. */
import type { DatabaseSync } from "node:sqlite";
import type { AlertState } from "@tocsin/core/stages";
import type { Kysely } from "kysely";
import type { AlertId, AlertStore } from "../greenhouse/alert.ts";
import type { PlantId } from "../greenhouse/plant.ts";
import { fromAlertRow } from "./alert-rows.ts";
import type { Tables } from "./tables.ts";

/** @param reader sees what is committed; asked after every notification that ends, so without the query builder */
export function createAlertStore(db: Kysely<Tables>, reader: DatabaseSync): AlertStore {
  const idOf = reader.prepare("select id from alerts where notification_id = ?");
  return {
    idOf: (notificationId) => (idOf.get(notificationId)?.["id"] as AlertId | undefined) ?? null,
    async states() {
      const rows = await db.selectFrom("alert_states").selectAll().execute();
      return rows.map(({ fingerprint, plant_id, device_id, state }) => ({
        fingerprint,
        plantId: plant_id as PlantId | null,
        deviceId: device_id,
        state: JSON.parse(state) as AlertState,
      }));
    },
    async find(id) {
      const row = await db.selectFrom("alerts").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : fromAlertRow(row);
    },
    async list({ before, limit, plantId, deviceId, kind, delivery }) {
      let query = db.selectFrom("alerts").selectAll().orderBy("id", "desc").limit(limit);
      if (before !== null) query = query.where("id", "<", before);
      if (plantId !== undefined) query = query.where("plant_id", "=", plantId);
      if (deviceId !== undefined) query = query.where("device_id", "=", deviceId);
      if (kind !== undefined) query = query.where("kind", "=", kind);
      if (delivery !== undefined) query = query.where("delivery", "=", delivery);
      return (await query.execute()).map(fromAlertRow);
    },
    async queued({ after, limit }) {
      const query = db.selectFrom("alerts").selectAll().where("delivery", "=", "queued").where("id", ">", after);
      return (await query.orderBy("id").limit(limit).execute()).map(fromAlertRow);
    },
  };
}
