/**
 * What is written together, in one transaction: readings, signs of life, and what follows from them: alert rows, alert states,
 * and the deliveries that tell the alerts (A5). Either all of it is in the database or nothing is.
 */
import type { AlertState } from "@tocsin/core/stages";
import type { AlertId, AlertOutcome, AlertSubject, NewAlert } from "./alert.ts";
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
  readonly repeats: Map<AlertId, AlertRepeat>;
  readonly states: Map<string, { readonly subject: AlertSubject; readonly state: AlertState }>;
  readonly outcomes: Map<AlertId, AlertOutcome>;
}

/** Writes a batch as one transaction; implemented by `storage/`. Rejects when nothing of it was written. */
export type BatchWriter = (batch: Batch) => Promise<void>;

export function emptyBatch(): Batch {
  return { readings: [], seen: new Map(), alerts: [], repeats: new Map(), states: new Map(), outcomes: new Map() };
}

export function isEmpty(batch: Batch): boolean {
  return sizeOf(batch) === 0;
}

/** Rows that writing it will touch. */
export function sizeOf({ readings, seen, alerts, repeats, states, outcomes }: Batch): number {
  return readings.length + seen.size + alerts.length + repeats.size + states.size + outcomes.size;
}
