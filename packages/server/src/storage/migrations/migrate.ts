/** Brings a database to the present schema. Migrations are numbered, run in order, once each, and are never edited afterwards. */
import { StoreError } from "@tocsin/core/sqlite";
import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { greenhouse } from "./0001-greenhouse.ts";
import { notifications } from "./0002-notifications.ts";
import { alertLives } from "./0003-alert-lives.ts";
import { silences } from "./0004-silences.ts";
import { preferences } from "./0005-preferences.ts";
import { deferredAlerts } from "./0006-deferred-alerts.ts";
import { plantWebhooks } from "./0007-plant-webhooks.ts";

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-greenhouse": greenhouse,
  "0002-notifications": notifications,
  "0003-alert-lives": alertLives,
  "0004-silences": silences,
  "0005-preferences": preferences,
  "0006-deferred-alerts": deferredAlerts,
  "0007-plant-webhooks": plantWebhooks,
};

/**
 * @param path of the file, for messages
 * @throws StoreError `STORE_NEWER`, or whatever kept a migration from being carried out; nothing of it is left behind then
 */
export async function migrate<Db>(db: Kysely<Db>, path: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: "migrations",
    migrationLockTableName: "migrations_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (String(error).includes("previously executed migration")) {
    throw new StoreError(
      "STORE_NEWER",
      "was written by a newer version of Tocsin. Install that version, or use another file.",
      { path, cause: error },
    );
  }
  throw error;
}
