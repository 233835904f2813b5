/**
 * What our documents promise about this repository: the paths they name, the rows of the coverage table, the codes of the
 * error catalogue.
 *
 * Pure: texts are passed in.
 */
import { posix } from "node:path";

/** A path in a document begins with one of these, or it is a file in the repository's own folder. */
const FOLDERS = ["packages", "scripts", "docs", "test", "bench", "demo", "examples", ".ci"];
const ROOT_FILE = /^[\w.-]+\.(md|json|ts|yaml|yml)$/;
const EXTERNAL = /^([a-z]+:|#)/;

/**
 * The paths that a document names, relative to the repository: targets of its links, and `code` that looks like a path
 * from the repository's folder. Fenced blocks are commands and code, and are left out.
 */
export function namedPaths(document: string, markdown: string): string[] {
  const text = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !EXTERNAL.test(target))
    .map((target) => posix.join(posix.dirname(document), target.replace(/#.*/, "")));
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span).filter(looksLikePath);
  return [...new Set([...links, ...spans])].filter((path) => path !== ".");
}

function looksLikePath(span: string): boolean {
  if (!/^[\w@./-]+$/.test(span)) return false;
  return ROOT_FILE.test(span) || (span.includes("/") && FOLDERS.includes(span.split("/")[0] ?? ""));
}

/** One row of docs/coverage.md. */
export interface CoverageRow {
  readonly row: string;
  readonly code: readonly string[];
  readonly tests: readonly string[];
  readonly state: string;
}

/** The rows of the coverage table: `| A1 | what | code | test | state |`. */
export function coverageRows(markdown: string): CoverageRow[] {
  return [...markdown.matchAll(/^\|\s*([A-E]\d+)\s*\|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|/gm)].map(
    ([, row = "", code = "", tests = "", state = ""]) => ({
      row,
      code: codeSpans(code),
      tests: codeSpans(tests),
      state: state.trim(),
    }),
  );
}

/** What is wrong with the rows: an unknown state, a `works` without code or test, a row that is missing or there twice. */
export function coverageProblems(rows: readonly CoverageRow[], wanted: readonly string[]): string[] {
  const names = rows.map(({ row }) => row);
  const unlike = wanted.filter((row) => names.filter((name) => name === row).length !== 1);
  return [
    ...unlike.map((row) => `${row}: must be there once`),
    ...names.filter((row) => !wanted.includes(row)).map((row) => `${row}: is no requirement`),
    ...rows.flatMap(({ row, code, tests, state }) => {
      if (state !== "works" && state !== "not yet")
        return [`${row}: state "${state}" is neither "works" nor "not yet"`];
      if (state === "works" && (code.length === 0 || tests.length === 0)) return [`${row}: works without code or test`];
      return [];
    }),
  ];
}

function codeSpans(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}

/** The codes of the error catalogue: its headings, `` ## `CONFIG_X` ``. */
export function catalogueCodes(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ `([A-Z][A-Z0-9_]*)`/gm)].map(([, code = ""]) => code);
}

/** The codes with which a source constructs a `ConfigError` or a `StoreError`. */
export function thrownCodes(source: string): string[] {
  return [...source.matchAll(/new (?:Config|Store)Error\(\s*["'`]([A-Z0-9_]+)["'`]/g)].map(([, code = ""]) => code);
}

/** Constructions of such an error whose code is not written out there: the catalogue could not be checked. */
export function hiddenCodes(source: string): number {
  return [...source.matchAll(/new (?:Config|Store)Error\(/g)].length - thrownCodes(source).length;
}

/** The variables that a document lists: `NAME` in the first column of its tables. */
export function listedVariables(markdown: string): string[] {
  return [...markdown.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = ""]) =>
    codeSpans(cell).filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name)),
  );
}

/** The variables that a source reads as settings: names in capitals that are quoted, or keys of its schema. */
export function readVariables(source: string): string[] {
  const quoted = [...source.matchAll(/"((?:DISCORD|LOG)_[A-Z_]*[A-Z])"/g)].map(([, name = ""]) => name);
  const keys = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name = ""]) => name);
  return [...new Set([...quoted, ...keys])];
}
