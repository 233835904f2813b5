/**
 * Files of history that leaves the database: one line of JSON per notification, compressed, one file per day of creation (UTC).
 *
 * A chunk is written, flushed to the disk, and only then deleted from the database, in the transaction that also notes how
 * long the file is now. After a crash in between the file is longer than noted: the next chunk overwrites the surplus. So nothing
 * is lost, nothing is there twice, and what a crash has torn off is gone. Each chunk is a member of its own; `gzip -d`
 * reads many members as one text.
 */
import { constants, type FileHandle, open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { makeFolder } from "../../channel/file/folder.ts";
import { StoreError } from "../../errors/store-error.ts";
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
 * Writes entries after the first `lengthBytes` of a file; what it has beyond that is overwritten. A file that is gone was taken
 * away by somebody and is begun anew; so is one that is shorter than that, and what there is of it is kept beside the new one.
 *
 * @throws {@link StoreError} `STORE_FULL` or `STORE_UNREACHABLE` when not all of it is on the disk
 */
export async function writeArchive(
  folder: string,
  { file, lengthBytes }: ArchivedChunk,
  entries: readonly HistoryDetail[],
): Promise<ArchivedChunk> {
  const member = await compress(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  try {
    makeFolder(folder);
    return { file, lengthBytes: await writeMember(join(folder, file), member, lengthBytes) };
  } catch (error) {
    throw archiveFailure(error, join(folder, file));
  }
}

/** @returns the length of the file up to its end */
async function writeMember(path: string, member: Uint8Array, noted: number): Promise<number> {
  const size = await sizeOf(path);
  if (size > 0 && size < noted) await rename(path, `${path}.short-${size}`);
  const start = size < noted ? 0 : noted;
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await handle.truncate(start);
    await writeAll(handle, member, start);
    await handle.sync();
  } catch (error) {
    // What is there of it would keep readers of the file from reading on. Should this fail as well, the next chunk sees to it.
    await handle.truncate(start).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
  if (start === 0) await syncFolder(dirname(path));
  return start + member.length;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

/** A disk that is nearly full takes a part and calls that a success; only the next write fails. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, start + done);
    done += bytesWritten;
  }
}

function archiveFailure(error: unknown, path: string): StoreError {
  const { code, message } = error as NodeJS.ErrnoException;
  const facts = { path, cause: error };
  const says = `cannot be written (${code ?? message}), so what was to go there stays in the history.`;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new StoreError("STORE_FULL", `${says} Make room, or name another archive folder.`, facts);
  const todo = "Give this process the right to write there, or name another archive folder.";
  return new StoreError("STORE_UNREACHABLE", `${says} ${todo}`, facts);
}

/** The name of a new file has reached the disk as well. Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
