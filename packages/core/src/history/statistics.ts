/**
 * What roll-ups say in figures: how much arrived, how long it took, what had to be tried again, by type, destination and
 * severity, and over time.
 *
 * Upstream   roll-ups from a store. Downstream the HTTP interface, the dashboard, the command line.
 *
 * Pure.
 */
import type { Severity } from "../notification/notification.ts";
import { type Durations, durationsOf } from "./histogram.ts";
import { QueryError } from "./query-error.ts";
import { emptyRollUp, mergeRollUp, type RollUp } from "./roll-up.ts";
import { ceilTo, floorTo, SPANS_MS, type SpanMs } from "./spans.ts";

export interface StatisticsQuery {
  /** Epoch milliseconds; taken back to the beginning of its minute. */
  readonly from: number;
  /** Epoch milliseconds; taken on to the end of its minute. */
  readonly to: number;
  readonly types?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly destinations?: readonly string[] | undefined;
  /** Also the course of time, in steps of a minute, ten minutes, an hour or a day. @defaultValue none */
  readonly stepMs?: SpanMs | undefined;
}

export interface Figures {
  /** Deliveries concluded, by status. */
  readonly ends: Readonly<Record<string, number>>;
  /** Delivered ones among those that were to be delivered (neither folded, dropped nor expired); `null` when there were none. */
  readonly successRate: number | null;
  readonly reasons: Readonly<Record<string, number>>;
  /** Requests made. */
  readonly tries: number;
  /** Requests by outcome: `delivered`, `rate-limited`, `unavailable`, … */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly retries: RetryFigures;
  /** How long requests took. `null` when there were none. */
  readonly response: Durations | null;
  /** From the creation of a notification to its arrival. `null` when none arrived. */
  readonly endToEnd: Durations | null;
}

export interface RetryFigures {
  readonly deliveredAtOnce: number;
  readonly deliveredAfterRetry: number;
  /** Ended without arriving, although it was tried more than once. */
  readonly gaveUpAfterRetry: number;
  /** May have arrived twice. */
  readonly possibleRepeats: number;
  /** Arrived, by the number of requests it took: `1` to `9`, `10+`. */
  readonly deliveredAfter: Readonly<Record<string, number>>;
}

export interface Statistics {
  readonly from: number;
  readonly to: number;
  readonly total: Figures;
  readonly byType: Readonly<Record<string, Figures>>;
  readonly byDestination: Readonly<Record<string, Figures>>;
  readonly bySeverity: Readonly<Record<string, Figures>>;
  /** Steps in which something happened, oldest first. Empty unless asked for. */
  readonly steps: readonly { readonly at: number; readonly figures: Figures }[];
}

export interface TimedRollUp {
  /** Beginning of its span. */
  readonly at: number;
  readonly rollUp: RollUp;
}

export interface RollUpRow extends TimedRollUp {
  readonly destination: string;
  readonly type: string;
  readonly severity: string;
}

/** The whole minutes of a query. @throws {@link QueryError} when it ends before it begins, or its steps are of no such length, or more than 10,000 */
export function rangeOf({ from, to, stepMs }: StatisticsQuery): { readonly from: number; readonly to: number } {
  const [minuteMs] = SPANS_MS;
  if (!(from <= to)) throw new QueryError(`from must not be after to, got ${instantOf(from)} and ${instantOf(to)}.`);
  if (stepMs !== undefined && !SPANS_MS.includes(stepMs))
    throw new QueryError(`stepMs must be one of ${SPANS_MS.join(", ")}, got ${stepMs}.`);
  const range = { from: floorTo(from, minuteMs), to: ceilTo(to, minuteMs) };
  if (stepMs !== undefined && (range.to - range.from) / stepMs > MAX_STEPS)
    throw new QueryError(`The range has more than ${MAX_STEPS} steps: ask for longer steps.`);
  return range;
}

const MAX_STEPS = 10_000;

function instantOf(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= MOST_MS ? new Date(at).toISOString() : String(at);
}

