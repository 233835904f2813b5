/**
 * Everything that is kept, in one database: the server's own tables beside those of the notification store, so that an
 * alert and its deliveries are written in one transaction.
 */
import { openSqliteDatabase, openSqliteStore, type SqliteStore } from "@tocsin/core/sqlite";
import type { Clock } from "@tocsin/core/stages";
import { sql } from "kysely";
import type { AlertStore } from "../greenhouse/alert.ts";
import type { BatchWriter } from "../greenhouse/batch.ts";
import type { DeviceStore } from "../greenhouse/device.ts";
import type { PlantStore } from "../greenhouse/plant.ts";
import type { ReadingStore } from "../greenhouse/reading.ts";
import type { AcceptanceStore } from "../notify/acceptance.ts";
import type { SilenceStore } from "../notify/silences.ts";
import { createAcceptanceStore } from "./acceptance-store.ts";
import { createAlertStore } from "./alert-store.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { createDeviceStore } from "./device-store.ts";
import { createKysely } from "./dialect.ts";
import { migrate } from "./migrations/migrate.ts";
import { createPlantStore } from "./plant-store.ts";
import { createReadingStore } from "./reading-store.ts";
import { createSilenceStore } from "./silence-store.ts";

export interface Storage {
  readonly plants: PlantStore;
  readonly devices: DeviceStore;
  readonly readings: ReadingStore;
  readonly alerts: AlertStore;
  readonly acceptance: AcceptanceStore;
  readonly silences: SilenceStore;
  readonly writeBatch: BatchWriter;
  /** Outbox, history and dead letters of notifications. */
  readonly notifications: SqliteStore;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StorageOptions {
  /** Of the SQLite file, made with its folder where it is missing; or `:memory:`. */
  readonly path: string;
  readonly clock: Clock;
  /** How long notifications stay in history. @defaultValue 7 days */
  readonly keepMs?: number | undefined;
  /** Where they go then; `null` for nowhere. @defaultValue `<path>.archive`, none for `:memory:` */
  readonly archiveFolder?: string | null | undefined;
  /** Told of what failed in the background, and will be tried again. */
  readonly onProblem?: ((error: unknown) => void) | undefined;
}

/** @throws StoreError naming the file and the remedy; nothing is left open then, and nothing was overwritten */
export async function openStorage({ path, clock, ...options }: StorageOptions): Promise<Storage> {
  const database = openSqliteDatabase({ path, now: clock.now() });
  const kysely = createKysely(database);
  try {
    database.handle.exec("pragma foreign_keys = on");
    await migrate(kysely, database.path);
    const notifications = openSqliteStore({ database, clock, ...options });
    return {
      plants: createPlantStore(kysely),
      devices: createDeviceStore(kysely),
      readings: createReadingStore(kysely),
      alerts: createAlertStore(kysely, database.reader),
      acceptance: createAcceptanceStore(database, notifications),
      silences: createSilenceStore(kysely),
      writeBatch: createBatchWriter(database, notifications),
      notifications,
      ping: async () => void (await sql`select 1`.execute(kysely)),
      async close() {
        await notifications.close();
        await kysely.destroy();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
