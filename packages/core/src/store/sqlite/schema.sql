CREATE TABLE notifications (
  place integer primary key,
  id text not null,
  created_at real not null,
  type text not null,
  severity text not null,
  key text,
  idempotency_key text,
  skipped text,
  body text not null
) strict;

CREATE UNIQUE INDEX notifications_by_id on notifications (id);

CREATE INDEX notifications_by_key on notifications (key, place) where key is not null;

CREATE INDEX notifications_by_idempotency_key on notifications (idempotency_key, place)
  where idempotency_key is not null and skipped is null;

CREATE INDEX notifications_skipped on notifications (place) where skipped is not null;

CREATE TABLE notification_files (
  place integer not null,
  position integer not null,
  name text not null,
  content_type text,
  size_bytes integer not null,
  data blob,
  primary key (place, position)
) strict, without rowid;

CREATE TABLE deliveries (
  place integer not null,
  ordinal integer not null,
  id text not null,
  lane text not null,
  rank integer not null,
  state text not null,
  progress text not null,
  told text,
  settled_at real,
  result text,
  sequel text,
  replay_of text,
  primary key (place, ordinal)
) strict, without rowid;

CREATE INDEX deliveries_waiting on deliveries (lane, rank, id) where state = 'waiting';

CREATE INDEX deliveries_settled on deliveries (state, place) where state <> 'waiting';

CREATE INDEX deliveries_dead on deliveries (place) where state = 'failed' and sequel is null;

CREATE INDEX deliveries_dead_by_id on deliveries (id) where state = 'failed' and sequel is null;

CREATE TABLE attempts (
  seq integer primary key,
  place integer not null,
  ordinal integer not null,
  attempt integer not null,
  started_at real not null,
  ended_at real not null,
  outcome text,
  status integer,
  message_id text,
  error text,
  ends integer not null
, bucket text) strict;

CREATE INDEX attempts_by_delivery on attempts (place, ordinal, seq);

CREATE TABLE memory_facts (
  key text primary key,
  value text not null
) strict, without rowid;

CREATE VIRTUAL TABLE notification_words using fts5 (
  words, marks, content = '', contentless_delete = 1, tokenize = 'ascii'
);

CREATE TABLE roll_ups (
  span_ms integer not null,
  at integer not null,
  lane text not null,
  type text not null,
  severity text not null,
  data text not null,
  primary key (span_ms, at, lane, type, severity)
) strict, without rowid;

CREATE TABLE roll_up_totals (
  span_ms integer not null,
  at integer not null,
  data text not null,
  primary key (span_ms, at)
) strict, without rowid;

CREATE TABLE progress_marks (
  name text primary key,
  value integer not null
) strict, without rowid;

CREATE TABLE journal (
  seq integer primary key,
  writes text not null
) strict;