/** The furthest that a Date reaches. */
const MOST_MS = 8_640_000_000_000_000;

export function isAskedFor(query: StatisticsQuery, row: Omit<RollUpRow, "rollUp">): boolean {
  return (
    (query.types?.includes(row.type) ?? true) &&
    (query.destinations?.includes(row.destination) ?? true) &&
    ((query.severities as readonly string[] | undefined)?.includes(row.severity) ?? true)
  );
}

/**
 * @param kinds of the range that was asked for, each moment in one of them only; they are added up in place
 * @param steps the same moments, in spans no longer than a step; none where no course of time was asked for
 */
export function statisticsOf(
  query: StatisticsQuery,
  kinds: Iterable<RollUpRow>,
  steps: Iterable<TimedRollUp>,
): Statistics {
  // First by kind: there are few of them, and many rows.
  const sums = new Map<string, RollUpRow>();
  for (const row of kinds) {
    const key = JSON.stringify([row.destination, row.type, row.severity]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, row);
    else mergeRollUp(sum.rollUp, row.rollUp);
  }
  return { ...rangeOf(query), ...figuresByKind([...sums.values()]), steps: stepsOf(query, steps) };
}

function figuresByKind(kinds: readonly RollUpRow[]): Omit<Statistics, "from" | "to" | "steps"> {
  const total = emptyRollUp();
  const byType = createGroups<string>();
  const byDestination = createGroups<string>();
  const bySeverity = createGroups<string>();
  for (const { destination, type, severity, rollUp } of kinds) {
    for (const target of [total, byType.of(type), byDestination.of(destination), bySeverity.of(severity)])
      mergeRollUp(target, rollUp);
  }
  const named = ({ all }: Groups<string>) =>
    Object.fromEntries([...all].map(([key, rollUp]) => [key, figuresOf(rollUp)]));
  return {
    total: figuresOf(total),
    byType: named(byType),
    byDestination: named(byDestination),
    bySeverity: named(bySeverity),
  };
}

function stepsOf({ stepMs }: StatisticsQuery, rows: Iterable<TimedRollUp>): Statistics["steps"] {
  if (stepMs === undefined) return [];
  const groups = createGroups<number>();
  for (const { at, rollUp } of rows) mergeRollUp(groups.of(floorTo(at, stepMs)), rollUp);
  const steps = [...groups.all].map(([at, rollUp]) => ({ at, figures: figuresOf(rollUp) }));
  return steps.sort((a, b) => a.at - b.at);
}

interface Groups<Key> {
  readonly all: ReadonlyMap<Key, RollUp>;
  /** Empty at first. */
  of(key: Key): RollUp;
}

function createGroups<Key extends string | number>(): Groups<Key> {
  const all = new Map<Key, RollUp>();
  return {
    all,
    of(key) {
      const known = all.get(key);
      if (known !== undefined) return known;
      const group = emptyRollUp();
      all.set(key, group);
      return group;
    },
  };
}

export function figuresOf(rollUp: RollUp): Figures {
  const { ends, reasons, deliveredAfter, endedAfter, tries, errors } = rollUp;
  const delivered = ends["delivered"] ?? 0;
  const wanted = delivered + (ends["failed"] ?? 0);
  return {
    ends,
    successRate: wanted === 0 ? null : delivered / wanted,
    reasons,
    tries: sum(tries),
    outcomes: tries,
    errors,
    retries: {
      deliveredAtOnce: deliveredAfter["1"] ?? 0,
      deliveredAfterRetry: sum(deliveredAfter) - (deliveredAfter["1"] ?? 0),
      gaveUpAfterRetry: sum(endedAfter) - (endedAfter["0"] ?? 0) - (endedAfter["1"] ?? 0),
      possibleRepeats: rollUp.possibleRepeats,
      deliveredAfter,
    },
    response: durationsOf(rollUp.response),
    endToEnd: durationsOf(rollUp.endToEnd),
  };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
