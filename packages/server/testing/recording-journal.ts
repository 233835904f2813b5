/** A journal for tests that writes nothing and keeps what it was handed. */
import type { AlertRecord, AlertRecordId } from "../src/greenhouse/alert.ts";
import { type Batch, emptyBatch } from "../src/greenhouse/batch.ts";
import type { Journal } from "../src/greenhouse/journal.ts";

export interface RecordingJournal extends Journal {
  readonly batch: Batch;
  /** Alerts that are to be sent, oldest first. */
  readonly told: () => readonly AlertRecord[];
  readonly heldBack: () => readonly AlertRecord[];
  /** How many times that row was found. */
  readonly countOf: (id: AlertRecordId) => number;
  failing: boolean;
}

export function createRecordingJournal(): RecordingJournal {
  const batch = emptyBatch();
  return {
    batch,
    failing: false,
    told: () => batch.alerts.filter(({ message }) => message !== null).map(({ record }) => record),
    heldBack: () => batch.alerts.filter(({ message }) => message === null).map(({ record }) => record),
    countOf: (id) => batch.repeats.get(id)?.count ?? 1,
    reading: (reading) => void batch.readings.push(reading),
    seen: (deviceId, at) => void batch.seen.set(deviceId, at),
    alert: (alert) => void batch.alerts.push(alert),
    repeat: (id, repeat) => void batch.repeats.set(id, repeat),
    life: (life) => void batch.lives.set(life.id, life),
    state: (state) => void batch.states.set(state.fingerprint, state),
    outcome: (id, outcome) => void batch.outcomes.set(id, outcome),
    committed: () => Promise.resolve(),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
