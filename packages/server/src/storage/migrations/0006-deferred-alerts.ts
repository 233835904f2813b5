/**
 * What waits for the end of quiet hours is found after a restart, as what is queued is. Quiet hours hold nothing back any more: what they
 * have held back is kept as muted.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `update alert_records set reason = 'muted' where reason = 'quiet-hours'`,
  `drop index alert_records_queued`,
  `create index alert_records_untold on alert_records (id) where delivery in ('queued', 'deferred')`,
];

export const deferredAlerts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
