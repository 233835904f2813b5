/** What the disk itself takes to have something for certain: beneath every figure of a durable store. */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** As much as SQLite adds to its log at the least. */
const BLOCK_BYTES = 4_096;
/** Not so many that the file grows large: written over, again and again. */
const BLOCKS = 256;

/** @returns milliseconds that each write of 4 KiB with `fdatasync` took, in a file in this folder */
export function timeSyncs(folder: string, count: number): number[] {
  const file = openSync(join(folder, "syncs"), "w");
  const block = Buffer.alloc(BLOCK_BYTES, 1);
  try {
    return Array.from({ length: count }, (_, k) => {
      const startedAt = performance.now();
      writeSync(file, block, 0, BLOCK_BYTES, (k % BLOCKS) * BLOCK_BYTES);
      fdatasyncSync(file);
      return performance.now() - startedAt;
    });
  } finally {
    closeSync(file);
  }
}
