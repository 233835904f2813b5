/** A folder for one test, gone when it ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** @returns the path of a file in it, which does not exist yet */
export function temporaryFile(name = "t.db"): string {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}
