/** Devices in SQL. */
import type { Kysely, Selectable } from "kysely";
import type { Device, DeviceStore } from "../greenhouse/device.ts";
import type { PlantId } from "../greenhouse/plant.ts";
import { deleteSeries } from "./plant-store.ts";
import type { Tables } from "./tables.ts";

export function createDeviceStore(db: Kysely<Tables>): DeviceStore {
  return {
    async insert(device) {
      const result = await db
        .insertInto("devices")
        .values(toRow(device))
        .onConflict((conflict) => conflict.column("id").doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },
    async find(id) {
      const row = await db.selectFrom("devices").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },
    async all() {
      return (await db.selectFrom("devices").selectAll().execute()).map(fromRow);
    },
    async list({ after, limit, plantId }) {
      let query = db.selectFrom("devices").selectAll().orderBy("id").limit(limit);
      if (after !== null) query = query.where("id", ">", after);
      if (plantId !== undefined) query = query.where("plant_id", "=", plantId);
      return (await query.execute()).map(fromRow);
    },
    async assign(id, plantId) {
      await db.updateTable("devices").set({ plant_id: plantId }).where("id", "=", id).execute();
    },
    async setPasswordHash(id, passwordHash) {
      await db.updateTable("devices").set({ password_hash: passwordHash }).where("id", "=", id).execute();
    },
    async remove(id) {
      await db.deleteFrom("devices").where("id", "=", id).execute();
      await db.deleteFrom("alert_states").where("device_id", "=", id).execute();
      const orphans = db.selectFrom("series").select("id").where("device_id", "=", id).where("plant_id", "is", null);
      for (const { id: seriesId } of await orphans.execute()) await deleteSeries(db, seriesId);
    },
  };
}

function toRow({ id, plantId, passwordHash, createdAt, lastSeenAt }: Device): Tables["devices"] {
  return { id, plant_id: plantId, password_hash: passwordHash, created_at: createdAt, last_seen_at: lastSeenAt };
}

function fromRow(row: Selectable<Tables["devices"]>): Device {
  return {
    id: row.id,
    plantId: row.plant_id as PlantId | null,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}
