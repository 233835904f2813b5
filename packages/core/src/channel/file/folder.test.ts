import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeFolder } from "./folder.ts";

const folder = mkdtempSync(join(tmpdir(), "tocsin-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("makes what is missing on the way, and minds nothing that is there", () => {
  makeFolder(join(folder, "a", "b", "c"));
  makeFolder(join(folder, "a", "b", "c"));
  expect(statSync(join(folder, "a", "b", "c")).isDirectory()).toBe(true);
});

it("ends with an error where a file is in the way", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file", "below"))).toThrow(/EEXIST/);
});

it.runIf(existsSync("/proc/self"))("ends with an error where the system lets nobody make folders", () => {
  expect(() => makeFolder("/proc/tocsin/below")).toThrow();
});
