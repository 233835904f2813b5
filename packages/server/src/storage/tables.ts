/** The server's own tables as the queries see them. `migrations/` makes them, `schema.sql` shows them whole. Instants are epoch milliseconds. */
import type { Generated } from "kysely";

export interface Tables {
  plants: {
    id: string;
    name: string;
    species: string | null;
    /** JSON: a list of `[metric, min, max]`. */
    thresholds: string;
    created_at: number;
    updated_at: number;
    /** JSON; `null` for none. */
    preferences: string | null;
    /** Sealed with `ENCRYPTION_KEY`; `null` for none. */
    webhook: string | null;
  };
  devices: {
    id: string;
    plant_id: string | null;
    password_hash: string;
    created_at: number;
    last_seen_at: number | null;
  };
  series: {
    id: Generated<number>;
    device_id: string;
    plant_id: string | null;
    metric: string;
  };
  readings: {
    series_id: number;
    at: number;
    seq: number;
    value: number;
  };
  alerts: AlertRow;
  alert_records: AlertRecordRow;
  silences: {
    id: string;
    matchers: string;
    created_at: number;
    until_at: number;
    by: string | null;
    comment: string | null;
    ended_at: number | null;
  };
  alert_states: {
    fingerprint: string;
    plant_id: string | null;
    device_id: string | null;
    /** JSON of the life cycle's state. */
    state: string;
    closed_at: number | null;
  };
}

/** What was found: the columns of one kind are `null` for the other. */
export interface FindingColumns {
  kind: "threshold" | "offline";
  metric: string | null;
  direction: string | null;
  threshold: number | null;
  value: number | null;
  last_seen_at: number | null;
}

export interface AlertRow extends FindingColumns {
  id: string;
  fingerprint: string;
  severity: string;
  plant_id: string | null;
  plant_name: string | null;
  device_id: string;
  started_at: number;
  phase: string;
  since: number;
  /** JSON: the list of transitions. */
  transitions: string;
}

export interface AlertRecordRow extends FindingColumns {
  id: string;
  alert_id: string;
  reason: string;
  plant_id: string | null;
  plant_name: string | null;
  device_id: string;
  created_at: number;
  count: number;
  last_at: number;
  delivery: string;
  notification_id: string | null;
  error: string | null;
  settled_at: number | null;
}
