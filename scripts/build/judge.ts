/** What publint and “are the types wrong” have to say against an archive, as sentences; nothing when all is well. */
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

export async function judgeArchive(path: string): Promise<string[]> {
  const data = readFileSync(path);
  return [...(await judgeManifest(data)), ...(await judgeTypes(data))];
}

async function judgeManifest(data: Buffer<ArrayBuffer>): Promise<string[]> {
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function judgeTypes(data: Buffer): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  if (result.types === false) return ["it has no types"];
  return result.problems
    .filter((problem) => !isMeant(problem))
    .map((problem) => `the types: ${JSON.stringify(problem, (key, value) => (key === "trace" ? undefined : value))}`);
}

/**
 * `node10` knows no exports, and no Node that we support resolves like it. An ES module that is required is no mistake
 * since Node 22.12, which loads it; verify.ts does so with every entry point.
 */
function isMeant(problem: Problem): boolean {
  if (problem.kind === "CJSResolvesToESM") return true;
  return "resolutionKind" in problem && problem.resolutionKind === "node10";
}
