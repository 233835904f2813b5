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
  /** Resolves when everything committed until now is on the disk. Those who ask while one is under way share the next. */
  sync(): Promise<void>;
  close(): void;
}

/** @param path of the database; it must be in WAL mode, and stay open for as long as this is used */
export function createDiskSync(path: string): DiskSync {
  let file: number | null = null;
  let isUnderWay = false;
  let isClosed = false;
  let next: PromiseWithResolvers<void> | null = null;

  function start(asked: PromiseWithResolvers<void>): void {
    next = null;
    isUnderWay = true;
    // Not before: the log is made by the first commit.
    file ??= openSync(`${path}-wal`, "r+");
    fdatasync(file, (error) => {
      isUnderWay = false;
      if (error === null) asked.resolve();
      else asked.reject(error);
      if (next !== null) start(next);
      else if (isClosed) closeFile();
    });
  }

  /** Gives up no lock that SQLite holds: it keeps none on the log. */
  function closeFile(): void {
    if (file !== null) closeSync(file);
    file = null;
  }

  return {
    async sync() {
      next ??= Promise.withResolvers<void>();
      const asked = next;
      if (!isUnderWay) start(asked);
      await asked.promise;
    },
    close() {
      isClosed = true;
      if (!isUnderWay) closeFile();
    },
  };
}
