/**
 * Files of history that leaves the database: one line of JSON per notification, compressed, one file per day of creation (UTC).
 *
 * A chunk is written, flushed to the disk, and only then deleted from the database, in the transaction that also notes how
 * long the file is now. After a crash in between the file is longer than noted: the next chunk overwrites the surplus. So nothing
 * is lost, nothing is there twice, and what a crash has torn off is gone. Each chunk is a member of its own; `gzip -d`
 * reads many members as one text.
 */
import { constants, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HistoryDetail } from "../../history/history.ts";

const compress = promisify(gzip);

export interface ArchivedChunk {
  /** Name of the file in the archive's folder. */
  readonly file: string;
  /** Its length up to the end of the chunk. */
  readonly lengthBytes: number;
}

/** `2026-01-31.ndjson.gz` */
export function archiveFileOf(createdAt: number): string {
  return `${new Date(createdAt).toISOString().slice(0, 10)}.ndjson.gz`;
}

/**
 * Writes entries after the first `lengthBytes` of a file; what it has beyond that is overwritten. A file that is shorter than
 * that, or gone, was taken away by somebody and is begun anew.
 */
export async function writeArchive(
  folder: string,
  { file, lengthBytes }: ArchivedChunk,
  entries: readonly HistoryDetail[],
): Promise<ArchivedChunk> {
  const member = await compress(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  await mkdir(folder, { recursive: true });
  const handle = await open(join(folder, file), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await handle.stat();
    const start = size < lengthBytes ? 0 : lengthBytes;
    await handle.truncate(start);
    await handle.write(member, 0, member.length, start);
    await handle.sync();
    if (size === 0) await syncFolder(folder);
    return { file, lengthBytes: start + member.length };
  } finally {
    await handle.close();
  }
}

/** The name of a new file has reached the disk as well. Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
