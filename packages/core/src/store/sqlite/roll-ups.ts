/**
 * Roll-ups, derived from the table of attempts in the order in which it was written. Each batch adds to the rows of its minutes,
 * hours and days in the same transaction that remembers how far it has come, so every attempt counts once.
 */
import type { DatabaseSync } from "node:sqlite";
import type { AttemptError } from "../../delivery/channel.ts";
import type { AttemptRecord } from "../../delivery/outbox.ts";
import type { DestinationResult } from "../../delivery/result.ts";
import { addFact, emptyRollUp, type Fact, mergeRollUp, type RollUp } from "../../history/roll-up.ts";
import { coverRange, floorTo, SPANS_MS } from "../../history/spans.ts";
import {
  isAskedFor,
  type RollUpRow,
  rangeOf,
  type Statistics,
  type StatisticsQuery,
  statisticsOf,
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

/** One minute of one kind of notification at one destination. */
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
  const select = handle.prepare(
    "select data from roll_ups where span_ms = ? and at = ? and lane = ? and type = ? and severity = ?",
  );
  const upsert = handle.prepare(
    `insert into roll_ups (span_ms, at, lane, type, severity, data) values (?, ?, ?, ?, ?, ?)
    on conflict do update set data = excluded.data`,
  );

  function add({ at, lane, type, severity, rollUp }: Group): void {
    for (const spanMs of SPANS_MS) {
      const key = [spanMs, floorTo(at, spanMs), lane, type, severity] as const;
      const known = select.get(...key)?.["data"];
      const total = known === undefined ? emptyRollUp() : (JSON.parse(String(known)) as RollUp);
      mergeRollUp(total, rollUp);
      upsert.run(...key, JSON.stringify(total));
    }
  }

  return {
    get upTo() {
      return mark.value;
    },
    fill(limit) {
      const rows = next.all(mark.value, limit) as unknown as AttemptRow[];
      for (const group of groupsOf(rows)) add(group);
      const last = rows.at(-1);
      if (last !== undefined) mark.write(last.seq);
      return rows.length;
    },
  };
}

function groupsOf(rows: readonly AttemptRow[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const { lane, type, severity, ended_at } = row;
    const at = floorTo(ended_at, SPANS_MS[0]);
    const key = JSON.stringify([at, lane, type, severity]);
    const group = groups.get(key) ?? { at, lane, type, severity, rollUp: emptyRollUp() };
    groups.set(key, group);
    addFact(group.rollUp, factOf(row));
  }
  return groups.values();
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
  const select = reader.prepare(
    "select at, lane, type, severity, data from roll_ups where span_ms = ? and at >= ? and at < ?",
  );

  function* rowsOf(query: StatisticsQuery): Iterable<RollUpRow> {
    for (const { spanMs, from, to } of coverRange(rangeOf(query), query.stepMs)) {
      for (const row of select.all(spanMs, from, to)) {
        const key = {
          at: Number(row["at"]),
          destination: String(row["lane"]),
          type: String(row["type"]),
          severity: String(row["severity"]),
        };
        if (isAskedFor(query, key)) yield { ...key, rollUp: JSON.parse(String(row["data"])) as RollUp };
      }
    }
  }

  return (query) => statisticsOf(query, rowsOf(query));
}
