/**
 * What was accepted and what has ended of late, in short: one row for all writes of a commit, in one tree, instead of a row in each
 * of seven. A moment later they are unfolded into their tables, many at a time; what has been accepted and has ended by then is written
 * in its last state at once. The table is the truth: after a crash it is unfolded when the store is opened.
 *
 * Must stay true: whatever reads or changes deliveries finds the journal empty. Whoever writes unfolds it first, in the same
 * transaction; whoever reads has it unfolded (`Freshness`).
 *
 * Measured with commits of some 20 writes, as 50 busy lanes make them: see docs/decisions/0011-a-journal-before-the-tables.md.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Appender } from "./append.ts";
import { isOwnFault, storeFailure } from "./failures.ts";
import { fromText, isPlain, type JournalEntry, sizeOf, toText } from "./journal-entry.ts";
import type { Places } from "./place.ts";
import type { Settled, Settler } from "./settle.ts";

export interface Journal {
  /** Whether these are worth it: few, and of a kind that it can hold. */
  takes(entries: readonly JournalEntry[]): boolean;
  /** Inside a transaction. */
  write(entries: readonly JournalEntry[]): void;
  /** Puts everything into its tables. Inside a transaction. */
  unfold(): void;
}

export interface JournalParts {
  readonly handle: DatabaseSync;
  readonly path: string;
  readonly places: Places;
  readonly appender: Appender;
  readonly settler: Settler;
  /** One of them was refused, which it should have been when it was written. */
  readonly onProblem: (error: unknown) => void;
}

/** With more in one commit the tables are as quick: their pages are shared by many. */
const MAX_AT_A_TIME = 64;
/** Unfolding so many takes about 5 ms. */
const MAX_HELD = 1_000;

export function createJournal({ handle, path, places, appender, settler, onProblem }: JournalParts): Journal {
  const insert = handle.prepare("insert into journal (seq, writes) values (?, ?)");
  const newest = handle.prepare("select coalesce(max(seq), 0) as seq from journal");
  const selectSeqs = handle.prepare("select seq from journal order by seq");
  const select = handle.prepare("select writes from journal where seq = ?");
  const remove = handle.prepare("delete from journal where seq <= ?");
  let last = Number(newest.get()?.["seq"]);
  /** What this process has written, so that it need not be read: no more than that, as a transaction may have been undone. */
  const written = new Map<number, readonly JournalEntry[]>();
  let held = 0;

  function entriesAt(seq: number): readonly JournalEntry[] {
    return written.get(seq) ?? fromText(String(select.get(seq)?.["writes"]));
  }

  /** What SQLite refuses of it is left out, so that the others are not lost with it. */
  function carryOut(run: () => void): void {
    try {
      run();
    } catch (error) {
      const failure = storeFailure(error, path);
      if (!isOwnFault(failure)) throw error;
      onProblem(failure);
    }
  }

  function apply(entries: readonly JournalEntry[]): void {
    const ends = endsIn(entries);
    const ended = new Map<string, { readonly place: number; readonly ordinal: number }>();
    for (const entry of entries) {
      carryOut(() => {
        if (entry.kind === "settle") return settler.settle(entry.settled, ended);
        for (const [id, key] of appender.appendEnded(entry.accepted, ends)) ended.set(id, key);
      });
    }
  }

  return {
    takes: (entries) =>
      held < MAX_HELD &&
      entries.reduce((sum, entry) => sum + sizeOf(entry), 0) <= MAX_AT_A_TIME &&
      entries.every((entry) => isPlain(entry) && isInOrder(entry, places)),
    write(entries) {
      const placed = entries.map((entry) => withPlaces(entry, places));
      insert.run(++last, toText(placed));
      written.set(last, placed);
      held += placed.reduce((sum, entry) => sum + sizeOf(entry), 0);
    },
    unfold() {
      const seqs = selectSeqs.all().map((row) => Number(row["seq"]));
      const end = seqs.at(-1);
      if (end === undefined) return;
      apply(seqs.flatMap(entriesAt));
      remove.run(end);
      written.clear();
      held = 0;
    },
  };
}

/** Which places are free is known from the tables alone where the clock was set back. */
function isInOrder(entry: JournalEntry, places: Places): boolean {
  return (
    entry.kind === "settle" || entry.accepted.every(({ notification }) => places.isInOrder(notification.createdAt))
  );
}

function withPlaces(entry: JournalEntry, places: Places): JournalEntry {
  if (entry.kind === "settle") return entry;
  const accepted = entry.accepted.map((one) => ({ ...one, place: places.next(one.notification.createdAt) }));
  return { kind: "append", accepted };
}

/** The first end of each: a second was asked for after an answer that was lost on the way. */
function endsIn(entries: readonly JournalEntry[]): ReadonlyMap<string, Settled> {
  const ends = new Map<string, Settled>();
  for (const entry of entries) {
    if (entry.kind === "append") continue;
    for (const settled of entry.settled) if (!ends.has(settled.id)) ends.set(settled.id, settled);
  }
  return ends;
}
