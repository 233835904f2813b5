/**
 * Notifications, deliveries, attempts, and what is derived from them.
 *
 * The hot path writes to four trees only: notifications, their ids, deliveries, and those that wait. Everything that history
 * needs beside (words, roll-ups) is derived later, in batches. Instants are epoch milliseconds, with fractions.
 */
export const outboxAndHistory = `
-- place: order and time in one number, see place.ts. body: the notification as JSON, files left out.
create table notifications (
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
create unique index notifications_by_id on notifications (id);
create index notifications_by_key on notifications (key, place) where key is not null;
create index notifications_by_idempotency_key on notifications (idempotency_key, place)
  where idempotency_key is not null and skipped is null;
create index notifications_skipped on notifications (place) where skipped is not null;

create table notification_files (
  place integer not null,
  position integer not null,
  name text not null,
  content_type text,
  size_bytes integer not null,
  data blob,
  primary key (place, position)
) strict, without rowid;

-- state: waiting, or the status of the result. rank: the priority, negative, so that both columns of the order ascend.
-- progress: what the engine keeps of it, as JSON. told: what is told instead of the notification, as JSON.
create table deliveries (
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
create index deliveries_waiting on deliveries (lane, rank, id) where state = 'waiting';
create index deliveries_settled on deliveries (state, place) where state <> 'waiting';
create index deliveries_dead on deliveries (place) where state = 'failed' and sequel is null;
create index deliveries_dead_by_id on deliveries (id) where state = 'failed' and sequel is null;

-- A row per try, and one without a try (attempt 0) for a delivery that ended without one. ends: whether it was the last.
create table attempts (
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
) strict;
create index attempts_by_delivery on attempts (place, ordinal, seq);

create table memory_facts (
  key text primary key,
  value text not null
) strict, without rowid;

-- Words of a notification, and marks for its type, severity, labels and destinations. The texts themselves are not kept here.
create virtual table notification_words using fts5 (
  words, marks, content = '', contentless_delete = 1, tokenize = 'ascii'
);

create table roll_ups (
  span_ms integer not null,
  at integer not null,
  lane text not null,
  type text not null,
  severity text not null,
  data text not null,
  primary key (span_ms, at, lane, type, severity)
) strict, without rowid;

-- The same over all destinations, types and severities: the course of time, without adding up every kind.
create table roll_up_totals (
  span_ms integer not null,
  at integer not null,
  data text not null,
  primary key (span_ms, at)
) strict, without rowid;

-- How far something has come: 'words' (place), 'roll-ups' (seq), 'archive:<file>' (bytes).
create table progress_marks (
  name text primary key,
  value integer not null
) strict, without rowid;
`;
