/**
 * The npm packages: whether what is installed is what the lock file asks for, and `npm ci` when it is not.
 *
 * npm keeps a record of what it installed inside `node_modules`, written last, so an interrupted or outdated installation shows by
 * comparison, and one made by hand with `npm install` counts. A stamp of ours says that npm has already done all it can for this very
 * lock, in case the two differ for reasons of its own.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runStep } from "./child.mjs";
import { Interrupted, SetupFailure } from "./failure.mjs";

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {readonly string[]} [os]
 * @property {readonly string[]} [cpu]
 * @property {readonly string[]} [libc]
 *
 * @typedef {{ packages: Readonly<Record<string, LockEntry>> }} Lock
 * @typedef {{ os: string, cpu: string }} Platform
 */

/** How long npm tries when the registry does not answer: about 20 s instead of its own 80 s. */
const RETRIES = ["--fetch-retries=3", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=8000"];
const QUIET = ["--no-audit", "--no-fund", "--no-progress", "--no-update-notifier", "--loglevel=error"];
const NO_NETWORK =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;
const SHOWN_LINES = 15;

/**
 * Which packages the lock asks for that are not installed as it says.
 *
 * @param {Lock} wanted
 * @param {Lock | null} installed npm's own record, or null when there is none.
 * @param {Platform} platform
 * @returns {string[]} Their places, e.g. `node_modules/vitest`.
 */
export function outdatedPackages(wanted, installed, platform) {
  return Object.entries(wanted.packages)
    .filter(([place, entry]) => place.includes("node_modules/") && isFor(entry, platform))
    .filter(([place, entry]) => {
      const found = installed?.packages[place];
      if (found === undefined) return !mayBeLeftOut(entry);
      return found.version !== entry.version || found.integrity !== entry.integrity || found.link !== entry.link;
    })
    .map(([place]) => place);
}

/**
 * Why npm failed, for people.
 * @param {string} output
 */
export function explainNpmFailure(output) {
  const network = NO_NETWORK.exec(output);
  if (network) {
    return [
      `The npm packages could not be downloaded: the registry cannot be reached (${network[1]}).`,
      "Check the network (behind a proxy: `npm config set proxy <address>`), then run the command again.",
    ];
  }
  if (output.includes("ENOSPC")) {
    return ["The npm packages need about 600 MB, and the disk is full (ENOSPC). Free some space, then run it again."];
  }
  const tail = output.trimEnd().split("\n").slice(-SHOWN_LINES);
  return ["`npm ci` failed. Its last words:", ...tail.map((line) => `  ${line}`)];
}

/**
 * Installs the packages unless they are installed.
 *
 * @param {import("./main.mjs").Context} context
 * @returns {Promise<boolean>} Whether anything had to be done.
 */
export async function ensurePackages({ root, env, reporter, interrupts }) {
  const lockPath = join(root, "package-lock.json");
  const wanted = readLock(lockPath);
  if (wanted === null) throw new SetupFailure(["package-lock.json is missing or not JSON: restore it from git."]);
  const platform = { os: process.platform, cpu: process.arch };
  const installed = readLock(join(root, "node_modules", ".package-lock.json"));
  const stamp = { path: join(root, "node_modules", ".tocsin-lock"), text: hashOf(lockPath) };
  const done = existsSync(stamp.path) && readFileSync(stamp.path, "utf8") === stamp.text;
  const outdated = done ? [] : outdatedPackages(wanted, installed, platform);
  const deleted = Object.keys(installed?.packages ?? {}).filter(
    (place) => !existsSync(join(root, place, "package.json")),
  );
  if (outdated.length === 0 && deleted.length === 0) return false;

  const count = Object.values(wanted.packages).filter((entry) => isFor(entry, platform)).length;
  const first = installed === null;
  const title = first ? `Installing about ${count} npm packages (once)` : "Bringing the npm packages up to date";
  await reporter.during(title, async () => {
    const command = { program: "npm", args: ["ci", ...QUIET, ...RETRIES], cwd: root, env: withoutLocalBin(env) };
    const ended = await runStep(command, { interrupts });
    if (interrupts.received() !== null) throw new Interrupted();
    if (ended.code !== 0) throw new SetupFailure(explainNpmFailure(ended.output));
    writeFileSync(stamp.path, stamp.text);
  });
  return true;
}

/**
 * The environment for npm itself: it must not find the Node of the very folder that it replaces, and its settings must
 * not be those of the `npm run` that we are part of.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function withoutLocalBin(env) {
  const path = (env["PATH"] ?? "").split(delimiter).filter((folder) => !/[\\/]node_modules[\\/]\.bin$/.test(folder));
  const kept = Object.entries(env).filter(
    ([name]) => !/^npm_(lifecycle|package|command|execpath|node_execpath)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

/**
 * @param {LockEntry} entry
 * @param {Platform} platform
 */
function isFor({ os, cpu }, platform) {
  return (os === undefined || os.includes(platform.os)) && (cpu === undefined || cpu.includes(platform.cpu));
}

/**
 * Optional packages may be missing, but not the native part for this very platform. (Which C library it has cannot be
 * asked cheaply: where a package is for one of them only, npm has decided.)
 *
 * @param {LockEntry} entry
 */
function mayBeLeftOut({ optional, cpu, libc }) {
  return optional === true && (cpu === undefined || libc !== undefined);
}

/** @param {string} path */
function hashOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/**
 * @param {string} path
 * @returns {Lock | null}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
