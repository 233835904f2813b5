/**
 * The store in one SQLite file: durable, and the only one that a crash cannot empty.
 *
 * Hot path   append and settle, many per commit (group-commit.ts), in one row (journal.ts).
 * Behind it  words and roll-ups are derived from what was committed (derivation.ts), old rows leave (retention.ts).
 * Beside it  reading, on a connection of its own.
 */
import type { Clock } from "../../clock/clock.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import { type Defer, nextTurn } from "../../clock/turn.ts";
import type { DeliveryRecord } from "../../delivery/outbox.ts";
import { ConfigError } from "../../errors/config-error.ts";
import { MORE_THAN_0_OR_INFINITE, rangeProblems } from "../../errors/ranges.ts";
import { StoreError } from "../../errors/store-error.ts";
import type { Store } from "../store.ts";
import { createAppender, toAppend } from "./append.ts";
import { openSqliteDatabase, type SqliteDatabase } from "./database.ts";
import { createSqliteDeadLetters } from "./dead-letters.ts";
import { createDerivation, type Derivation } from "./derivation.ts";
import { createEntryReader } from "./entries.ts";
import { createSqliteMemory } from "./facts.ts";
import { createFreshness } from "./freshness.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import { createSqliteHistory } from "./history.ts";
import { createJournal, type Journal, UNFOLDED_AT_A_TIME } from "./journal.ts";
import { createSqliteOutbox } from "./outbox.ts";
import { createPlaces } from "./place.ts";
import { createRetention, type Sweep } from "./retention.ts";
import { createRollUps } from "./roll-ups.ts";
import { createSettler } from "./settle.ts";
import { createWordIndex } from "./words.ts";

export interface SqliteStoreOptions {
  /** Path of the file, or `:memory:`; or a database that is open already, and stays its owner's to close. */
  readonly database: string | SqliteDatabase;
  /** @defaultValue the machine's, without keeping the process alive */
  readonly clock?: Clock | undefined;
  /** How long a notification is kept after its creation. More than 0; `Infinity` for ever. @defaultValue 604_800_000 (7 days) */
  readonly keepMs?: number | undefined;
  /** Folder for what leaves the database; `null` for none. @defaultValue `<name of the file>.archive` beside it, none for `:memory:` */
  readonly archiveFolder?: string | null | undefined;
  /** When what was asked for in this turn is committed. @defaultValue the next turn of the event loop */
  readonly defer?: Defer | undefined;
  /** Told of what failed in the background (indexing, archiving); it is tried again later. */
  readonly onProblem?: ((error: unknown) => void) | undefined;
}

export interface SqliteStore extends Store {
  readonly database: SqliteDatabase;
  /**
   * Writes deliveries in the transaction that the caller holds on `database.handle`, so that they are accepted if, and only if, it
   * commits. The engine is to be told afterwards.
   *
   * @throws Error when there is no transaction
   */
  appendWithin(deliveries: readonly DeliveryRecord[]): void;
  /** Archives and deletes what is older than is kept. Happens by itself about every hour in which something is written. */
  sweep(): Promise<Sweep>;
}

const KEEP_MS = 7 * 86_400_000;
const SWEEP_EVERY_MS = 3_600_000;

/**
 * Opens the store, and the file where it has to.
 *
 * @throws {@link ConfigError} `CONFIG_STORE` when `keepMs` is out of range
 * @throws {@link StoreError} naming the file and the remedy; see {@link openSqliteDatabase}
 */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { database, clock = createSystemClock({ keepAlive: false }), keepMs = KEEP_MS } = options;
  const problems = rangeProblems({ keepMs }, { keepMs: MORE_THAN_0_OR_INFINITE });
  if (problems.length > 0) throw new ConfigError("CONFIG_STORE", problems);
  if (typeof database !== "string") return assemble(database, { ...options, clock }, false);
  return assemble(openSqliteDatabase({ path: database, now: clock.now() }), { ...options, clock }, true);
}

type Settings = SqliteStoreOptions & { readonly clock: Clock };

