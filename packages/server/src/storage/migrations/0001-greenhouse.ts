/** Plants, devices, readings and alerts. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `create table plants (
    id text primary key,
    name text not null,
    species text,
    thresholds text not null,
    created_at integer not null,
    updated_at integer not null
  ) strict`,
  `create table devices (
    id text primary key,
    plant_id text references plants (id) on delete set null,
    password_hash text not null,
    created_at integer not null,
    last_seen_at integer
  ) strict`,
  `create index devices_by_plant on devices (plant_id, id)`,
  // No foreign keys here and below: a row that refers to what has just been deleted must not hold up its whole batch.
  `create table series (
    id integer primary key,
    device_id text not null,
    plant_id text,
    metric text not null
  ) strict`,
  `create unique index series_by_device on series (device_id, plant_id, metric)`,
  `create index series_by_plant on series (plant_id, metric)`,
  // Clustered by series and time: the order in which it is read; `seq` tells readings of one millisecond apart.
  `create table readings (
    series_id integer not null,
    at integer not null,
    seq integer not null,
    value real not null,
    primary key (series_id, at, seq)
  ) strict, without rowid`,
  `create table alerts (
    id text primary key,
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
  `create index alerts_by_plant on alerts (plant_id, id)`,
  `create index alerts_by_device on alerts (device_id, id)`,
  `create index alerts_queued on alerts (id) where delivery = 'queued'`,
  `create table alert_states (
    fingerprint text primary key,
    plant_id text,
    device_id text,
    state text not null
  ) strict`,
];

export const greenhouse: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
