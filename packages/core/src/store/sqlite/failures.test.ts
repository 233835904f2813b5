import { expect, it } from "vitest";
import { StoreError } from "../../errors/store-error.ts";
import { isOwnFault, storeFailure } from "./failures.ts";

const sqliteError = (errcode: number) => Object.assign(new Error("as SQLite says it"), { errcode });

it.each([
  ["SQLITE_BUSY", 5, "STORE_BUSY", false],
  ["SQLITE_BUSY_SNAPSHOT", 517, "STORE_BUSY", false],
  ["SQLITE_READONLY_DBMOVED", 1_032, "STORE_READ_ONLY", false],
  ["SQLITE_IOERR_FSYNC", 1_034, "STORE_UNREACHABLE", false],
  ["SQLITE_CORRUPT", 11, "STORE_CORRUPT", false],
  ["SQLITE_CORRUPT_INDEX", 779, "STORE_CORRUPT", false],
  ["SQLITE_FULL", 13, "STORE_FULL", false],
  ["SQLITE_CANTOPEN", 14, "STORE_UNREACHABLE", false],
  ["SQLITE_NOTADB", 26, "STORE_CORRUPT", false],
  ["SQLITE_CONSTRAINT_UNIQUE", 2_067, "STORE_REFUSED", true],
  ["SQLITE_TOOBIG", 18, "STORE_REFUSED", true],
] as const)("%s (%d) is %s", (...[, errcode, code, ownFault]) => {
  const cause = sqliteError(errcode);
  const failure = storeFailure(cause, "/data/t.db") as StoreError;
  expect(failure).toBeInstanceOf(StoreError);
  expect(failure).toMatchObject({ code, path: "/data/t.db", cause });
  expect(failure.message).toMatch(/^STORE_[A-Z_]+: \/data\/t\.db .+\.$/s);
  expect(isOwnFault(failure)).toBe(ownFault);
});

it("leaves other errors as they are", () => {
  const error = new TypeError("no");
  expect(storeFailure(error, "x")).toBe(error);
  expect(isOwnFault(error)).toBe(true);
  const known = new StoreError("STORE_CLOSED", "has been closed.", { path: "x" });
  expect(storeFailure(known, "y")).toBe(known);
});
