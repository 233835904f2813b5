/** What must have arrived by the end. Pure. */
import type { Plan } from "../settings/plan.ts";
import type { Expected } from "./verdict.ts";

export interface Course {
  /** It ran to its own end; otherwise somebody ended it. */
  readonly finished: boolean;
  /** Epoch milliseconds, as all instants here. */
  readonly endedAt: number;
  /** When a device first fell silent; `null` when none has. */
  readonly silentSince: number | null;
  /** When the import first failed. */
  readonly failedAt: number | null;
  /** When the first reading beyond a limit was sent. */
  readonly beyondAt: number | null;
}

/** What an alert may take to arrive, the waits of Discord's limits included. */
const ARRIVAL_MS = 2_000;

/**
 * A run that reached its end must have shown everything, but for threshold alerts where no reading crossed a limit (at a low
 * speed the weather stays within them). One that was ended early must have shown what was due.
 */
export function expectedBy(course: Course, { offlineAfterMs, offlineCheckMs }: Plan): Expected[] {
  const { finished, endedAt, silentSince, failedAt, beyondAt } = course;
  const due = (since: number | null, afterMs: number): boolean => since !== null && endedAt - since >= afterMs;
  return [
    ...(due(beyondAt, ARRIVAL_MS) ? (["threshold alert"] as const) : []),
    ...(finished || due(silentSince, offlineAfterMs + 2 * offlineCheckMs + ARRIVAL_MS)
      ? (["offline alert"] as const)
      : []),
    ...(finished || due(failedAt, ARRIVAL_MS) ? (["application error"] as const) : []),
  ];
}
