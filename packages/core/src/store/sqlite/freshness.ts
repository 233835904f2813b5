/** Has the journal unfolded before anybody reads what it is about. */
import type { Defer } from "../../clock/turn.ts";
import type { SqliteDatabase } from "./database.ts";
import { type Journal, UNFOLDED_AT_A_TIME } from "./journal.ts";
import { createJournalEnds } from "./journal-ends.ts";

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
  const { oldest, newest } = createJournalEnds(reader);
  return {
    get isWithinReach() {
      return !handle.isTransaction || oldest() === null;
    },
    async catchUp() {
      const upTo = newest() ?? 0;
      const isStale = (): boolean => (oldest() ?? Number.POSITIVE_INFINITY) <= upTo;
      while (isStale()) {
        await transaction(() => journal.unfold(UNFOLDED_AT_A_TIME));
        if (isStale()) await new Promise<void>(defer);
      }
    },
    catchUpNow() {
      if (oldest() !== null) quickTransactionNow(() => journal.unfold());
      journal.recount();
    },
  };
}
