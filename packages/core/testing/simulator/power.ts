/**
 * What a loss of power leaves of SQLite's files. In WAL mode a commit adds frames to the log, and survives when they have reached the disk:
 * because somebody has synced the log since, or because a checkpoint has moved them into the database, before which SQLite syncs the
 * log itself. All other frames are gone.
 *
 * How far the log has come stands in its index (https://www.sqlite.org/walformat.html, "The WAL-Index File Format").
 */
import { closeSync, openSync, readSync, truncateSync } from "node:fs";
import { endianness } from "node:os";

/** How far a log has come. One that begins anew has another salt. */
export interface LogPosition {
  readonly salt: bigint;
  readonly frames: number;
}

const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const AT = { pageBytes: 14, frames: 16, salt: 32, moved: 96 } as const;
const INDEX_BYTES = 100;

export interface LogIndex {
  /** What is committed now. */
  position(): LogPosition;
  /**
   * Takes from a copy of the log what had not reached the disk.
   *
   * @param synced what somebody has synced
   * @returns what is left
   */
  losePower(copy: string, synced: LogPosition): LogPosition;
  close(): void;
}

/** Reads the index of a log for as long as its database is open: to close the file would give up the locks that SQLite holds on it. */
export function openLogIndex(database: string): LogIndex {
  const file = openSync(`${database}-shm`, "r");
  const bytes = new DataView(new ArrayBuffer(INDEX_BYTES));
  // In the machine's own order of bytes.
  const isLittle = endianness() === "LE";

  function read() {
    readSync(file, bytes, 0, INDEX_BYTES, 0);
    const frames = bytes.getUint32(AT.frames, isLittle);
    const moved = bytes.getUint32(AT.moved, isLittle);
    const pageBytes = bytes.getUint16(AT.pageBytes, isLittle);
    // 1 stands for 65,536, which does not fit.
    return { salt: bytes.getBigUint64(AT.salt), frames, moved, pageBytes: pageBytes === 1 ? 65_536 : pageBytes };
  }

  return {
    position() {
      const { salt, frames } = read();
      return { salt, frames };
    },
    losePower(copy, synced) {
      const { salt, moved, pageBytes } = read();
      const frames = Math.max(moved, salt === synced.salt ? synced.frames : 0);
      truncateSync(copy, frames === 0 ? 0 : LOG_HEADER_BYTES + frames * (FRAME_HEADER_BYTES + pageBytes));
      return { salt, frames };
    },
    close: () => closeSync(file),
  };
}
