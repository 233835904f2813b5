import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { READERS_OWN, type Snippet, snippetsOf } from "./snippets.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const OPTIONS = {
  module: "nodenext",
  target: "es2024",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  types: ["node"],
  customConditions: ["tocsin-source"],
};

/** What the compiler says of them, in a folder of their own that sees our packages. */
function complaintsAbout(snippets: readonly Snippet[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-snippets-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "readers-own.d.ts"), READERS_OWN);
    const files = snippets.map(({ code }, at) => {
      // Each is a module of its own, also one that imports nothing.
      writeFileSync(join(folder, `${at}.ts`), `${code}\nexport {};\n`);
      return `${at}.ts`;
    });
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: OPTIONS, files: ["readers-own.d.ts", ...files] }),
    );
    const { stdout } = spawnSync(process.execPath, [TSC, "--project", folder], { cwd: folder, encoding: "utf8" });
    const lines = stdout.split("\n").filter((line) => line.includes("error TS"));
    return lines.map((line) => line.replace(/^(\d+)\.ts/, (_, at) => snippets[Number(at)]?.name ?? line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the TypeScript in our documents", () => {
  it("fits our packages, and imports what it uses", () => {
    const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    const snippets = documents.flatMap((path) => snippetsOf(path, readFileSync(join(ROOT, path), "utf8")));
    expect(snippets.length).toBeGreaterThan(20);
    expect(complaintsAbout(snippets)).toEqual([]);
  }, 60_000);

  it("is refused where it does not", () => {
    const markdown =
      '```ts\ncreateNotifier();\n```\n1. as\n\n   ```ts\n   import { nothing } from "@tocsin/core";\n   ```\n';
    expect(complaintsAbout(snippetsOf("docs/a.md", markdown))).toEqual([
      expect.stringMatching(/^docs\/a\.md#1\(1,1\): error .*createNotifier/),
      expect.stringMatching(/^docs\/a\.md#2\(1,13\): error .*nothing/),
    ]);
  }, 60_000);
});
