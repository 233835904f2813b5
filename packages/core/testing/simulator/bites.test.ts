/**
 * Proves that the simulator bites: each of these faults is planted in a copy of the engine, one at a time, and has to be found by the
 * invariant that is meant for it, within a few seeds.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { ENGINE_PLANTS } from "./plants/engine-plants.ts";
import type { Plant } from "./plants/plant.ts";
import { SQLITE_PLANTS } from "./plants/sqlite-plants.ts";
import { WITHHOLDING_PLANTS } from "./plants/withholding-plants.ts";

const CORE = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "tocsin-bites-"));
for (const part of ["src", "testing", "package.json"])
  cpSync(join(CORE, part), join(folder, part), { recursive: true });
symlinkSync(resolve(CORE, "../../node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Many times what it takes on a machine that does nothing else. */
const TIMEOUT_MS = 600_000;
/** As many seeds as take a few seconds. */
const SEEDS = { simple: 80, sqlite: 15 } as const;

/** What seeds of the copy say: of the SQLite store for what is planted there, of the quicker one for all else. */
async function simulate({ file, seed = 1 }: Pick<Plant, "file" | "seed">): Promise<string> {
  const main = join(folder, "testing/simulator/main.ts");
  const store = file.startsWith("store/sqlite/") ? "sqlite" : "simple";
  const seeds = ["--store", store, "--seed", String(seed), "--runs", String(SEEDS[store])];
  // Most of it is the same each time.
  // What a plant makes it leave behind goes with the copy.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), TMPDIR: folder };
  return run(process.execPath, [main, ...seeds, "--hours", "1", "--no-shrink"], { env }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string; stderr: string }) => failed.stdout || failed.stderr,
  );
}

describe("the simulator", () => {
  it.each(["store/sqlite/", "delivery/"])(
    "finds nothing in the copy as it is: %s",
    async (file) => {
      expect(await simulate({ file })).toContain("every invariant held");
    },
    TIMEOUT_MS,
  );

  it.each([...ENGINE_PLANTS, ...WITHHOLDING_PLANTS, ...SQLITE_PLANTS])(
    "finds that $name",
    async (plant) => {
      const path = join(folder, "src", plant.file);
      const sound = readFileSync(path, "utf8");
      expect(sound.split(plant.from)).toHaveLength(2);
      writeFileSync(path, sound.replace(plant.from, plant.to));
      try {
        expect(await simulate(plant)).toMatch(
          new RegExp(`broke an invariant after [\\d.]+ s: (${[plant.found].flat().join("|")}) \\(`),
        );
      } finally {
        writeFileSync(path, sound);
      }
    },
    TIMEOUT_MS,
  );
});
