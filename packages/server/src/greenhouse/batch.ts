/**
 * What is written together, in one transaction: readings, signs of life, and what follows from them: alerts and their records, alert states,
 * and the deliveries that tell the alerts (A5). Either all of it is in the database or nothing is.
 */
import type { AlertOutcome, AlertRecordId, NewAlert, StoredAlertState } from "./alert.ts";
import type { AlertId, AlertLife } from "./alert-life.ts";
import type { NewReading } from "./reading.ts";

/** How often a held-back alert has been found by now. */
export interface AlertRepeat {
  readonly count: number;
  readonly lastAt: number;
  readonly value: number | null;
}

export interface Batch {
  readonly readings: NewReading[];
  /** Last sign of life by device. */
  readonly seen: Map<string, number>;
  readonly alerts: NewAlert[];
  readonly repeats: Map<AlertRecordId, AlertRepeat>;
  readonly lives: Map<AlertId, AlertLife>;
  /** By fingerprint. */
  readonly states: Map<string, StoredAlertState>;
  readonly outcomes: Map<AlertRecordId, AlertOutcome>;
}

/** Writes a batch as one transaction; implemented by `storage/`. Rejects when nothing of it was written. */
export type BatchWriter = (batch: Batch) => Promise<void>;

export function emptyBatch(): Batch {
  return {
    readings: [],
    seen: new Map(),
    alerts: [],
    repeats: new Map(),
    lives: new Map(),
    states: new Map(),
    outcomes: new Map(),
  };
}

export function isEmpty(batch: Batch): boolean {
  return sizeOf(batch) === 0;
}

/** Rows that writing it will touch. */
export function sizeOf({ readings, seen, alerts, repeats, lives, states, outcomes }: Batch): number {
  return readings.length + seen.size + alerts.length + repeats.size + lives.size + states.size + outcomes.size;
}
