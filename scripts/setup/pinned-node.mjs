/**
 * The Node that everything here runs on: the one that the repository pins as the npm package `node`, whose install
 * script newer npm versions may hold back; else the system's own, when it is new enough.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runStep } from "./child.mjs";
import { Interrupted, SetupFailure } from "./failure.mjs";
import { withoutLocalBin } from "./packages.mjs";

/** What the published packages ask for (`engines`): types are stripped natively and `node:sqlite` needs no flag. */
const OLDEST_FITTING = /** @type {const} */ ([22, 19]);

/**
 * @typedef {{ pinned: string, works: boolean, problem: string, system: string }} NodeFacts
 *   `pinned` and `system` are versions, `problem` is what the pinned one's installer said.
 */

/**
 * Which Node to use, and what to say of it.
 *
 * @param {NodeFacts} facts
 * @returns {{ use: "pinned" } | { use: "system", note: string } | { use: "none", why: string[] }}
 */
export function chooseNode({ pinned, works, problem, system }) {
  if (works) return { use: "pinned" };
  const because = `Node ${pinned}, which this repository pins, cannot run here${problem ? ` (${problem})` : ""}`;
  if (isFitting(system)) return { use: "system", note: `${because}; using the system's Node ${system} instead.` };
  return {
    use: "none",
    why: [
      `${because}, and the system's Node ${system} is older than ${OLDEST_FITTING.join(".")}.`,
      "If npm holds back install scripts, allow the one of `node`: `npm install-scripts approve node`, then `npm rebuild node`.",
      `Or install Node ${OLDEST_FITTING.join(".")} or newer yourself, and run the command again.`,
    ],
  };
}

/**
 * @param {import("./main.mjs").Context} context
 * @param {{ fresh: boolean }} options `fresh`: the packages have just been installed, so that it is tried, too.
 * @returns {Promise<string>} Path of the program.
 */
export async function ensureNode(context, { fresh }) {
  const { root, reporter } = context;
  const folder = join(root, "node_modules", "node");
  const program = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!fresh && existsSync(program)) return program;

  const pinned = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
  let problem = "";
  if (!existsSync(program)) {
    problem = await reporter.during(`Installing Node ${pinned} for this repository`, () =>
      runInstaller(folder, context),
    );
  }
  const works = await answers(program, `v${pinned}`, context);
  const choice = chooseNode({ pinned, works, problem, system: process.versions.node });
  if (choice.use === "none") throw new SetupFailure(choice.why);
  if (choice.use === "pinned") return program;
  reporter.say(choice.note);
  return process.execPath;
}

/**
 * Runs the package's own install script, as npm would have.
 * @param {string} folder
 * @param {import("./main.mjs").Context} context
 */
async function runInstaller(folder, { env, interrupts }) {
  const command = {
    program: process.execPath,
    args: ["installArchSpecificPackage.js"],
    cwd: folder,
    env: withoutLocalBin({ ...env, npm_config_loglevel: "error" }),
  };
  const { code, output } = await runStep(command, { interrupts });
  if (interrupts.received() !== null) throw new Interrupted();
  return code === 0 ? "" : (output.trim().split("\n").at(-1) ?? "");
}

/**
 * @param {string} program
 * @param {string} version
 * @param {import("./main.mjs").Context} context
 */
async function answers(program, version, { root, env, interrupts }) {
  if (!existsSync(program)) return false;
  try {
    const { output } = await runStep({ program, args: ["--version"], cwd: root, env }, { interrupts });
    return output.trim() === version;
  } catch {
    // Not a program for this machine.
    return false;
  }
}

/** @param {string} version */
function isFitting(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST_FITTING[0] || (major === OLDEST_FITTING[0] && minor >= OLDEST_FITTING[1]);
}
