/** Has the journal unfolded before anybody reads what it is about. */
import type { SqliteDatabase } from "./database.ts";
import type { Journal } from "./journal.ts";

export interface Freshness {
  /** Whether it can be had at once. */
  readonly isWithinReach: boolean;
  /** Resolves when the tables have everything that is committed now. */
  catchUp(): Promise<void>;
  /** The same at once. @throws StoreError `STORE_BUSY` where somebody holds a transaction open */
  catchUpNow(): void;
}

export function createFreshness(
  { reader, handle, quickTransactionNow }: SqliteDatabase,
  journal: Journal,
  transaction: SqliteDatabase["transaction"],
): Freshness {
  const select = reader.prepare("select 1 from journal limit 1");
  const isStale = (): boolean => select.get() !== undefined;
  return {
    get isWithinReach() {
      return !handle.isTransaction || !isStale();
    },
    async catchUp() {
      if (isStale()) await transaction(journal.unfold);
    },
    catchUpNow() {
      if (isStale()) quickTransactionNow(journal.unfold);
    },
  };
}
