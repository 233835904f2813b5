/**
 * Looks at a file, read-only, before anything is written to it: is it a database of this program's, and one that it understands?
 */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors/store-error.ts";
import { storeFailure } from "./failures.ts";

/** `Tocs`: marks a file as ours, at offset 68 (https://www.sqlite.org/fileformat2.html#application_id). */
export const APPLICATION_ID = 0x546f_6373;
/** Checking a file whole takes 2 to 3 ms for each MB; a larger one is only checked as it is read. */
const CHECK_WHOLE_UP_TO_BYTES = 32 * 1_024 * 1_024;

/** @throws {@link StoreError} `STORE_FOREIGN`, `STORE_CORRUPT`, `STORE_NEWER` or `STORE_UNREACHABLE` */
export function inspectFile(path: string, newestSchema: number): void {
  if (!statSync(path).isFile()) throw new StoreError("STORE_UNREACHABLE", "is not a file. Name a file.", { path });
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      inspect(db, path, newestSchema);
    } finally {
      db.close();
    }
  } catch (error) {
    throw nameIt(storeFailure(error, path));
  }
}

function inspect(db: DatabaseSync, path: string, newestSchema: number): void {
  const tables = Number(db.prepare("select count(*) as n from sqlite_schema").get()?.["n"]);
  const applicationId = Number(db.prepare("pragma application_id").get()?.["application_id"]);
  if (applicationId !== APPLICATION_ID && (tables > 0 || applicationId !== 0)) throw foreign(path);
  const schema = Number(db.prepare("pragma user_version").get()?.["user_version"]);
  if (schema > newestSchema) {
    const says = `was written by a newer version (its schema is ${schema}, this version knows ${newestSchema}). Install that version, or use another file.`;
    throw new StoreError("STORE_NEWER", says, { path });
  }
  if (statSync(path).size > CHECK_WHOLE_UP_TO_BYTES) return;
  const verdict = String(db.prepare("pragma quick_check(1)").get()?.["quick_check"]);
  if (verdict !== "ok") throw new StoreError("STORE_CORRUPT", `is damaged (${verdict}). ${MOVE_AWAY}`, { path });
}

const MOVE_AWAY =
  "Nothing was written to it. Move it away, with its -wal and -shm files, and put a backup in its place or begin without.";

/** Without SQLite's mark at its beginning a file is more likely somebody else's than ours and damaged. */
function nameIt(failure: unknown): unknown {
  if (!(failure instanceof StoreError) || failure.code !== "STORE_CORRUPT") return failure;
  const { path, cause } = failure;
  if (/not a database/.test(String(cause))) return foreign(path, cause);
  return cause === undefined ? failure : new StoreError("STORE_CORRUPT", `is damaged. ${MOVE_AWAY}`, { path, cause });
}

function foreign(path: string, cause?: unknown): StoreError {
  return new StoreError(
    "STORE_FOREIGN",
    "belongs to another program, so nothing was written to it. Use another file.",
    {
      path,
      cause,
    },
  );
}
