/**
 * Counts and durations of all that happened in one span of time, to notifications of one type and severity at one destination.
 * Roll-ups add up, so that a week is seven days and not a million rows.
 *
 * Plain data, so that it can be stored as JSON. `addFact` and `mergeRollUp` change their first argument.
 */
import type { AttemptRecord } from "../delivery/outbox.ts";
import type { DestinationResult } from "../delivery/result.ts";
import { addDuration, emptyHistogram, type Histogram, mergeHistogram } from "./histogram.ts";

type Counts = Record<string, number>;

export interface RollUp {
  /** Deliveries that were concluded, by status. */
  ends: Counts;
  /** Those of them that did not arrive, by reason. */
  reasons: Counts;
  /** Those that arrived, by number of requests it took; from ten on as `10+`. */
  deliveredAfter: Counts;
  /** Those that did not, and were not folded into another, by number of requests made. */
  endedAfter: Counts;
  /** Deliveries that may have arrived twice. */
  possibleRepeats: number;
  /** Requests, by outcome. */
  tries: Counts;
  /** Requests that failed, by the code of the error. */
  errors: Counts;
  /** From the start of a request to its end. */
  response: Histogram;
  /** From the creation of a notification to its arrival. */
  endToEnd: Histogram;
}

/** A try, the end of a delivery, or a try that was the end. */
export interface Fact {
  readonly attempt:
    | (Pick<AttemptRecord, "outcome" | "startedAt" | "endedAt"> & { readonly errorCode: string | null })
    | null;
  readonly end: { readonly result: DestinationResult; readonly createdAt: number; readonly settledAt: number } | null;
}

export function emptyRollUp(): RollUp {
  return {
    ends: {},
    reasons: {},
    deliveredAfter: {},
    endedAfter: {},
    possibleRepeats: 0,
    tries: {},
    errors: {},
    response: emptyHistogram(),
    endToEnd: emptyHistogram(),
  };
}

export function addFact(rollUp: RollUp, { attempt, end }: Fact): void {
  if (attempt !== null) {
    count(rollUp.tries, attempt.outcome);
    if (attempt.errorCode !== null) count(rollUp.errors, attempt.errorCode);
    addDuration(rollUp.response, attempt.endedAt - attempt.startedAt);
  }
  if (end !== null) addEnd(rollUp, end);
}

function addEnd(rollUp: RollUp, { result, createdAt, settledAt }: NonNullable<Fact["end"]>): void {
  count(rollUp.ends, result.status);
  if (result.status === "delivered") {
    count(rollUp.deliveredAfter, triesKey(result.attempts));
    if (result.possibleRepeat) rollUp.possibleRepeats++;
    addDuration(rollUp.endToEnd, settledAt - createdAt);
    return;
  }
  if (result.status === "folded") return;
  count(rollUp.endedAfter, triesKey(result.attempts));
  count(rollUp.reasons, result.reason);
}

const COUNTS = ["ends", "reasons", "deliveredAfter", "endedAfter", "tries", "errors"] as const;

export function mergeRollUp(target: RollUp, source: RollUp): void {
  for (const name of COUNTS) {
    const counts = source[name];
    // Quicker than over entries, and statistics add up thousands of these.
    for (const key in counts) count(target[name], key, counts[key]);
  }
  target.possibleRepeats += source.possibleRepeats;
  mergeHistogram(target.response, source.response);
  mergeHistogram(target.endToEnd, source.endToEnd);
}

function count(counts: Counts, key: string, more = 1): void {
  counts[key] = (counts[key] ?? 0) + more;
}

function triesKey(attempts: number): string {
  return attempts < 10 ? String(attempts) : "10+";
}
