import type * as Fs from "node:fs";
import { writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createDiskSync } from "./disk-sync.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

type Done = (error: Error | null) => void;

const disk = vi.hoisted((): { asked: Done[] } => ({ asked: [] }));

vi.mock(import("node:fs"), async (original) => {
  const fs = await original();
  const fdatasync = (_file: number, done: Done): void => void disk.asked.push(done);
  return { ...fs, fdatasync: fdatasync as typeof Fs.fdatasync };
});

beforeEach(() => {
  disk.asked = [];
});

function setUp() {
  const path = temporaryFile();
  writeFileSync(`${path}-wal`, "");
  const sync = createDiskSync(path);
  onTestFinished(() => sync.close());
  const done: string[] = [];
  const ask = (name: string): Promise<unknown> => sync.sync().then(() => done.push(name));
  return { sync, ask, done };
}

describe("disk sync", () => {
  it("resolves when the disk says that it has everything, not before", async () => {
    const { ask, done } = setUp();
    const asked = ask("a");
    await Promise.resolve();
    expect(done).toEqual([]);
    disk.asked[0]!(null);
    await asked;
    expect(done).toEqual(["a"]);
  });

  it("asks once more for all who came while one was under way, because that may have begun too early for them", async () => {
    const { ask, done } = setUp();
    const [a, b, c] = [ask("a"), ask("b"), ask("c")];
    expect(disk.asked).toHaveLength(1);
    disk.asked[0]!(null);
    await a;
    expect(done).toEqual(["a"]);
    expect(disk.asked).toHaveLength(2);
    disk.asked[1]!(null);
    await Promise.all([b, c]);
    expect(done).toEqual(["a", "b", "c"]);
  });

  it("fails those whom a failing disk concerns, and tries again for the next", async () => {
    const { sync, ask } = setUp();
    const first = sync.sync();
    const second = ask("b");
    disk.asked[0]!(new Error("EIO"));
    await expect(first).rejects.toThrow("EIO");
    disk.asked[1]!(null);
    await expect(second).resolves.toBe(1);
  });

  it("fails where there is no log", async () => {
    const sync = createDiskSync(temporaryFile());
    await expect(sync.sync()).rejects.toThrow("ENOENT");
  });
});
