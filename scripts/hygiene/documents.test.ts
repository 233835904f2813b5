import { describe, expect, it } from "vitest";
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

describe("namedPaths", () => {
  it("finds links relative to the document, and code that looks like a path from the repository's folder", () => {
    const text = "See [flow](../README.md#flow), `packages/core/src/flow.test.ts`, `tsconfig.json` and `.ci/run`.";
    expect(namedPaths("docs/x.md", text)).toEqual([
      "README.md",
      "packages/core/src/flow.test.ts",
      "tsconfig.json",
      ".ci/run",
    ]);
  });

  it("leaves out addresses, anchors, patterns, packages, commands and fenced blocks", () => {
    const text = [
      "[a](https://example.org/docs/x) [b](#below) `@tocsin/core` `npm run demo` `packages/*/src` `docs/<name>.md` `a/b`",
      "```sh",
      "cat `docs/gone.md`",
      "```",
    ].join("\n");
    expect(namedPaths("README.md", text)).toEqual([]);
  });
});

describe("coverage", () => {
  const table = [
    "| row | what | code | test | state |",
    "|---|---|---|---|---|",
    "| A1 | alert | `packages/a.ts` | `test/a.test.ts` | works |",
    "| A2 | offline | | | not yet |",
  ].join("\n");

  it("reads the rows of the table", () => {
    expect(coverageRows(table)).toEqual([
      { row: "A1", code: ["packages/a.ts"], tests: ["test/a.test.ts"], state: "works" },
      { row: "A2", code: [], tests: [], state: "not yet" },
    ]);
    expect(coverageProblems(coverageRows(table), ["A1", "A2"])).toEqual([]);
  });

  it("names missing, unknown and repeated rows, unknown states, and a working row without proof", () => {
    const bad = `${table}\n| A2 | twice | | | nearly |\n| B9 | claimed | \`x\` | | works |`;
    expect(coverageProblems(coverageRows(bad), ["A1", "A2", "A3"])).toEqual([
      "A2: must be there once",
      "A3: must be there once",
      "B9: is no requirement",
      'A2: state "nearly" is neither "works" nor "not yet"',
      "B9: works without code or test",
    ]);
  });
});

describe("error codes", () => {
  it("finds codes in the catalogue's headings and in what is thrown, over several lines too", () => {
    expect(catalogueCodes("# Errors\n\n## `CONFIG_A`\ntext `CONFIG_B`\n### `CONFIG_C`")).toEqual([
      "CONFIG_A",
      "CONFIG_C",
    ]);
    expect(thrownCodes('throw new ConfigError("CONFIG_A", []); new ConfigError(\n  "CONFIG_B",\n  problems)')).toEqual([
      "CONFIG_A",
      "CONFIG_B",
    ]);
  });

  it("counts codes that are not written where the error is made", () => {
    expect(hiddenCodes('new ConfigError(code, []); new ConfigError("CONFIG_A", [])')).toBe(1);
  });
});

describe("variables", () => {
  it("are listed in the first column of tables, patterns left out", () => {
    const table =
      "| variable | default |\n|---|---|\n| `HOST`, `PORT` | `127.0.0.1` |\n| `DISCORD_WEBHOOK_<TYPE>` | `NONE` |";
    expect(listedVariables(table)).toEqual(["HOST", "PORT"]);
  });

  it("are read by quoted name or as a key of the schema", () => {
    const source =
      'env["DISCORD_RATE_LIMIT"]; "LOG_LEVEL"; const PREFIX = "DISCORD_WEBHOOK_";\n  MQTT_PORT: port,\n    NESTED: 1,';
    expect(readVariables(source)).toEqual(["DISCORD_RATE_LIMIT", "LOG_LEVEL", "MQTT_PORT"]);
  });
});
