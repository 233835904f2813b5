/**
 * `@tocsin/core/sqlite`: the durable store, over the SQLite that comes with Node.js.
 *
 * @module
 */
export { StoreError, type StoreErrorCode } from "./errors/store-error.ts";
export { openSqliteDatabase, type SqliteDatabase, type SqliteDatabaseOptions } from "./store/sqlite/database.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store/sqlite/sqlite-store.ts";
