import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fingerprint } from "./page.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-page-"));
  mkdirSync(join(folder, "src", "page"), { recursive: true });
  writeFileSync(join(folder, "src", "page", "main.ts"), "one");
  writeFileSync(join(folder, "other.txt"), "outside");
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = () => fingerprint(folder, [join("src", "page"), "vite.config.ts"]);

it.each([
  ["a file changes", () => writeFileSync(join(folder, "src", "page", "main.ts"), "two")],
  ["a file comes", () => writeFileSync(join(folder, "src", "page", "more.ts"), "")],
  ["a file is renamed", () => renameSync(join(folder, "src", "page", "main.ts"), join(folder, "src", "page", "x.ts"))],
  ["a listed file comes", () => writeFileSync(join(folder, "vite.config.ts"), "")],
])("the fingerprint changes when %s", (_case, change) => {
  const before = now();
  change();
  expect(now()).not.toBe(before);
});

it("the fingerprint stays when something else changes", () => {
  const before = now();
  writeFileSync(join(folder, "other.txt"), "changed");
  expect(now()).toBe(before);
});
