/** The packages that are published, in the order in which they are built: each may use those before it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

const BUILD_ORDER = ["core", "discord-emulator", "server"] as const;

export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

export interface PublishedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

export function publishedPackages(): PublishedPackage[] {
  return BUILD_ORDER.map((name) => {
    const folder = join(ROOT, "packages", name);
    return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest };
  });
}

/** What people import: `@tocsin/core`, `@tocsin/core/testing`. */
export function entryPoints({ name, exports = {} }: Manifest): string[] {
  return Object.keys(exports).map((subpath) => `${name}${subpath.slice(1)}`);
}
