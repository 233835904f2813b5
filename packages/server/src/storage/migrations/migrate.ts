/** Brings a database to the present schema. Migrations are numbered, run in order, once each, and are never edited afterwards. */
import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { greenhouse } from "./0001-greenhouse.ts";

const MIGRATIONS: Readonly<Record<string, Migration>> = { "0001-greenhouse": greenhouse };

/** @throws Error saying what to do when the database is newer than this program, or a migration failed. */
export async function migrate<Db>(db: Kysely<Db>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: "migrations",
    migrationLockTableName: "migrations_lock",
  });
  const applied = await migrator.getMigrations().catch(() => []);
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (String(error).includes("previously executed migration")) {
    throw new Error(
      "The database was written by a newer version of Tocsin. Install that version, or use another DATABASE_URL.",
    );
  }
  const state = applied.filter(({ executedAt }) => executedAt !== undefined).length;
  throw new Error(`The database could not be brought from schema ${state} to ${Object.keys(MIGRATIONS).length}.`, {
    cause: error,
  });
}
