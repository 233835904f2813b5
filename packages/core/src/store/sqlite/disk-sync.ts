/**
 * Brings what SQLite has committed to the disk without holding up the thread: a disk takes from 50 µs to 10 ms for that, and an
 * application has better things to do.
 *
 * In WAL mode a commit adds to the log, and has reached the disk when the log has. SQLite waits for that in the commit
 * (`synchronous = full`) or leaves it for later (`normal`, which is as consistent after a loss of power, but may have lost the last
 * commits). Here the second is followed by `fdatasync` on the log, in another thread, which makes it as safe as the first.
 */
import { closeSync, fdatasync, openSync } from "node:fs";

export interface DiskSync {
  /** Resolves when everything committed until now is on the disk. Those who ask while two are under way share the next. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * Under way at a time. Who comes while the disk is at work for another need not wait until it has done that first: 50 busy lanes get
 * through 15 to 20 % more.
 */
const AT_A_TIME = 2;

/** @param path of the database; it must be in WAL mode, and stay open for as long as this is used */
export function createDiskSync(path: string): DiskSync {
  // Each has a descriptor of its own: a failure is told to each descriptor once, and concerns all that are under way.
  const free: (number | null)[] = Array.from({ length: AT_A_TIME }, () => null);
  let isClosed = false;
  let next: PromiseWithResolvers<void> | null = null;

  function start(file: number, asked: PromiseWithResolvers<void>): void {
    next = null;
    fdatasync(file, (error) => {
      if (error === null) asked.resolve();
      else asked.reject(error);
      if (next !== null) start(file, next);
      else if (isClosed) closeSync(file);
      else free.push(file);
    });
  }

  return {
    async sync() {
      const unused = free.at(-1);
      // Opened only now: the log is made by the first commit.
      const file = unused === null ? openSync(`${path}-wal`, "r+") : unused;
      next ??= Promise.withResolvers<void>();
      const asked = next;
      if (file !== undefined) {
        free.pop();
        start(file, asked);
      }
      await asked.promise;
    },
    /** Gives up no lock that SQLite holds: it keeps none on the log. */
    close() {
      isClosed = true;
      for (const file of free.splice(0)) if (file !== null) closeSync(file);
    },
  };
}
