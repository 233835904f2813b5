/**
 * Brings a database to the present schema. Migrations are numbered by their position, run in order, each in a transaction of
 * its own that also writes its number (`user_version`), and are never edited once released. schema.sql shows the result whole.
 */
import type { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID } from "../inspect.ts";
import { outboxAndHistory } from "./0001-outbox-and-history.ts";
import { journal } from "./0002-journal.ts";
import { wordsWithoutBlanks } from "./0003-words-without-blanks.ts";
import { buckets } from "./0004-buckets.ts";

export const MIGRATIONS: readonly string[] = [outboxAndHistory, journal, wordsWithoutBlanks, buckets];

export function migrate(handle: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  const done = Number(handle.prepare("pragma user_version").get()?.["user_version"]);
  for (const [index, statements] of migrations.entries()) {
    if (index < done) continue;
    handle.exec("begin immediate");
    try {
      handle.exec(statements);
      handle.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${index + 1}`);
      handle.exec("commit");
    } catch (error) {
      if (handle.isTransaction) handle.exec("rollback");
      throw error;
    }
  }
}
