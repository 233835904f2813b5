/** Reading the alert history and the alert states. */
import type { AlertState } from "@tocsin/core/stages";
import type { Kysely } from "kysely";
import type { AlertStore } from "../greenhouse/alert.ts";
import type { PlantId } from "../greenhouse/plant.ts";
import { fromAlertRow } from "./alert-rows.ts";
import type { Tables } from "./tables.ts";

export function createAlertStore(db: Kysely<Tables>): AlertStore {
  return {
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
