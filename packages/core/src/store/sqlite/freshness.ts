/** Has the journal unfolded before anybody reads what it is about. */
import type { Defer } from "../../clock/turn.ts";
import type { SqliteDatabase } from "./database.ts";
import { type Journal, UNFOLDED_AT_A_TIME } from "./journal.ts";

export interface Freshness {
  /** Whether it can be had at once. */
  readonly isWithinReach: boolean;
  /** Resolves when the tables have everything that is committed now. Others have their turn meanwhile. */
  catchUp(): Promise<void>;
  /** The same at once. @throws StoreError `STORE_BUSY` where somebody holds a transaction open */
  catchUpNow(): void;
}

export interface FreshnessParts {
  readonly database: SqliteDatabase;
  readonly journal: Journal;
  readonly transaction: SqliteDatabase["transaction"];
  readonly defer: Defer;
}

export function createFreshness({ database, journal, transaction, defer }: FreshnessParts): Freshness {
  const { reader, handle, quickTransactionNow } = database;
  const ends = reader.prepare("select min(seq) as oldest, max(seq) as newest from journal");
  const numberAt = (end: "oldest" | "newest"): number | null => (ends.get()?.[end] ?? null) as number | null;
  return {
    get isWithinReach() {
      return !handle.isTransaction || numberAt("newest") === null;
    },
    async catchUp() {
      const newest = numberAt("newest") ?? 0;
      const isStale = (): boolean => (numberAt("oldest") ?? Number.POSITIVE_INFINITY) <= newest;
      while (isStale()) {
        await transaction(() => journal.unfold(UNFOLDED_AT_A_TIME));
        if (isStale()) await new Promise<void>(defer);
      }
    },
    catchUpNow() {
      if (numberAt("newest") !== null) quickTransactionNow(() => journal.unfold());
      journal.recount();
    },
  };
}
