/** What people want to be told of a plant. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const preferences: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table plants add column preferences text`.execute(db);
  },
};
