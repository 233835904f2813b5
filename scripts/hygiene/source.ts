/** Source files as the checks see them: where they are, what they say, and what they import. */
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { parseSync, Visitor } from "rolldown/utils";

export interface Source {
  /** Relative to the folder that was read, with `/`. */
  readonly path: string;
  readonly text: string;
}

type Program = ReturnType<typeof parseSync>["program"];

/** All TypeScript under `folder` but tests and their fixtures. */
export function readSources(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter(
      (path) =>
        /\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path),
    )
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}

/** @throws when the text is not TypeScript. */
export function parse({ path, text }: Source): Program {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  return program;
}

/** What a file imports, in whatever form: `import`, `export … from`, `import()`, and types by `import("…").T`. */
export function importsOf(source: Source): string[] {
  const found: string[] = [];
  const note = (node: { readonly source: unknown }): void => {
    const { source } = node;
    if (typeof source === "object" && source !== null && "value" in source && typeof source.value === "string") {
      found.push(source.value);
    }
  };
  new Visitor({
    ImportDeclaration: note,
    ExportNamedDeclaration: note,
    ExportAllDeclaration: note,
    ImportExpression: note,
    TSImportType: note,
  }).visit(parse(source));
  return found;
}
