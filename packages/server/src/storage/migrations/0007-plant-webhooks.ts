/** A plant's own webhook, encrypted. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const plantWebhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table plants add column webhook text`.execute(db);
  },
};
