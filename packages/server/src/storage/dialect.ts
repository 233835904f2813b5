/**
 * Kysely over the database that the notification store keeps its tables in: one connection, which whoever uses it has to
 * itself. A query takes its turn behind the store's commits, and they behind it.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type SqliteDatabase, storeFailure } from "@tocsin/core/sqlite";
import {
  type Dialect,
  type Driver,
  type SqliteDatabase as Engine,
  type SqliteStatement as EngineStatement,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
} from "kysely";
import type { Tables } from "./tables.ts";

/** Statements kept prepared; the server has a few dozen query texts. */
const MAX_PREPARED = 200;

/** The database stays its owner's to close. What SQLite refuses comes back as a `StoreError`. */
export function createKysely(database: SqliteDatabase): Kysely<Tables> {
  const sqlite = new SqliteDialect({ database: adapt(database) });
  const dialect: Dialect = {
    createDriver: () => takingTurns(sqlite.createDriver(), database),
    createAdapter: () => new TransactionalAdapter(),
    createIntrospector: (db) => sqlite.createIntrospector(db),
    createQueryCompiler: () => sqlite.createQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

/** A crash in the middle of a migration leaves nothing of it behind: SQLite rolls back `create table` like anything else. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function takingTurns(driver: Driver, database: SqliteDatabase): Driver {
  // Of the one who is inside.
  let leave = (): void => {};

  function enter(): Promise<void> {
    const entered = Promise.withResolvers<void>();
    void database.exclusive(() => {
      entered.resolve();
      return new Promise<void>((resolve) => {
        leave = resolve;
      });
    });
    return entered.promise;
  }

  return {
    init: (options) => driver.init(options),
    async acquireConnection(options) {
      await enter();
      return driver.acquireConnection(options);
    },
    async releaseConnection(connection, options) {
      await driver.releaseConnection(connection, options);
      leave();
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    // After some errors, a full disk among them, SQLite has rolled back by itself.
    rollbackTransaction: async (connection) => {
      if (database.handle.isTransaction) await driver.rollbackTransaction(connection);
    },
    destroy: (options) => driver.destroy(options),
  };
}

/** What Kysely expects of a database: the manners of better-sqlite3. */
function adapt({ handle, path }: SqliteDatabase): Engine {
  const prepared = new Map<string, EngineStatement>();
  return {
    close: () => {},
    prepare: (text) => {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      const statement = adaptStatement(prepare(handle, text, path), path);
      prepared.set(text, statement);
      return statement;
    },
  };
}

function adaptStatement(statement: StatementSync, path: string): EngineStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters.slice() as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => explained(path, () => statement.all(...values(parameters))),
    run: (parameters) => explained(path, () => statement.run(...values(parameters))),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

function prepare(handle: DatabaseSync, text: string, path: string): StatementSync {
  return explained(path, () => handle.prepare(text));
}

function explained<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw storeFailure(error, path);
  }
}
