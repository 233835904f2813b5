/**
 * `@tocsin/core/sqlite`: the durable store, over the SQLite that comes with Node.js, and the words in which it answers.
 *
 * @module
 */
export type { DeliveryId, DeliveryRecord } from "./delivery/outbox.ts";
export { StoreError, type StoreErrorCode } from "./errors/store-error.ts";
export type {
  DeadLetter,
  DeadLetterDetail,
  DeadLetterFilter,
  DeadLetterSelection,
  DeadLetters,
} from "./history/dead-letters.ts";
export type { Durations } from "./history/histogram.ts";
export type {
  History,
  HistoryDetail,
  HistoryEntry,
  HistoryFilter,
  HistoryStatus,
  Page,
  PageRequest,
  RecordedAttempt,
  RecordedDelivery,
  RecordedNotification,
  RecordedTries,
} from "./history/history.ts";
export { QueryError } from "./history/query-error.ts";
export type { Figures, Statistics, StatisticsQuery } from "./history/statistics.ts";
export { openSqliteDatabase, type SqliteDatabase, type SqliteDatabaseOptions } from "./store/sqlite/database.ts";
export { storeFailure } from "./store/sqlite/failures.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store/sqlite/sqlite-store.ts";
export type { Store } from "./store/store.ts";
