/**
 * One process owns a database file at a time, or two would send everything twice.
 *
 * The lock is a database of its own, `<path>.lock`, in which the owner holds a write transaction for as long as it lives. The
 * operating system takes it back when the process dies, however it dies, so there is no stale lock to judge; and whoever finds
 * it taken can still read who has it. Compared with this, `locking_mode = exclusive` on the file itself would keep backups and
 * read-only tools out as well, and a file with a process id in it would have to be judged after a crash.
 *
 * The file stays when the lock is given up: to delete it while somebody else is about to lock it would give two owners.
 */
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors/store-error.ts";
import { storeFailure } from "./failures.ts";

export interface OwnerLock {
  release(): void;
}

export interface Owner {
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

/**
 * @param path of the database that is to be owned
 * @throws {@link StoreError} `STORE_IN_USE` naming the owner; `STORE_READ_ONLY` or `STORE_UNREACHABLE` when there can be no lock
 */
export function acquireOwnerLock(path: string, owner: Owner): OwnerLock {
  const lock = openLock(path);
  try {
    lock.exec("pragma synchronous = off; begin immediate");
    lock.exec("create table if not exists owner (pid integer, since integer) strict; delete from owner");
    lock.prepare("insert into owner (pid, since) values (?, ?)").run(owner.pid, Math.floor(owner.since));
    // Others can read it only once it is committed.
    lock.exec("commit; begin immediate");
  } catch (error) {
    const failure = storeFailure(error, path);
    const found = failure instanceof StoreError && failure.code === "STORE_BUSY" ? inUse(lock, path, owner) : failure;
    lock.close();
    throw found;
  }
  return { release: () => lock.isOpen && lock.close() };
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(`${path}.lock`, { timeout: 0 });
  } catch (error) {
    throw new StoreError(
      "STORE_READ_ONLY",
      "cannot be locked: beside it, a .lock file must be made. Give this process the right to write the folder.",
      { path, cause: error },
    );
  }
}

function inUse(lock: DatabaseSync, path: string, self: Owner): StoreError {
  const owner = ownerIn(lock);
  const who = owner?.pid === self.pid ? "this process already" : `process ${owner?.pid ?? "of unknown number"}`;
  const since = owner === null ? "" : `, since ${new Date(owner.since).toISOString()}`;
  return new StoreError("STORE_IN_USE", `is open in ${who}${since}. End that one, or use another file.`, { path });
}

function ownerIn(lock: DatabaseSync): Owner | null {
  try {
    const row = lock.prepare("select pid, since from owner").get();
    return row === undefined ? null : { pid: Number(row["pid"]), since: Number(row["since"]) };
  } catch {
    // Just being written: who it is does not matter enough to wait for.
    return null;
  }
}
