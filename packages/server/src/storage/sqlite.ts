/**
 * SQLite by Node's own `node:sqlite`, for Kysely and for the hot path.
 *
 * There is one connection. Kysely hands it to one user at a time; {@link Sqlite.exclusive} takes its turn like any
 * query, so a batch never lands in the middle of another transaction.
 */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import type { Tables } from "./tables.ts";

export interface Sqlite {
  readonly kysely: Kysely<Tables>;
  /** Runs `work` as one transaction, synchronously and alone; what it throws rolls everything back. */
  exclusive(work: (db: DatabaseSync) => void): Promise<void>;
  close(): Promise<void>;
}

/** Statements kept prepared; the server has a few dozen query texts. */
const MAX_PREPARED = 200;
/** How long a writer waits for another process that holds the file, a backup for instance. The process stands still meanwhile. */
const BUSY_TIMEOUT_MS = 2_000;

/** @param path of the file, made readable for its owner alone, with its folder; or `:memory:` */
export function openSqlite(path: string): Sqlite {
  if (path !== ":memory:") {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(path, "a", 0o600));
  }
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  // FULL: a commit has reached the disk when it returns, also through a loss of power.
  db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(db) }) });
  return {
    kysely,
    exclusive: (work) => kysely.connection().execute(async () => inTransaction(db, work)),
    // Kysely closes what it has opened, and it opens with its first query.
    close: async () => {
      await kysely.destroy();
      if (db.isOpen) db.close();
    },
  };
}

function inTransaction(db: DatabaseSync, work: (db: DatabaseSync) => void): void {
  db.exec("begin immediate");
  try {
    work(db);
    db.exec("commit");
  } catch (error) {
    // SQLite has already rolled back after some errors, a full disk among them.
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}

/** What Kysely expects of a database: the manners of better-sqlite3. */
function adapt(db: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => db.close(),
    prepare: (text) => {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      const statement = adaptStatement(db.prepare(text));
      prepared.set(text, statement);
      return statement;
    },
  };
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters.slice() as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
