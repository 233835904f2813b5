/** Alerts are found by their notification; notifications of applications carry idempotency keys. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `create index alerts_by_notification on alerts (notification_id) where notification_id is not null`,
  `create table idempotency_keys (
    key text primary key,
    fingerprint text not null,
    notification_id text not null,
    created_at integer not null
  ) strict, without rowid`,
  `create index idempotency_keys_by_age on idempotency_keys (created_at)`,
];

export const notifications: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
