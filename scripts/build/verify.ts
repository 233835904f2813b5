/**
 * Looks at the built packages as a stranger would: packs them, installs the archives into an empty project, imports
 * every entry point as an ES module and with `require`, type-checks the imports, and asks every command for its help. publint and
 * “are the types wrong” look at the archives as well, and a notifier in a thread flushes on exit.
 */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeArchive } from "./judge.ts";
import { entryPoints, publishedPackages, ROOT } from "./workspace.ts";

const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
/** Optional peers that an entry point cannot do without. */
const PEERS = ["winston-transport"];
const packages = publishedPackages();
const project = mkdtempSync(join(tmpdir(), "tocsin-verify-"));

try {
  await install();
  countPackages("@tocsin/core", 5);
  const entries = packages.flatMap(({ manifest }) => entryPoints(manifest));
  importAll(entries);
  checkTypes(entries);
  tellFromThread("module", 'import { createNotifier } from "@tocsin/core"');
  tellFromThread("commonjs", 'const { createNotifier } = require("@tocsin/core")');
  for (const command of packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}))) askForHelp(command);
  console.log(`The packages work from their archives: ${entries.join(", ")}.`);
} finally {
  rmSync(project, { recursive: true });
}

async function install(): Promise<void> {
  const pack = ["pack", "--json", "--pack-destination", project];
  const workspaces = packages.flatMap(({ manifest }) => ["--workspace", manifest.name]);
  const answer: unknown = JSON.parse(run("npm", [...pack, ...workspaces], ROOT).stdout);
  // npm 9 to 11 answer with a list; a later one with an object by name.
  const archives = Object.values(answer as Record<string, Archive>);
  for (const archive of archives) {
    checkContents(archive);
    const complaints = await judgeArchive(join(project, archive.filename));
    if (complaints.length > 0) fail(`${archive.name} is not fit to publish:\n${complaints.join("\n")}`);
  }

  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error", "--prefer-offline"];
  run("npm", ["install", ...quiet, ...archives.map(({ filename }) => `./${filename}`), ...PEERS], project);
}

/** Whoever installs it gets so many packages, itself included. */
function countPackages(name: string, most: number): void {
  const { packages: installed } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as Lock;
  const all = new Set([name]);
  for (const one of all) {
    for (const needed of Object.keys(installed[`node_modules/${one}`]?.dependencies ?? {})) all.add(needed);
  }
  if (all.size > most) fail(`${name} brings ${all.size} packages, more than ${most}: ${[...all].join(", ")}`);
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
}

interface Archive {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Tests and sources are not published; what says how to use it, and on which terms, is. */
function checkContents({ name, files }: Archive): void {
  const paths = files.map(({ path }) => path);
  const strangers = paths.filter((path) => /\.test\.|\.fixture\.|(^|\/)src\/.*(?<!\.d)\.tsx?$/.test(path));
  if (strangers.length > 0) fail(`${name} would publish ${strangers.join(", ")}`);
  const missing = ["LICENSE", "README.md"].filter((path) => !paths.includes(path));
  if (missing.length > 0) fail(`${name} would be published without ${missing.join(", ")}`);
}

function importAll(entries: readonly string[]): void {
  for (const entry of entries) {
    const report =
      "console.log(Object.keys(module).filter((key) => !['module.exports', '__esModule'].includes(key)).sort().join())";
    const esm = evaluate("module", `import * as module from "${entry}"; ${report};`);
    const cjs = evaluate("commonjs", `{ const module = require("${entry}"); ${report}; }`);
    if (esm.trim() === "") fail(`${entry} exports nothing`);
    if (esm !== cjs) fail(`${entry} exports ${esm} as an ES module and ${cjs} to require()`);
  }
}

function evaluate(inputType: "module" | "commonjs", code: string): string {
  return run(process.execPath, [`--input-type=${inputType}`, "--eval", code], project).stdout;
}

/** The thread is a file of its own in the package, and sends what is queued when a program ends itself. */
function tellFromThread(inputType: "module" | "commonjs", load: string): void {
  const file = join(project, `told-${inputType}.ndjson`);
  const store = join(project, `${inputType}.db`);
  const options = { thread: true, env: {}, webhookUrl: `file:${file}`, store: { sqlite: store } };
  const code = `${load}; createNotifier(${JSON.stringify(options)}).notify({ title: "last words" }); process.exit(3);`;
  const { status, stderr } = spawnSync(process.execPath, [`--input-type=${inputType}`, "--eval", code], {
    cwd: project,
    encoding: "utf8",
  });
  const told = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (status !== 3 || !told.includes('"last words"')) {
    fail(
      `a thread of a ${inputType} program told ${told || "nothing"}, and the program ended with ${status}: ${stderr}`,
    );
  }
}

function checkTypes(entries: readonly string[]): void {
  const lines = entries.map(
    (entry, i) => `import * as entry${i} from "${entry}";\nexport const keys${i}: object = entry${i};`,
  );
  writeFileSync(join(project, "use.ts"), lines.join("\n"));
  const compilerOptions = {
    module: "nodenext",
    target: "es2024",
    strict: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules", "@types")],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  const { stdout } = spawnSync(process.execPath, [TSC, "--project", project], { encoding: "utf8", cwd: project });
  // Declarations of other people's packages are not ours to judge.
  const ours = stdout.split("\n").filter((line) => /^(use\.ts|node_modules\/(@tocsin|tocsin)\/).*error/.test(line));
  if (ours.length > 0) fail(`the types do not check:\n${ours.join("\n")}`);
}

function askForHelp(command: string): void {
  const { stdout } = run(process.execPath, [join(project, "node_modules", ".bin", command), "--help"], project);
  if (!/usage/i.test(stdout)) fail(`${command} --help does not say how to use it`);
}

function run(program: string, args: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const ended = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, npm_config_loglevel: "error" },
  });
  if (ended.status !== 0) fail(`${program} ${args.join(" ")}\n${ended.error?.message ?? ended.stdout + ended.stderr}`);
  return ended;
}

function fail(why: string): never {
  throw new Error(why);
}
