/**
 * Makes a folder and those above it, one by one. Node's own `mkdir` with `recursive` never comes back where making a folder
 * answers that there is nothing, although the folder above is there: in /proc, and in folders that an automounter looks after.
 */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** @throws what the system says when it cannot be made */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else was faster.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
