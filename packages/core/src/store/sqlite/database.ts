/**
 * One SQLite file, opened with care, for everybody in this process who keeps something in it.
 *
 * Writing goes through one connection, one transaction at a time ({@link SqliteDatabase.exclusive}). Reading has a connection of
 * its own, which sees only what is committed: what a transaction under way has written must not be acted on yet.
 *
 * Opening never harms a file: it is locked, inspected read-only, and written to only when it is ours or empty.
 */
import { closeSync, existsSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "../../channel/file/folder.ts";
import { StoreError } from "../../errors/store-error.ts";
import { createDiskSync, type DiskSync } from "./disk-sync.ts";
import { storeFailure } from "./failures.ts";
import { APPLICATION_ID, inspectFile } from "./inspect.ts";
import { MIGRATIONS, migrate } from "./migrations/migrate.ts";
import { acquireOwnerLock, type OwnerLock } from "./owner-lock.ts";
import { createTurnstile } from "./turnstile.ts";

export interface SqliteDatabase {
  /** Absolute, or `:memory:`. */
  readonly path: string;
  /** The connection that writes. Statements outside of {@link exclusive} may land in somebody's transaction. */
  readonly handle: DatabaseSync;
  /** Read-only, and sees only what is committed; for `:memory:` it is {@link handle}. */
  readonly reader: DatabaseSync;
  /**
   * Runs `work` while nobody else of this process is in a transaction; synchronously when it is free. Whoever begins a transaction
   * that awaits something between its statements holds it for that long by returning a promise.
   */
  exclusive<Result>(work: () => Result | Promise<Result>): Promise<Result>;
  /**
   * Runs `work` as one transaction, synchronously once it is its turn; what it throws rolls everything back.
   *
   * @throws StoreError (as a rejection) where SQLite failed
   */
  transaction<Result>(work: () => Result): Promise<Result>;
  /**
   * The same, but does not wait for the disk: a loss of power (not the end of this process) may take it back, with all after it, until
   * {@link sync} has been asked for and has resolved. The thread is free meanwhile.
   */
  quickTransaction<Result>(work: () => Result): Promise<Result>;
  /**
   * The same, before it returns.
   *
   * @throws StoreError `STORE_BUSY` while somebody holds a transaction open, and where SQLite failed
   */
  quickTransactionNow<Result>(work: () => Result): Result;
  /** Resolves when everything committed until now is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface SqliteDatabaseOptions {
  /** Of the file, made readable for its owner alone, with its folder; or `:memory:`. */
  readonly path: string;
  /** Now, in epoch milliseconds: told to whoever finds the file in use. */
  readonly now: number;
  /** How long a write waits for another process that holds the file; this process stands still meanwhile. @defaultValue 250 */
  readonly busyTimeoutMs?: number | undefined;
  /** Memory for pages, of each of the two connections. @defaultValue 16 MB */
  readonly cacheBytes?: number | undefined;
}

/** Short: the program that the store serves must not be held up, and who has failed tries again. */
const BUSY_TIMEOUT_MS = 250;
const CACHE_BYTES = 16_000_000;
/**
 * After so many pages (16 MB) the log is brought into the file, which holds up the thread for 10 to 40 ms. Of four times SQLite's own 1,000:
 * pages that are written again and again are copied once, which saves 2 µs of 16 for a message accepted and settled.
 */
const LOG_PAGES = 4_000;
/** What a burst has made of the write-ahead log is given back to the disk down to this. */
const LOG_KEPT_BYTES = 64_000_000;

/**
 * Opens the file, or makes it, and brings its schema up to date.
 *
 * @throws {@link StoreError} naming the file and the remedy: `STORE_IN_USE`, `STORE_FOREIGN`, `STORE_CORRUPT`, `STORE_NEWER`,
 * `STORE_READ_ONLY`, `STORE_UNREACHABLE`, `STORE_FULL` or `STORE_BUSY`. Nothing is left open then, and nothing was overwritten.
 */
export function openSqliteDatabase(options: SqliteDatabaseOptions): SqliteDatabase {
  const path = options.path === ":memory:" ? options.path : resolve(options.path);
  const opened: { lock?: OwnerLock; handle?: DatabaseSync; reader?: DatabaseSync } = {};
  const closeAll = (): void => {
    // For `:memory:` both are one.
    for (const connection of new Set([opened.reader, opened.handle])) if (connection?.isOpen) connection.close();
    opened.lock?.release();
  };
  try {
    if (path !== ":memory:") {
      makeFolderOf(path);
      opened.lock = acquireOwnerLock(path, { pid: process.pid, since: options.now });
      makeFile(path);
      inspectFile(path, MIGRATIONS.length);
    }
    opened.handle = openHandle(path, options);
    opened.reader = path === ":memory:" ? opened.handle : openReader(path, options);
    return assemble(path, { handle: opened.handle, reader: opened.reader }, closeAll);
  } catch (error) {
    closeAll();
    throw storeFailure(error, path);
  }
}

function assemble(
  path: string,
  { handle, reader }: { readonly handle: DatabaseSync; readonly reader: DatabaseSync },
  closeAll: () => void,
): SqliteDatabase {
  const turnstile = createTurnstile();
  const inTransaction = createTransactions(handle, path);
  const quickly: SqliteDatabase["quickTransactionNow"] = (work) => {
    // Quickly said, and whoever else writes through the handle finds it as it was.
    handle.exec("pragma synchronous = normal");
    try {
      return inTransaction(work);
    } finally {
      handle.exec("pragma synchronous = full");
    }
  };
  const disk = path === ":memory:" ? NO_DISK : createDiskSync(path);
  return {
    path,
    handle,
    reader,
    exclusive: (work) => turnstile.pass(work),
    transaction: (work) => turnstile.pass(() => inTransaction(work)),
    quickTransaction: (work) => turnstile.pass(() => quickly(work)),
    quickTransactionNow(work) {
      if (handle.isTransaction)
        throw new StoreError("STORE_BUSY", "is being written by this process itself.", { path });
      return quickly(work);
    },
    async sync() {
      try {
        await disk.sync();
      } catch (error) {
        throw storeFailure(error, path);
      }
    },
    close: () =>
      turnstile.pass(() => {
        disk.close();
        closeAll();
      }),
  };
}

const NO_DISK: DiskSync = { sync: () => Promise.resolve(), close: () => {} };

function createTransactions(handle: DatabaseSync, path: string): <Result>(work: () => Result) => Result {
  const begin = handle.prepare("begin immediate");
  const commit = handle.prepare("commit");
  return (work) => {
    if (!handle.isOpen) throw new StoreError("STORE_CLOSED", "has been closed.", { path });
    try {
      begin.run();
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (handle.isTransaction) handle.exec("rollback");
      throw storeFailure(error, path);
    }
  };
}

function makeFolderOf(path: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw new StoreError("STORE_UNREACHABLE", "cannot be made: its folder cannot. Name a folder that can be written.", {
      path,
      cause: error,
    });
  }
}

