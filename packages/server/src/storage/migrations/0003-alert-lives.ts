/**
 * An alert is what lasts from its beginning to its end; what was told or held back of it are its records. What earlier versions kept as
 * alerts becomes records, each of an alert of its own that is over.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `create table alert_records (
    id text primary key,
    alert_id text not null,
    kind text not null,
    reason text not null,
    plant_id text,
    plant_name text,
    device_id text not null,
    metric text,
    direction text,
    threshold real,
    value real,
    last_seen_at integer,
    created_at integer not null,
    count integer not null,
    last_at integer not null,
    delivery text not null,
    notification_id text,
    error text,
    settled_at integer
  ) strict`,
  `insert into alert_records select id, id, kind, reason, plant_id, plant_name, device_id, metric, direction, threshold, value,
    last_seen_at, created_at, count, last_at, delivery, notification_id, error, settled_at from alerts`,
  `drop table alerts`,
  `create index alert_records_by_alert on alert_records (alert_id, id)`,
  `create index alert_records_by_notification on alert_records (notification_id) where notification_id is not null`,
  `create index alert_records_queued on alert_records (id) where delivery = 'queued'`,
  `create table alerts (
    id text primary key,
    fingerprint text not null,
    kind text not null,
    severity text not null,
    plant_id text,
    plant_name text,
    device_id text not null,
    metric text,
    direction text,
    threshold real,
    value real,
    last_seen_at integer,
    started_at integer not null,
    phase text not null,
    since integer not null,
    transitions text not null
  ) strict`,
  `create index alerts_by_plant on alerts (plant_id, id)`,
  `create index alerts_by_device on alerts (device_id, id)`,
  `create index alerts_open on alerts (phase, id) where phase <> 'resolved'`,
  `insert into alerts select id, '', kind, 'warning', plant_id, plant_name, device_id, metric, direction, threshold, value, last_seen_at,
    created_at, 'resolved', last_at, json_array(json_object('at', created_at, 'phase', 'firing', 'reason', 'upgraded', 'by', null,
      'comment', null), json_object('at', last_at, 'phase', 'resolved', 'reason', 'upgraded', 'by', null, 'comment', null))
    from alert_records`,
  `alter table alert_states add column closed_at integer`,
];

export const alertLives: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
