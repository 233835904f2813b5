/**
 * Finds the places that may be what a filter asks for, newest first, by the shortest way: a short list of deliveries in a rare
 * state, the index of words, or the table itself. Whoever asked compares the entries with the filter.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { HistoryFilter, HistoryStatus } from "../../history/history.ts";
import { DRIFT_MS, placeOf } from "./place.ts";
import { expressionOf } from "./words.ts";

/** From `floor` on, and below `below`. */
export interface Bounds {
  readonly floor: number;
  readonly below: number;
}

/** The next so many candidates below a place, newest first. */
export type Candidates = (below: number, limit: number) => readonly number[];

export interface CandidateFinder {
  find(filter: HistoryFilter, bounds: Bounds): { readonly candidates: Candidates; readonly needsText: boolean };
}

/** So many deliveries are walked rather than the words, however common these are. */
const SHORT_LIST = 2_000;

/** States of deliveries of which a notification with this status has at least one. */
const STATES: Readonly<Record<HistoryStatus, readonly string[]>> = {
  waiting: ["waiting"],
  delivered: ["delivered"],
  folded: ["folded"],
  partial: ["failed", "dropped", "expired", "folded"],
  failed: ["failed", "dropped", "expired", "folded"],
  dropped: ["dropped"],
  expired: ["expired"],
  skipped: [],
};

export function createCandidateFinder(reader: DatabaseSync): CandidateFinder {
  const walk = {
    all: placesOf(reader, "select place from notifications where place < ? and place >= ? order by place desc limit ?"),
    skipped: placesOf(
      reader,
      "select place from notifications where skipped is not null and place < ? and place >= ? order by place desc limit ?",
    ),
    waiting: placesOf(
      reader,
      "select distinct place from deliveries where state = 'waiting' and place < ? and place >= ? order by place desc limit ?",
    ),
    allWaiting: placesOf(
      reader,
      "select place from deliveries indexed by deliveries_waiting where state = 'waiting' limit ?",
    ),
    settled: reader.prepare(
      `select distinct place from deliveries indexed by deliveries_settled
      where state = ? and state <> 'waiting' and place < ? and place >= ? order by place desc limit ?`,
    ),
    words: reader.prepare(
      `select rowid as place from notification_words
      where notification_words match ? and rowid < ? and rowid >= ? order by rowid desc limit ?`,
    ),
  };
  const wordsInState = reader.prepare(
    `select w.rowid as place from notification_words as w
    where w.notification_words match ? and w.rowid < ? and w.rowid >= ? and exists (
      select 1 from deliveries as d where d.place = w.rowid and d.state in (select value from json_each(?))
    ) order by w.rowid desc limit ?`,
  );

  /** A few are looked up in the queue; many are found soon in the table, as they are the newest as a rule. */
  function waiting(below: number, floor: number, limit: number): readonly number[] {
    const few = walk.allWaiting(SHORT_LIST);
    if (few.length === SHORT_LIST) return walk.waiting(below, floor, limit);
    const within = few.filter((place) => place < below && place >= floor);
    return [...new Set(within)].sort((a, b) => b - a).slice(0, limit);
  }

  function byStates(statuses: readonly HistoryStatus[], floor: number): Candidates {
    const states = statesOf(statuses);
    return (below, limit) => {
      const lists = states.map((state) =>
        state === "waiting" ? waiting(below, floor, limit) : placesIn(walk.settled.all(state, below, floor, limit)),
      );
      if (statuses.includes("skipped")) lists.push(walk.skipped(below, floor, limit));
      return [...new Set(lists.flat())].sort((a, b) => b - a).slice(0, limit);
    };
  }

  function byWords(expression: string, { statuses }: HistoryFilter, floor: number): Candidates {
    const states = statuses === undefined || statuses.includes("skipped") ? null : JSON.stringify(statesOf(statuses));
    if (states === null) return (below, limit) => placesIn(walk.words.all(expression, below, floor, limit));
    return (below, limit) => placesIn(wordsInState.all(expression, below, floor, states, limit));
  }

  return {
    find(filter, { floor, below }) {
      const expression = expressionOf(filter);
      const listed = filter.statuses === undefined ? null : byStates(filter.statuses, floor);
      if (expression === null)
        return { candidates: listed ?? ((from, limit) => walk.all(from, floor, limit)), needsText: false };
      const isCommon = filter.statuses?.some((status) => status === "delivered" || status === "waiting") ?? true;
      if (listed !== null && !isCommon && listed(below, SHORT_LIST).length < SHORT_LIST)
        return { candidates: listed, needsText: true };
      return { candidates: byWords(expression, filter, floor), needsText: false };
    },
  };
}

/** The places of a filter's range of time. A little more at its end, see {@link DRIFT_MS}. */
export function boundsOf({ from, to }: Pick<HistoryFilter, "from" | "to">): Bounds {
  return {
    floor: from === undefined ? 0 : Math.max(0, placeOf(from)),
    below:
      to === undefined
        ? Number.MAX_SAFE_INTEGER
        : Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, placeOf(to + DRIFT_MS + 1))),
  };
}

function statesOf(statuses: readonly HistoryStatus[]): readonly string[] {
  return [...new Set(statuses.flatMap((status) => STATES[status]))];
}

function placesOf(reader: DatabaseSync, sql: string): (...parameters: SQLInputValue[]) => number[] {
  const statement = reader.prepare(sql);
  return (...parameters) => placesIn(statement.all(...parameters));
}

function placesIn(rows: readonly Record<string, unknown>[]): number[] {
  return rows.map((row) => row["place"] as number);
}
