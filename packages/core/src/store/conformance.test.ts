import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type OpenedStore, storeConformance } from "../../testing/store-conformance.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import { openSqliteStore } from "./sqlite/sqlite-store.ts";

const clock = createSystemClock();

/** Every store; `folder` is where it lies. */
const FIXTURES = {
  memory: { folder: "memory", open: openMemory, outlivesProcess: false },
  sqlite: { folder: "sqlite", open: openSqliteFile, outlivesProcess: true },
  "sqlite in memory": { folder: "sqlite", open: openSqliteInMemory, outlivesProcess: false },
};

describe.each(Object.entries(FIXTURES))("the store %s", (_name, fixture) => {
  for (const { claim, run } of storeConformance(fixture, fixture)) it(claim, run);
});

it("every store has a fixture", async () => {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect([...new Set(Object.values(FIXTURES).map(({ folder }) => folder))].sort()).toEqual(folders.sort());
});

async function openMemory(): Promise<OpenedStore> {
  return {
    store: createMemoryStore({ clock, keep: 2_000 }),
    reopen: () => Promise.reject(new Error("it ends with its process")),
    dispose: () => Promise.resolve(),
  };
}

async function openSqliteFile(): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), "tocsin-store-"));
  const open = async () => openSqliteStore({ database: join(folder, "t.db"), clock, keepMs: Number.POSITIVE_INFINITY });
  return { store: await open(), reopen: open, dispose: () => rm(folder, { recursive: true }) };
}

async function openSqliteInMemory(): Promise<OpenedStore> {
  return {
    store: openSqliteStore({ database: ":memory:", clock, keepMs: Number.POSITIVE_INFINITY }),
    reopen: () => Promise.reject(new Error("it ends with its process")),
    dispose: () => Promise.resolve(),
  };
}
