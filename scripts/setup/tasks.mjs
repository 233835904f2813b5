/** What each npm script runs, and what has to be there before. All run on the pinned Node, in the repository's folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { TEST_PROGRAMS } from "./programs.mjs";

/**
 * @typedef {object} Step
 * @property {string} entry The script that Node runs.
 * @property {readonly string[]} args
 * @property {readonly string[]} [nodeArgs]
 *
 * @typedef {object} Task
 * @property {boolean} page Whether it shows or checks the emulator's page.
 * @property {readonly import("./programs.mjs").Program[]} programs System programs that it uses.
 * @property {boolean} quiet Whether it speaks for itself, so that no line of ours comes before it.
 * @property {boolean} allSteps Whether a step runs even though one before it has failed.
 * @property {(args: readonly string[], root: string) => readonly Step[]} steps
 */

const VITEST = "node_modules/vitest/vitest.mjs";
const BIOME = "node_modules/@biomejs/biome/bin/biome";
const TSC = "node_modules/typescript/bin/tsc";
const KNIP = "node_modules/knip/bin/knip.js";
const PAGE_PROJECT = "packages/discord-emulator/src/page/tsconfig.json";
/** Workspace packages run from their sources: their `exports` name them under this condition. */
const FROM_SOURCE = ["--conditions=tocsin-source"];
const WITH_ENV_FILE = [...FROM_SOURCE, "--env-file-if-exists=.env"];
const SERVER = "packages/server/src/main.ts";

/** @type {Readonly<Record<string, Task>>} */
export const TASKS = {
  setup: task({ page: true, programs: TEST_PROGRAMS, steps: () => [] }),
  demo: task({ page: true, steps: (args) => [{ entry: "demo/src/main.ts", args, nodeArgs: FROM_SOURCE }] }),
  test: task({
    page: true,
    programs: TEST_PROGRAMS,
    steps: (args) => [{ entry: VITEST, args: ["run", ...args] }],
  }),
  start: task({ quiet: true, steps: (args) => [{ entry: SERVER, args: ["serve", ...args], nodeArgs: WITH_ENV_FILE }] }),
  tocsin: task({ quiet: true, steps: (args) => [{ entry: SERVER, args, nodeArgs: WITH_ENV_FILE }] }),
  build: task({ page: true, steps: (args) => [{ entry: "scripts/build/build.ts", args }] }),
  verify: task({
    page: true,
    steps: () => [
      { entry: "scripts/build/build.ts", args: [] },
      { entry: "scripts/build/verify.ts", args: [] },
    ],
  }),
  check: task({
    allSteps: true,
    steps: (_args, root) => [
      { entry: BIOME, args: ["ci", ".", ...plainOffTerminal()] },
      { entry: TSC, args: ["--project", ".", "--noEmit"] },
      ...(existsSync(join(root, PAGE_PROJECT)) ? [{ entry: TSC, args: ["--project", PAGE_PROJECT, "--noEmit"] }] : []),
      { entry: KNIP, args: ["--no-config-hints"] },
    ],
  }),
  format: task({
    steps: (args) => [{ entry: BIOME, args: ["check", "--write", ...(args.length > 0 ? args : ["."])] }],
  }),
  simulate: task({
    steps: (args) => [{ entry: "packages/core/testing/simulator/main.ts", args, nodeArgs: FROM_SOURCE }],
  }),
  bench: task({ steps: (args) => [{ entry: "bench/src/main.ts", args, nodeArgs: FROM_SOURCE }] }),
  example: task({ page: true, steps: (args) => [{ entry: "examples/main.ts", args, nodeArgs: FROM_SOURCE }] }),
};

/**
 * @param {Partial<Task> & Pick<Task, "steps">} parts
 * @returns {Task}
 */
function task(parts) {
  return { page: false, programs: [], quiet: false, allSteps: false, ...parts };
}

/** Biome colours its output even when that goes into a file. */
function plainOffTerminal() {
  return process.stdout.isTTY ? [] : ["--colors=off"];
}
