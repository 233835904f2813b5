/**
 * What was written of late, in short: one row for all writes of a commit, in one tree, instead of a row in each of seven. Later it is
 * unfolded into its tables, many writes at a time; what has been accepted and has ended by then is written in its last state at once. The
 * table is the truth: after a crash it is unfolded when the store is opened.
 *
 * Must stay true: it is unfolded in the order in which it was written. Whoever changes deliveries otherwise unfolds it first, in the same
 * transaction; whoever reads has it unfolded (`Freshness`), or asks what it holds ({@link JournalContents}).
 *
 * Measured with commits of some 20 writes, as 50 busy lanes make them: see docs/decisions/0016-a-long-journal.md.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Appender } from "./append.ts";
import { isOwnFault, storeFailure } from "./failures.ts";
import { createJournalContents, type JournalContents } from "./journal-contents.ts";
import { createJournalEnds } from "./journal-ends.ts";
import { fromText, type JournalEntry, sizeOfAll, toText } from "./journal-entry.ts";
import type { DeliveryKey } from "./rows.ts";
import type { Settled, Settler } from "./settle.ts";

export interface Journal {
  /** As of the last {@link Journal.recount}, and of what was written since. */
  readonly contents: Omit<JournalContents, "add" | "forgetBefore">;
  /** Whether these are worth it. */
  takes(entries: readonly JournalEntry[]): boolean;
  /** Inside a transaction. */
  write(entries: readonly JournalEntry[]): void;
  /** Writes into the tables at once. Inside a transaction, with the journal empty. */
  bypass(entry: JournalEntry): void;
  /**
   * Puts the oldest into their tables: a few more than `atLeast`, where there are so many; all, unless told. Inside a transaction.
   *
   * @returns how many
   */
  unfold(atLeast?: number): number;
  /** Looks what is left. Not inside a transaction that has unfolded, as that may be undone. */
  recount(): void;
}

export interface JournalParts {
  readonly handle: DatabaseSync;
  readonly path: string;
  readonly appender: Appender;
  readonly settler: Settler;
  /** One of them was refused, which it should have been when it was written. */
  readonly onProblem: (error: unknown) => void;
}

/** With more in one commit the tables are as quick: their pages are shared by many. */
const MAX_AT_A_TIME = 64;
/** Of so many, unfolding all at once takes some 15 ms: longer ones take what comes, however much it is, and get shorter bit by bit. */
const MAX_UNFOLDED_AT_ONCE = 2_000;
/** From then on each commit shortens it by more than it adds. So many are unfolded in about half a second, which is what a start after a crash takes longer. */
const MAX_HELD = 50_000;
/** Takes 5 to 10 ms. */
export const UNFOLDED_AT_A_TIME = 1_000;

export function createJournal({ handle, path, appender, settler, onProblem }: JournalParts): Journal {
  const insert = handle.prepare("insert into journal (seq, writes) values (?, ?)");
  const ends = createJournalEnds(handle);
  const select = handle.prepare("select seq, writes from journal order by seq");
  const remove = handle.prepare("delete from journal where seq <= ?");
  const contents = createJournalContents();
  let last = ends.newest() ?? 0;

  function carryOut(entry: JournalEntry, ended?: Map<string, DeliveryKey>): void {
    switch (entry.kind) {
      case "append":
        return appender.append(entry.accepted);
      case "postpone":
        return settler.postpone(entry.postponed);
      case "amend":
        return settler.amend(entry.amended);
      case "settle":
        return settler.settle(entry.settled, ended);
      case "skip":
        return appender.appendSkipped(entry.notification, entry.reason);
    }
  }

  /** What SQLite refuses of it is left out, so that the others are not lost with it. */
  function tolerate(run: () => void): void {
    try {
      run();
    } catch (error) {
      const failure = storeFailure(error, path);
      if (!isOwnFault(failure)) throw error;
      onProblem(failure);
    }
  }

  function applyAll(entries: readonly JournalEntry[]): void {
    const lasts = endsIn(entries);
    const ended = new Map<string, DeliveryKey>();
    for (const entry of entries)
      tolerate(() => {
        if (entry.kind !== "append") return carryOut(entry, ended);
        for (const [id, key] of appender.appendEnded(entry.accepted, lasts)) ended.set(id, key);
      });
  }

  return {
    contents,
    takes: (entries) => sizeOfAll(entries) <= MAX_AT_A_TIME || contents.size > MAX_UNFOLDED_AT_ONCE,
    write(entries) {
      insert.run(++last, toText(entries));
      contents.add(last, entries);
      if (contents.size > MAX_HELD) this.unfold(UNFOLDED_AT_A_TIME + sizeOfAll(entries));
    },
    bypass: carryOut,
    unfold(atLeast = Number.POSITIVE_INFINITY) {
      this.recount();
      const entries: JournalEntry[] = [];
      let size = 0;
      let end: number | null = null;
      for (const row of select.iterate()) {
        const read = fromText(String(row["writes"]));
        size += sizeOfAll(read);
        entries.push(...read);
        end = Number(row["seq"]);
        if (size >= atLeast) break;
      }
      if (end === null) return 0;
      applyAll(entries);
      remove.run(end);
      return size;
    },
    recount() {
      contents.forgetBefore(ends.oldest() ?? last + 1);
    },
  };
}

/** The first end of each: a second was asked for after an answer that was lost on the way. What was changed before its end is not among them. */
function endsIn(entries: readonly JournalEntry[]): ReadonlyMap<string, Settled> {
  const ends = new Map<string, Settled>();
  const changed = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "postpone") for (const { id } of entry.postponed) changed.add(id);
    if (entry.kind === "amend") changed.add(entry.amended.id);
    if (entry.kind !== "settle") continue;
    for (const settled of entry.settled) if (!ends.has(settled.id)) ends.set(settled.id, settled);
  }
  for (const id of changed) ends.delete(id);
  return ends;
}
