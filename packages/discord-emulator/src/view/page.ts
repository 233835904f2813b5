/**
 * Finds the built page, and builds it when it is missing or older than its sources (which only the repository has).
 * Nothing of this happens before somebody opens the page.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";

export interface PageFile {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export type FoundPage =
  | { readonly kind: "page"; readonly file: (path: string) => Promise<PageFile | null> }
  /** In words for whoever opened the page. */
  | { readonly kind: "missing"; readonly reason: string };

const TYPES: Readonly<Record<string, string>> = Object.freeze({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
});

const ASSET = /^[\w.-]+$/;

export async function findPage(root: string = packageRoot(import.meta.dirname)): Promise<FoundPage> {
  const built = join(root, "dist", "page");
  const sources = join(root, "src", "page");
  if (!isFresh(built, sources)) {
    const problem = await build(root, built);
    if (problem !== null) return { kind: "missing", reason: problem };
  }
  return { kind: "page", file: (path) => readAsset(built, path) };
}

/** `/` is the page, everything else one of its assets. */
async function readAsset(built: string, path: string): Promise<PageFile | null> {
  const [folder, name] = path === "/" ? ["", "index.html"] : ["assets", path.slice("/assets/".length)];
  if (!ASSET.test(name)) return null;
  const contentType = TYPES[extname(name)] ?? "application/octet-stream";
  const bytes = await readFile(join(built, folder, name)).catch(() => null);
  return bytes === null ? null : { contentType, bytes };
}

function isFresh(built: string, sources: string): boolean {
  const index = join(built, "index.html");
  if (!existsSync(index)) return false;
  if (!existsSync(sources)) return true;
  const builtAt = statSync(index).mtimeMs;
  return readdirSync(sources, { recursive: true, encoding: "utf8" }).every(
    (file) => statSync(join(sources, file)).mtimeMs <= builtAt,
  );
}

/** Null when it is built. Several emulators may build at once: each in a folder of its own, and the last one stays. */
async function build(root: string, built: string): Promise<string | null> {
  const vite = await import("vite").catch(() => null);
  if (vite === null) {
    return "The page is not built, and Vite is not installed. In the repository run: npm run build:page -w packages/discord-emulator";
  }
  await mkdir(join(root, "dist"), { recursive: true });
  const workshop = await mkdtemp(join(root, "dist", "build-"));
  try {
    const outDir = join(workshop, "page");
    await vite.build({ configFile: join(root, "vite.config.ts"), logLevel: "silent", build: { outDir } });
    await rm(built, { recursive: true, force: true });
    await rename(outDir, built).catch((error) => {
      // Somebody else was faster; theirs is as good as ours.
      if (!existsSync(built)) throw error;
    });
    return null;
  } catch (error) {
    return `The page could not be built: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function packageRoot(from: string): string {
  return existsSync(join(from, "package.json")) ? from : packageRoot(dirname(from));
}
