/**
 * Makes of an error of SQLite's what its reader can act on. Codes: https://www.sqlite.org/rescode.html (primary result codes;
 * the lower eight bits of an extended one).
 *
 * Pure.
 */
import { StoreError } from "../../errors/store-error.ts";

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;
const PRIMARY_CODE_MASK = 0xff;

/** @returns the primary code of an error that comes from SQLite; `null` for any other */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return Number(error.errcode) & PRIMARY_CODE_MASK;
}

/** The error as a {@link StoreError}; what does not come from SQLite, and what is one already, stays as it is. */
export function storeFailure(error: unknown, path: string): unknown {
  const facts = { path, cause: error };
  switch (codeOf(error)) {
    case null:
      return error;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new StoreError(
        "STORE_BUSY",
        "is being written by somebody else, a backup perhaps. It is worth trying again.",
        facts,
      );
    case SQLITE_READONLY:
      return new StoreError(
        "STORE_READ_ONLY",
        "cannot be written. Give this process the right to write the file and its folder.",
        facts,
      );
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new StoreError(
        "STORE_CORRUPT",
        "is damaged. Nothing more is written to it. Move it away, with its -wal and -shm files, and put a backup in its place or begin without.",
        facts,
      );
    case SQLITE_FULL:
      return new StoreError(
        "STORE_FULL",
        "cannot grow: the disk is full. Make room; what failed can then be tried again.",
        facts,
      );
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return new StoreError(
        "STORE_UNREACHABLE",
        "cannot be read or written. See that its folder exists, that it is a file, and that the disk works.",
        facts,
      );
    default:
      return new StoreError("STORE_REFUSED", `did not take a write: ${(error as Error).message}.`, facts);
  }
}

/** Whether the write itself is at fault, so that others of its transaction would succeed without it. */
export function isOwnFault(error: unknown): boolean {
  return !(error instanceof StoreError) || error.code === "STORE_REFUSED";
}
