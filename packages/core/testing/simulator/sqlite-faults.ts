/**
 * The SQLite database of one simulated process. Faults strike at SQLite itself: another connection holds the file, the file may not
 * grow, a commit fails after everything was written, or the disk does not confirm what was committed.
 */
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../src/clock/clock.ts";
import { openSqliteDatabase, type SqliteDatabase } from "../../src/store/sqlite/database.ts";
import type { FaultStep } from "./faults.ts";
import { type LogIndex, type LogPosition, openLogIndex } from "./power.ts";

export interface FaultyDatabaseParts {
  readonly clock: Clock;
  /** How long the disk takes to confirm what is committed. */
  readonly syncMs: () => number;
  /** That strikes now. */
  readonly failure: () => Extract<FaultStep, { kind: "store-fails" }>["how"] | undefined;
  /** The disk has confirmed what was committed up to there. */
  readonly onSynced: (position: LogPosition) => void;
}

export interface FaultyDatabase {
  readonly database: SqliteDatabase;
  readonly log: LogIndex;
  /** Leaves the log as it is. */
  close(): void;
}

const SQLITE_IOERR = 10;
/** What a loss of power takes is known without making the real disk work for it. */
const NO_SYNC = "pragma synchronous = off";
/** Transactions run at once, because nobody here holds one for longer than that. */
export function openFaultyDatabase(path: string, parts: FaultyDatabaseParts): FaultyDatabase {
  const database = openSqliteDatabase({ path, now: parts.clock.now(), busyTimeoutMs: 0 });
  database.handle.exec(NO_SYNC);
  const rival = new DatabaseSync(path, { timeout: 0 });
  const log = openLogIndex(path);
  const transaction = failingTransaction(database, rival, parts.failure);
  const synced = <Result>(result: Result): Result => {
    parts.onSynced(log.position());
    return result;
  };

  return {
    database: {
      ...database,
      quickTransaction: transaction,
      quickTransactionNow(work) {
        try {
          return database.quickTransactionNow(work);
        } finally {
          database.handle.exec(NO_SYNC);
        }
      },
      transaction: (work) => transaction(work).then(synced),
      sync: () => syncIn(parts, log),
    },
    log,
    close() {
      rival.close();
      // The last one to be closed moves the log into the database, unless it may only read.
      database.handle.close();
      void database.close();
      log.close();
    },
  };
}

function failingTransaction(database: SqliteDatabase, rival: DatabaseSync, failure: FaultyDatabaseParts["failure"]) {
  const { handle } = database;
  // Asynchronous, because like the real one it rejects where a process that has died asks for a last write: it does not throw.
  return async <Result>(work: () => Result): Promise<Result> => {
    // Its process has died while a write of several was carried out one by one.
    if (!handle.isOpen) return database.transaction(work);
    switch (failure()) {
      case undefined:
      case "sync":
        return database.transaction(work);
      case "busy": {
        rival.exec("begin immediate");
        const done = database.transaction(work);
        rival.exec("rollback");
        return done;
      }
      case "full": {
        handle.exec(`pragma max_page_count = ${Number(handle.prepare("pragma page_count").get()?.["page_count"])}`);
        const done = database.transaction(work);
        handle.exec("pragma max_page_count = 1000000");
        return done;
      }
      case "commit":
        return database.transaction(() => {
          work();
          throw ioError();
        });
    }
  };
}

/** Brings to the disk what is committed when it begins. */
function syncIn({ clock, failure, syncMs, onSynced }: FaultyDatabaseParts, log: LogIndex): Promise<void> {
  const position = log.position();
  return new Promise((resolve, reject) => {
    clock.schedule(clock.now() + syncMs(), () => {
      if (failure() === "sync") return reject(ioError());
      onSynced(position);
      resolve();
    });
  });
}

function ioError(): Error {
  return Object.assign(new Error("disk I/O error"), { errcode: SQLITE_IOERR });
}