function assemble(database: SqliteDatabase, options: Settings, isOwn: boolean): SqliteStore {
  const { clock, defer = nextTurn } = options;
  const { handle, reader } = database;
  const life = { isClosed: false };
  const { onProblem = () => {} } = options;
  const transaction: Transaction = (work) =>
    // What is derived, or old, may be done again after a loss of power.
    life.isClosed ? Promise.reject(closedError(database)) : database.quickTransaction(work);
  const words = createWordIndex(handle);
  const rollUps = createRollUps(handle);
  const places = createPlaces(handle);
  const appender = createAppender({ handle, places, onChanged: words.touch });
  const settler = createSettler(handle, rollUps.upTo);
  const journal = createJournal({ handle, path: database.path, appender, settler, onProblem });
  const commits = untilClosed(createGroupCommit(database, journal, defer), database, life);
  const freshness = createFreshness({ database, journal, transaction, defer });
  freshness.catchUpNow();
  const newestAttempt = handle.prepare("select coalesce(max(seq), 0) as newest from attempts");
  const countAll = async () => {
    await freshness.catchUp();
    await derivation.catchUp(rollUps, Number(newestAttempt.get()?.["newest"]));
  };
  const sweep = createSweeper({ database, options, transaction, countAll, life });
  const derivation: Derivation = createDerivation({
    clock,
    transaction,
    derived: [words, rollUps],
    ahead: () => journal.contents.size,
    before: () => journal.unfold(UNFOLDED_AT_A_TIME) >= UNFOLDED_AT_A_TIME,
    housekeeping: sweep.ifDue,
    onProblem,
  });
  const parts = { handle, reader, clock, commits, freshness, appender, derivation, words, rollUps, defer };
  const onWritten = derivation.written;
  const close = createCloser({ database, derivation, commits, journal, life, isOwn });

  return {
    database,
    outbox: createSqliteOutbox({ ...parts, path: database.path, journal, onWritten, close }),
    memory: createSqliteMemory(parts),
    history: createSqliteHistory(parts),
    deadLetters: createSqliteDeadLetters({ ...parts, onWritten }),
    appendWithin(deliveries) {
      if (!handle.isTransaction) throw new Error("appendWithin() needs a transaction that the caller has begun.");
      appender.append(toAppend(deliveries));
      onWritten();
    },
    sweep: () => sweep.now(clock.now()),
    close,
  };
}

interface Life {
  isClosed: boolean;
}

type Transaction = SqliteDatabase["transaction"];

function closedError({ path }: SqliteDatabase): StoreError {
  return new StoreError("STORE_CLOSED", "has been closed.", { path });
}

function untilClosed(commits: GroupCommit, database: SqliteDatabase, life: Life): GroupCommit {
  return {
    enter: (entry, onCommitted) =>
      life.isClosed ? Promise.reject(closedError(database)) : commits.enter(entry, onCommitted),
    write: (run, manner) => (life.isClosed ? Promise.reject(closedError(database)) : commits.write(run, manner)),
    settled: commits.settled,
  };
}

interface SweeperParts {
  readonly database: SqliteDatabase;
  readonly options: Settings;
  readonly transaction: Transaction;
  readonly countAll: () => Promise<void>;
  readonly life: Life;
}

function createSweeper({ database, options, transaction, countAll, life }: SweeperParts) {
  const { clock, defer = nextTurn, keepMs = KEEP_MS } = options;
  const run = createRetention({
    handle: database.handle,
    entries: createEntryReader(database.handle),
    transaction,
    defer,
    keepMs,
    archiveFolder: archiveFolderOf(database, options),
    countAll,
    isClosed: () => life.isClosed,
  });
  let nextAt = clock.now();
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: two at once would archive the same. */
  function now(at: number): Promise<Sweep> {
    const swept = last.then(() => run(at));
    last = swept.catch(() => {});
    return swept;
  }

  return {
    now,
    async ifDue(at: number): Promise<void> {
      if (at < nextAt) return;
      nextAt = at + SWEEP_EVERY_MS;
      await now(at);
    },
  };
}

function archiveFolderOf({ path }: SqliteDatabase, { archiveFolder }: SqliteStoreOptions): string | null {
  if (archiveFolder !== undefined) return archiveFolder;
  return path === ":memory:" ? null : `${path}.archive`;
}

interface CloserParts {
  readonly database: SqliteDatabase;
  readonly derivation: Derivation;
  readonly commits: GroupCommit;
  readonly journal: Journal;
  readonly life: Life;
  readonly isOwn: boolean;
}

function createCloser({ database, derivation, commits, journal, life, isOwn }: CloserParts): () => Promise<void> {
  let closing: Promise<void> | null = null;
  async function end(): Promise<void> {
    derivation.stop();
    const settled = commits.settled();
    life.isClosed = true;
    await settled;
    // Where that fails, whoever opens it next does it.
    await database.quickTransaction(() => journal.unfold()).catch(() => {});
    if (isOwn) await database.close();
  }
  return () => {
    closing ??= end();
    return closing;
  };
}
