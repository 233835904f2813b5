/**
 * Roll-ups, derived from the table of attempts in the order in which it was written. Each batch adds to the rows of its minutes,
 * hours and days in the same transaction that remembers how far it has come, so every attempt counts once.
 */
import type { DatabaseSync } from "node:sqlite";
import type { AttemptError } from "../../delivery/channel.ts";
import type { AttemptRecord } from "../../delivery/outbox.ts";
import type { DestinationResult } from "../../delivery/result.ts";
import { addFact, emptyRollUp, type Fact, mergeRollUp, type RollUp } from "../../history/roll-up.ts";
import { coverRange, floorTo, SPANS_MS, type SpanMs } from "../../history/spans.ts";
import {
  isAskedFor,
  type RollUpRow,
  rangeOf,
  type Statistics,
  type StatisticsQuery,
  statisticsOf,
  type TimedRollUp,
} from "../../history/statistics.ts";
import { createMark } from "./marks.ts";

export interface RollUps {
  /** The last attempt that is counted. */
  readonly upTo: number;
  /** Counts the next so many attempts. Inside a transaction. @returns how many there were */
  fill(limit: number): number;
}

interface AttemptRow {
  readonly seq: number;
  readonly started_at: number;
  readonly ended_at: number;
  readonly outcome: AttemptRecord["outcome"] | null;
  readonly error: string | null;
  readonly ends: number;
  readonly lane: string;
  readonly result: string | null;
  readonly type: string;
  readonly severity: string;
  readonly created_at: number;
}

/** One span of one kind of notification at one destination. */
interface Group {
  readonly at: number;
  readonly lane: string;
  readonly type: string;
  readonly severity: string;
  readonly rollUp: RollUp;
}

export function createRollUps(handle: DatabaseSync): RollUps {
  const mark = createMark(handle, "roll-ups");
  const next = handle.prepare(
    `select a.seq, a.started_at, a.ended_at, a.outcome, a.error, a.ends, d.lane, d.result, n.type, n.severity, n.created_at
    from attempts as a
      join deliveries as d on d.place = a.place and d.ordinal = a.ordinal
      join notifications as n on n.place = a.place
    where a.seq > ? order by a.seq limit ?`,
  );
  const addToKind = createAdder(handle, "roll_ups", ["span_ms", "at", "lane", "type", "severity"]);
  const addToTotal = createAdder(handle, "roll_up_totals", ["span_ms", "at"]);

  return {
    get upTo() {
      return mark.value;
    },
    fill(limit) {
      const rows = next.all(mark.value, limit) as unknown as AttemptRow[];
      let groups = groupsOf(rows);
      for (const spanMs of SPANS_MS) {
        // Added up here first, so that each row is read and written once, whatever falls into it.
        groups = inSpansOf(spanMs, groups);
        for (const { at, lane, type, severity, rollUp } of groups)
          addToKind([spanMs, at, lane, type, severity], rollUp);
        for (const [at, rollUp] of overAllKinds(groups)) addToTotal([spanMs, at], rollUp);
      }
      const last = rows.at(-1);
      if (last !== undefined) mark.write(last.seq);
      return rows.length;
    },
  };
}

/** @returns a function that adds a roll-up to the row of this key, and makes the row where it is missing */
function createAdder(handle: DatabaseSync, table: string, columns: readonly string[]) {
  const names = columns.join(", ");
  const values = columns.map(() => "?").join(", ");
  const select = handle.prepare(`select data from ${table} where (${names}) = (${values})`);
  const upsert = handle.prepare(
    `insert into ${table} (${names}, data) values (${values}, ?) on conflict do update set data = excluded.data`,
  );
  return (key: readonly (number | string)[], rollUp: RollUp): void => {
    const known = select.get(...key)?.["data"];
    const sum = known === undefined ? emptyRollUp() : (JSON.parse(String(known)) as RollUp);
    mergeRollUp(sum, rollUp);
    upsert.run(...key, JSON.stringify(sum));
  };
}

function groupsOf(rows: readonly AttemptRow[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const { lane, type, severity, ended_at } = row;
    const at = floorTo(ended_at, SPANS_MS[0]);
    const key = JSON.stringify([at, lane, type, severity]);
    const group = groups.get(key) ?? { at, lane, type, severity, rollUp: emptyRollUp() };
    groups.set(key, group);
    addFact(group.rollUp, factOf(row));
  }
  return [...groups.values()];
}

/** The same in longer spans; what falls together is added up in place. */
function inSpansOf(spanMs: SpanMs, groups: readonly Group[]): readonly Group[] {
  const longer = new Map<string, Group>();
  for (const group of groups) {
    const { lane, type, severity } = group;
    const at = floorTo(group.at, spanMs);
    const key = JSON.stringify([at, lane, type, severity]);
    const known = longer.get(key);
    if (known === undefined) longer.set(key, { ...group, at });
    else mergeRollUp(known.rollUp, group.rollUp);
  }
  return [...longer.values()];
}

/** The sums of spans, whatever the kind. */
function overAllKinds(groups: readonly Group[]): ReadonlyMap<number, RollUp> {
  const totals = new Map<number, RollUp>();
  for (const { at, rollUp } of groups) {
    const total = totals.get(at) ?? emptyRollUp();
    totals.set(at, total);
    mergeRollUp(total, rollUp);
  }
  return totals;
}

function factOf({ started_at, ended_at, outcome, error, ends, result, created_at }: AttemptRow): Fact {
  const errorCode = error === null ? null : (JSON.parse(error) as AttemptError).code;
  return {
    attempt: outcome === null ? null : { outcome, startedAt: started_at, endedAt: ended_at, errorCode },
    end:
      ends === 1 && result !== null
        ? { result: JSON.parse(result) as DestinationResult, createdAt: created_at, settledAt: ended_at }
        : null,
  };
}

/** Answers from what is counted so far. */
export function createStatisticsReader(reader: DatabaseSync): (query: StatisticsQuery) => Statistics {
  const selectKinds = reader.prepare(
    "select at, lane, type, severity, data from roll_ups where span_ms = ? and at >= ? and at < ?",
  );
  const selectTotals = reader.prepare("select at, data from roll_up_totals where span_ms = ? and at >= ? and at < ?");

  function* kindsOf(query: StatisticsQuery, longestMs?: SpanMs): Iterable<RollUpRow> {
    for (const { spanMs, from, to } of coverRange(rangeOf(query), longestMs)) {
      for (const row of selectKinds.all(spanMs, from, to)) {
        const kind = {
          at: Number(row["at"]),
          destination: String(row["lane"]),
          type: String(row["type"]),
          severity: String(row["severity"]),
        };
        if (isAskedFor(query, kind)) yield { ...kind, rollUp: rollUpIn(row) };
      }
    }
  }

  function* totalsOf(query: StatisticsQuery, longestMs: SpanMs): Iterable<TimedRollUp> {
    for (const { spanMs, from, to } of coverRange(rangeOf(query), longestMs)) {
      for (const row of selectTotals.all(spanMs, from, to)) yield { at: Number(row["at"]), rollUp: rollUpIn(row) };
    }
  }

  return (query) => {
    const { types, severities, destinations, stepMs } = query;
    if (stepMs === undefined) return statisticsOf(query, kindsOf(query), []);
    const isOfAll = types === undefined && severities === undefined && destinations === undefined;
    return statisticsOf(query, kindsOf(query), isOfAll ? totalsOf(query, stepMs) : kindsOf(query, stepMs));
  };
}

function rollUpIn(row: Readonly<Record<string, unknown>>): RollUp {
  return JSON.parse(String(row["data"])) as RollUp;
}
