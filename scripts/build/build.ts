/**
 * Builds every published package: TypeScript from `src` to JavaScript and declarations in `dist`.
 * Why the compiler alone does it: docs/decisions/0001-build-with-tsc.md.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { publishedPackages, ROOT } from "./workspace.ts";

const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
/** Made by a build of its own; see scripts/setup/page.mjs. */
const KEPT = "page";

for (const { folder, manifest } of publishedPackages()) {
  const startedAt = performance.now();
  clean(join(folder, "dist"));
  const { status } = spawnSync(process.execPath, [TSC, "--project", join(folder, "tsconfig.build.json")], {
    stdio: "inherit",
    cwd: ROOT,
  });
  if (status !== 0) {
    console.error(`${manifest.name} does not build.`);
    process.exit(1);
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(
    `${manifest.name}: ${relative(ROOT, folder)}/dist, ${countFiles(join(folder, "dist"))} files in ${seconds} s`,
  );
}

function clean(dist: string): void {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist)) {
    if (entry !== KEPT) rmSync(join(dist, entry), { recursive: true });
  }
}

function countFiles(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => basename(path).includes("."))
    .length;
}
