CREATE TABLE alert_records (
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
) strict;

CREATE TABLE alert_states (
  fingerprint text primary key,
  plant_id text,
  device_id text,
  state text not null
  , closed_at integer) strict;

CREATE TABLE alerts (
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
) strict;

CREATE TABLE devices (
  id text primary key,
  plant_id text references plants (id) on delete set null,
  password_hash text not null,
  created_at integer not null,
  last_seen_at integer
) strict;

CREATE TABLE idempotency_keys (
  key text primary key,
  fingerprint text not null,
  notification_id text not null,
  created_at integer not null
) strict, without rowid;

CREATE TABLE "migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);

CREATE TABLE "migrations_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);

CREATE TABLE plants (
  id text primary key,
  name text not null,
  species text,
  thresholds text not null,
  created_at integer not null,
  updated_at integer not null
  , preferences text, webhook text) strict;

CREATE TABLE readings (
  series_id integer not null,
  at integer not null,
  seq integer not null,
  value real not null,
  primary key (series_id, at, seq)
) strict, without rowid;

CREATE TABLE series (
  id integer primary key,
  device_id text not null,
  plant_id text,
  metric text not null
) strict;

CREATE TABLE silences (
  id text primary key,
  matchers text not null,
  created_at integer not null,
  until_at integer not null,
  by text,
  comment text,
  ended_at integer
) strict, without rowid;

CREATE INDEX alert_records_by_alert on alert_records (alert_id, id);

CREATE INDEX alert_records_by_notification on alert_records (notification_id) where notification_id is not null;

CREATE INDEX alert_records_untold on alert_records (id) where delivery in ('queued', 'deferred');

CREATE INDEX alerts_by_device on alerts (device_id, id);

CREATE INDEX alerts_by_plant on alerts (plant_id, id);

CREATE INDEX alerts_open on alerts (phase, id) where phase <> 'resolved';

CREATE INDEX devices_by_plant on devices (plant_id, id);

CREATE INDEX idempotency_keys_by_age on idempotency_keys (created_at);

CREATE UNIQUE INDEX series_by_device on series (device_id, plant_id, metric);

CREATE INDEX series_by_plant on series (plant_id, metric);
