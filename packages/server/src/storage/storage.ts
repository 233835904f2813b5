/** Everything that is kept, opened and migrated. */
import { sql } from "kysely";
import type { AlertStore } from "../greenhouse/alert.ts";
import type { BatchWriter } from "../greenhouse/batch.ts";
import type { DeviceStore } from "../greenhouse/device.ts";
import type { PlantStore } from "../greenhouse/plant.ts";
import type { ReadingStore } from "../greenhouse/reading.ts";
import { createAlertStore } from "./alert-store.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { createDeviceStore } from "./device-store.ts";
import { migrate } from "./migrations/migrate.ts";
import { createPlantStore } from "./plant-store.ts";
import { createReadingStore } from "./reading-store.ts";
import { openSqlite } from "./sqlite.ts";

export interface Storage {
  readonly plants: PlantStore;
  readonly devices: DeviceStore;
  readonly readings: ReadingStore;
  readonly alerts: AlertStore;
  readonly writeBatch: BatchWriter;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param path of the SQLite file, or `:memory:`
 * @throws Error when it cannot be opened or migrated; nothing is left open then
 */
export async function openStorage(path: string): Promise<Storage> {
  const sqlite = openSqlite(path);
  const { kysely } = sqlite;
  try {
    await migrate(kysely);
  } catch (error) {
    await sqlite.close();
    throw error;
  }
  return {
    plants: createPlantStore(kysely),
    devices: createDeviceStore(kysely),
    readings: createReadingStore(kysely),
    alerts: createAlertStore(kysely),
    writeBatch: createBatchWriter(sqlite),
    ping: async () => void (await sql`select 1`.execute(kysely)),
    close: sqlite.close,
  };
}
