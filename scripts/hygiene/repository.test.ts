/** Looks over the whole repository: what its documents say, what must not be in it, and how large its files are. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  catalogueCodes,
  coverageProblems,
  coverageRows,
  hiddenCodes,
  listedVariables,
  namedPaths,
  readVariables,
  thrownCodes,
} from "./documents.ts";
import { foreignImports } from "./flow.ts";
import { downloadedFrom, leaksIn, switchedOffIn } from "./leaks.ts";
import { readSources } from "./source.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const LONGEST_FILE_LINES = 300;
/** How many requirements each of the five systems has. */
const REQUIREMENTS = { A: 12, B: 11, C: 10, D: 9, E: 9 };

const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)));
/** What a clone has: its files and their folders. On one machine an empty folder may be there, too. */
const paths = new Set(
  files.flatMap((path) => path.split("/").map((_, depth, parts) => parts.slice(0, depth + 1).join("/"))),
);
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const isText = (path: string): boolean => !/\.(png|jpe?g|gif|ico|woff2?|gz|sqlite|db)$/.test(path);
const documents = files.filter((path) => path.endsWith(".md") && !path.startsWith("packages/"));
const sources = files.filter(
  (path) => /^packages\/[^/]+\/(src|testing)\/.*\.tsx?$/.test(path) && !path.includes(".test."),
);

it("every path that our documents name exists", () => {
  const missing = documents.flatMap((document) =>
    namedPaths(document, read(document))
      .filter((path) => !paths.has(path.replace(/\/$/, "")))
      .map((path) => `${document}: ${path}`),
  );
  expect(missing).toEqual([]);
});

it("docs/coverage.md has every requirement once, and proof for each that works", () => {
  const wanted = Object.entries(REQUIREMENTS).flatMap(([system, count]) =>
    Array.from({ length: count }, (_, index) => `${system}${index + 1}`),
  );
  const rows = coverageRows(read("docs/coverage.md"));
  expect(coverageProblems(rows, wanted)).toEqual([]);
  expect(rows.flatMap(({ code, tests }) => [...code, ...tests]).filter((path) => !paths.has(path))).toEqual([]);
});

it("docs/errors.md lists exactly the codes that are thrown", () => {
  const texts = sources.map(read);
  expect(catalogueCodes(read("docs/errors.md")).toSorted()).toEqual(
    [...new Set(texts.flatMap(thrownCodes))].toSorted(),
  );
});

it("every error is made with its code written out", () => {
  expect(sources.filter((path) => hiddenCodes(read(path)) > 0)).toEqual([]);
});

it("README.md lists exactly the variables that are read", () => {
  const settings = sources
    .filter((path) => /\/config\/environment\.ts$/.test(path))
    .flatMap((path) => readVariables(read(path)));
  expect(listedVariables(read("README.md")).toSorted()).toEqual([...new Set(settings)].toSorted());
});

it("no file names a package registry or a machine's path", () => {
  const leaks = files.filter(isText).flatMap((path) => leaksIn(read(path)).map((leak) => `${path}:${leak}`));
  expect(leaks).toEqual([]);
  expect(downloadedFrom(read("package-lock.json"))).toEqual([]);
});

it("no source switches a check off or puts work off", () => {
  const code = files.filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith("scripts/hygiene/leaks."));
  expect(code.flatMap((path) => switchedOffIn(read(path)).map((line) => `${path}:${line}`))).toEqual([]);
});

it(`no source file is longer than ${LONGEST_FILE_LINES} lines`, () => {
  const code = files.filter(
    (path) => /\.(ts|tsx|mjs)$/.test(path) && !path.includes(".test.") && !path.includes("/generated/"),
  );
  const long = code.filter((path) => read(path).split("\n").length - 1 > LONGEST_FILE_LINES);
  expect(long).toEqual([]);
});

it("the emulator is an independent witness: it imports no package of ours", () => {
  const names = files
    .filter((path) => path.endsWith("package.json"))
    .map((path) => JSON.parse(read(path)).name as string);
  const emulator = readSources(join(ROOT, "packages", "discord-emulator", "src"));
  expect(emulator.length).toBeGreaterThan(0);
  expect(foreignImports(emulator, names)).toEqual([]);
});
