/** A folder of its own below the system's for temporary files; gone when it is disposed of. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TempFolder extends Disposable {
  readonly path: string;
}

export function createTempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
