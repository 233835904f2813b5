/** Accepted notifications and their idempotency keys, in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import type { SqliteDatabase, SqliteStore } from "@tocsin/core/sqlite";
import type { NotificationId } from "@tocsin/core/stages";
import type { AcceptanceStore, AcceptanceTransaction } from "../notify/acceptance.ts";

export function createAcceptanceStore(
  database: SqliteDatabase,
  notifications: Pick<SqliteStore, "appendWithin">,
): AcceptanceStore {
  const transaction = createTransaction(database.handle, notifications);
  const forget = database.handle.prepare("delete from idempotency_keys where created_at < ?");
  return {
    transaction: (work) => database.transaction(() => work(transaction)),
    forgetKeys: (before) => database.transaction(() => void forget.run(before)),
  };
}

function createTransaction(
  handle: DatabaseSync,
  notifications: Pick<SqliteStore, "appendWithin">,
): AcceptanceTransaction {
  const find = handle.prepare("select fingerprint, notification_id, created_at from idempotency_keys where key = ?");
  const put = handle.prepare(
    `insert into idempotency_keys (key, fingerprint, notification_id, created_at) values (?, ?, ?, ?)
    on conflict (key) do update set fingerprint = excluded.fingerprint, notification_id = excluded.notification_id,
      created_at = excluded.created_at`,
  );
  return {
    findKey(key) {
      const row = find.get(key);
      if (row === undefined) return null;
      return {
        fingerprint: String(row["fingerprint"]),
        notificationId: String(row["notification_id"]) as NotificationId,
        createdAt: Number(row["created_at"]),
      };
    },
    putKey: (key, { fingerprint, notificationId, createdAt }) =>
      void put.run(key, fingerprint, notificationId, createdAt),
    append: notifications.appendWithin,
  };
}