/** An existing file is not touched here: to close it would give up locks that SQLite holds on it elsewhere in this process. */
function makeFile(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    throw new StoreError("STORE_READ_ONLY", "cannot be made. Give this process the right to write its folder.", {
      path,
      cause: error,
    });
  }
}

function openHandle(
  path: string,
  { busyTimeoutMs = BUSY_TIMEOUT_MS, cacheBytes = CACHE_BYTES }: SqliteDatabaseOptions,
): DatabaseSync {
  const handle = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // Written and taken back: on a file that is read-only this is what fails, whatever opening it said.
    handle.exec(`begin immediate; pragma application_id = ${APPLICATION_ID}; rollback`);
    // FULL: a commit has reached the disk when it returns, also through a loss of power.
    handle.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = ${LOG_KEPT_BYTES}`);
    handle.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}`);
    handle.exec(`pragma cache_size = ${-Math.ceil(cacheBytes / 1_024)}; pragma temp_store = memory`);
    migrate(handle);
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}

function openReader(path: string, { cacheBytes = CACHE_BYTES }: SqliteDatabaseOptions): DatabaseSync {
  const reader = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  reader.exec(`pragma cache_size = ${-Math.ceil(cacheBytes / 1_024)}; pragma temp_store = memory`);
  return reader;
}
