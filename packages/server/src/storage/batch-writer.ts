/**
 * Writes a {@link Batch}: one transaction, prepared statements, nothing awaited inside. This is the hot path of the server.
 * The deliveries of an alert are written in the transaction of its row (A5).
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SqliteDatabase, SqliteStore } from "@tocsin/core/sqlite";
import type { Batch, BatchWriter } from "../greenhouse/batch.ts";
import type { NewReading, Series } from "../greenhouse/reading.ts";
import { toAlertRow, toRecordRow } from "./alert-rows.ts";

type Statements = ReturnType<typeof prepare>;

/** The tables must be there. */
export function createBatchWriter(
  database: SqliteDatabase,
  notifications: Pick<SqliteStore, "appendWithin">,
): BatchWriter {
  const statements = prepare(database.handle);
  // Tells readings of one series in one millisecond apart.
  let lastAt = -1;
  let seq = 0;

  function writeReading(reading: NewReading, insert: StatementSync, idOf: (series: Series) => number): void {
    seq = reading.at === lastAt ? seq + 1 : 0;
    lastAt = reading.at;
    insert.run(idOf(reading.series), reading.at, seq, reading.value);
  }

  return async (batch) => {
    // Ids are given to the series only when they are committed, or they would outlive a rollback.
    const newIds = new Map<Series, number>();
    await database.transaction(() => {
      const { insertSeries, insertReading } = statements;
      const idOf = (series: Series): number => {
        const known = series.id ?? newIds.get(series);
        if (known !== undefined) return known;
        const id = Number(insertSeries.get(series.deviceId, series.plantId, series.metric)?.["id"]);
        newIds.set(series, id);
        return id;
      };
      for (const reading of batch.readings) writeReading(reading, insertReading, idOf);
      writeRest(batch, statements);
      for (const { message } of batch.alerts) if (message !== null) notifications.appendWithin(message.records);
    });
    for (const [series, id] of newIds) series.id = id;
  };
}

function writeRest(batch: Batch, statements: Statements): void {
  const { markSeen, putAlert, insertRecord, repeatRecord, settleRecord, putState } = statements;
  for (const [deviceId, at] of batch.seen) markSeen.run(at, deviceId);
  for (const life of batch.lives.values()) putAlert.run({ ...toAlertRow(life) });
  for (const { record } of batch.alerts) insertRecord.run({ ...toRecordRow(record) });
  for (const [id, { count, lastAt, value }] of batch.repeats) repeatRecord.run(count, lastAt, value, id);
  for (const [id, { delivery, error, settledAt }] of batch.outcomes) settleRecord.run(delivery, error, settledAt, id);
  for (const { fingerprint, plantId, deviceId, state, closedAt } of batch.states.values()) {
    putState.run(fingerprint, plantId, deviceId, JSON.stringify(state), closedAt);
  }
}

function prepare(db: DatabaseSync) {
  return {
    // A device that was removed and registered again goes on where it left off.
    insertSeries: db.prepare(
      `insert into series (device_id, plant_id, metric) values (?, ?, ?)
      on conflict (device_id, plant_id, metric) do update set metric = excluded.metric returning id`,
    ),
    // Twice the same place in time happens only after the machine's clock has been set back across a restart.
    insertReading: db.prepare("insert or ignore into readings (series_id, at, seq, value) values (?, ?, ?, ?)"),
    markSeen: db.prepare("update devices set last_seen_at = ? where id = ?"),
    putAlert: db.prepare(
      `insert into alerts (id, fingerprint, kind, severity, plant_id, plant_name, device_id, metric, direction, threshold, value,
        last_seen_at, started_at, phase, since, transitions)
      values (:id, :fingerprint, :kind, :severity, :plant_id, :plant_name, :device_id, :metric, :direction, :threshold, :value,
        :last_seen_at, :started_at, :phase, :since, :transitions)
      on conflict (id) do update set phase = excluded.phase, since = excluded.since, transitions = excluded.transitions`,
    ),
    insertRecord: db.prepare(
      `insert into alert_records (id, alert_id, kind, reason, plant_id, plant_name, device_id, metric, direction, threshold, value,
        last_seen_at, created_at, count, last_at, delivery, notification_id, error, settled_at)
      values (:id, :alert_id, :kind, :reason, :plant_id, :plant_name, :device_id, :metric, :direction, :threshold, :value,
        :last_seen_at, :created_at, :count, :last_at, :delivery, :notification_id, :error, :settled_at)`,
    ),
    repeatRecord: db.prepare(
      "update alert_records set count = ?, last_at = ?, value = coalesce(?, value) where id = ?",
    ),
    settleRecord: db.prepare("update alert_records set delivery = ?, error = ?, settled_at = ? where id = ?"),
    putState: db.prepare(
      `insert into alert_states (fingerprint, plant_id, device_id, state, closed_at) values (?, ?, ?, ?, ?)
      on conflict (fingerprint) do update set state = excluded.state, closed_at = excluded.closed_at`,
    ),
  };
}
