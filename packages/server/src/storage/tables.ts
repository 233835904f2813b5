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
  alert_states: {
    fingerprint: string;
    plant_id: string | null;
    device_id: string | null;
    /** JSON of the life cycle's state. */
    state: string;
  };
}

export interface AlertRow {
  id: string;
  kind: "threshold" | "offline";
  reason: string;
  plant_id: string | null;
  plant_name: string | null;
  device_id: string;
  metric: string | null;
  direction: string | null;
  threshold: number | null;
  value: number | null;
  last_seen_at: number | null;
  created_at: number;
  count: number;
  last_at: number;
  delivery: string;
  notification_id: string | null;
  error: string | null;
  settled_at: number | null;
}
