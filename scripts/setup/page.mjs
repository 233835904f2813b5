/** The emulator's page: built for a browser, again whenever its sources change. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runStep } from "./child.mjs";
import { Interrupted, SetupFailure } from "./failure.mjs";
import { withoutLocalBin } from "./packages.mjs";

const PACKAGE = join("packages", "discord-emulator");
/** What the page is made of, inside {@link PACKAGE}. */
const SOURCES = [join("src", "page"), "package.json", "vite.config.ts"];
const BUILT = join(PACKAGE, "dist", "page");
const STAMP = join(BUILT, ".sources");
const SHOWN_LINES = 15;

/**
 * A fingerprint of files: their names and what is in them.
 *
 * @param {string} folder
 * @param {readonly string[]} names Files, and folders with all that is in them, inside `folder`.
 */
export function fingerprint(folder, names) {
  const hash = createHash("sha256");
  for (const path of names.flatMap((name) => filesUnder(folder, name)).toSorted()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @param {import("./main.mjs").Context} context */
export async function ensurePage(context) {
  const { root, env, reporter, interrupts } = context;
  const manifest = JSON.parse(readFileSync(join(root, PACKAGE, "package.json"), "utf8"));
  if (manifest.scripts?.["build:page"] === undefined) return;

  const stamp = join(root, STAMP);
  const sources = fingerprint(join(root, PACKAGE), SOURCES);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
  rmSync(stamp, { force: true });

  await reporter.during("Building the emulator's page", async () => {
    const args = ["run", "--silent", "build:page", "--workspace", PACKAGE];
    const command = { program: "npm", args, cwd: root, env: { ...withoutLocalBin(env), PATH: env["PATH"] } };
    const { code, output } = await runStep(command, { interrupts });
    if (interrupts.received() !== null) throw new Interrupted();
    if (code !== 0) {
      const tail = output.trimEnd().split("\n").slice(-SHOWN_LINES);
      throw new SetupFailure(["The emulator's page could not be built:", ...tail.map((line) => `  ${line}`)]);
    }
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, sources);
  });
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string[]}
 */
function filesUnder(folder, name) {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  const entries = safeList(path);
  return entries === null ? [name] : entries.flatMap((entry) => filesUnder(folder, join(name, entry)));
}

/**
 * @param {string} path
 * @returns {string[] | null} What is in a folder; null for a file.
 */
function safeList(path) {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
}
