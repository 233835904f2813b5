import type * as Fs from "node:fs";
import { writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createDiskSync } from "./disk-sync.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

type Done = (error: Error | null) => void;

const disk = vi.hoisted((): { asked: Done[]; files: number[] } => ({ asked: [], files: [] }));

vi.mock(import("node:fs"), async (original) => {
  const fs = await original();
  const fdatasync = (file: number, done: Done): void => {
    disk.files.push(file);
    disk.asked.push(done);
  };
  return { ...fs, fdatasync: fdatasync as typeof Fs.fdatasync };
});

beforeEach(() => {
  disk.asked = [];
  disk.files = [];
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

  it("asks once more for each who comes meanwhile, and from the third on for all together: what is under way began too early for them", async () => {
    const { ask, done } = setUp();
    const [a, b, c, d] = [ask("a"), ask("b"), ask("c"), ask("d")];
    expect(disk.asked).toHaveLength(2);
    disk.asked[1]!(null);
    await b;
    expect(done).toEqual(["b"]);
    expect(disk.asked).toHaveLength(3);
    disk.asked[0]!(null);
    await a;
    expect(done).toEqual(["b", "a"]);
    disk.asked[2]!(null);
    await Promise.all([c, d]);
    expect(done).toEqual(["b", "a", "c", "d"]);
    expect(disk.asked).toHaveLength(3);
  });

  it("asks through descriptors of their own, as each is told once of what has failed", async () => {
    const { ask } = setUp();
    const asked = [ask("a"), ask("b")];
    expect(new Set(disk.files).size).toBe(2);
    for (const done of disk.asked) done(null);
    await Promise.all(asked);
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

  it("fails where there is no log, each time", async () => {
    const sync = createDiskSync(temporaryFile());
    for (let k = 0; k < 4; k++) await expect(sync.sync()).rejects.toThrow("ENOENT");
  });
});
