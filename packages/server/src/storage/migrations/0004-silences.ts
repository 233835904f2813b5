/** Silences as people have made them, for the record: those in force are the library's, these also tell of those that are over. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `create table silences (
    id text primary key,
    matchers text not null,
    created_at integer not null,
    until_at integer not null,
    by text,
    comment text,
    ended_at integer
  ) strict, without rowid`,
];

export const silences: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
