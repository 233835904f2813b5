/** The order of things: one lock, the set-up that the task needs, then the task. */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePrograms } from "./apt.mjs";
import { exitCodeOf, runTask } from "./child.mjs";
import { Interrupted, SetupFailure } from "./failure.mjs";
import { createInterrupts, endBy } from "./interrupts.mjs";
import { withLock } from "./lock.mjs";
import { ensurePackages } from "./packages.mjs";
import { ensurePage } from "./page.mjs";
import { ensureNode } from "./pinned-node.mjs";
import { programFolders } from "./programs.mjs";
import { createReporter } from "./reporter.mjs";
import { TASKS } from "./tasks.mjs";

/**
 * What every part of the set-up works with.
 *
 * @typedef {object} Context
 * @property {string} root The repository's folder.
 * @property {NodeJS.ProcessEnv} env The environment for steps and tasks.
 * @property {import("./reporter.mjs").Reporter} reporter
 * @property {import("./interrupts.mjs").Interrupts} interrupts
 */

/**
 * @param {readonly string[]} argv The task's name and its arguments; without any, only the whole set-up.
 * @returns {Promise<void>}
 */
export async function main([name = "setup", ...args]) {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
  const path = [join(root, "node_modules", ".bin"), process.env["PATH"] ?? ""].join(delimiter);
  const context = {
    root,
    env: { ...process.env, PATH: path },
    reporter: createReporter(process.stderr),
    interrupts: createInterrupts(),
  };
  try {
    process.exitCode = await setUpAndRun(name, args, context);
  } catch (error) {
    if (error instanceof Interrupted) context.reporter.say("Interrupted. The next start repairs what is unfinished.");
    else if (error instanceof SetupFailure) for (const line of error.message.split("\n")) context.reporter.say(line);
    else throw error;
    process.exitCode = 1;
  }
  endAsSignalled(context);
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Context} context
 */
async function setUpAndRun(name, args, context) {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) {
    throw new SetupFailure([`There is no task "${name}". There are: ${Object.keys(TASKS).join(", ")}.`]);
  }
  const { root, reporter } = context;
  const onWait = (/** @type {string} */ holder) =>
    reporter.say(`Waiting for \`${holder}\`, which is setting up this folder.`);
  const node = await withLock({ root, holder: `npm run ${name}`, onWait }, () => setUp(task, context));
  const steps = task.steps(args, root);
  if (steps.length === 0) reporter.say("Everything is installed.");
  return runSteps(task, steps, { ...context, node });
}

/**
 * @param {import("./tasks.mjs").Task} task
 * @param {Context} context
 * @returns {Promise<string>} The Node to use.
 */
async function setUp(task, context) {
  const fresh = await ensurePackages(context);
  const node = await ensureNode(context, { fresh });
  await ensurePrograms(task.programs, context);
  if (task.page) await ensurePage(context);
  return node;
}

/**
 * @param {import("./tasks.mjs").Task} task
 * @param {readonly import("./tasks.mjs").Step[]} steps
 * @param {Context & { node: string }} context
 * @returns {Promise<number>} The first exit code that is not 0, else 0.
 */
async function runSteps({ programs, quiet, allSteps }, steps, { root, env, node, reporter, interrupts }) {
  const taskEnv = programs.length === 0 ? env : { ...env, PATH: programFolders(env).join(delimiter) };
  let worst = 0;
  for (const { entry, args, nodeArgs = [] } of steps) {
    if (!existsSync(join(root, entry))) throw new SetupFailure([`${entry} is missing: this checkout is not complete.`]);
    const command = { program: node, args: [...nodeArgs, entry, ...args], cwd: root, env: taskEnv };
    if (!quiet) reporter.say(`Running ${describe(entry, args)}`);
    const code = exitCodeOf(await runTask(command, { interrupts }));
    worst ||= code;
    if (interrupts.received() !== null || (code !== 0 && !allSteps)) break;
  }
  return worst;
}

/**
 * A command for people: `biome ci .`, `demo/src/main.ts --for 60s`
 * @param {string} entry
 * @param {readonly string[]} args
 */
function describe(entry, args) {
  const tool = /^node_modules\/.*\/([^/]+?)(\.[a-z]+)?$/.exec(entry)?.[1] ?? entry;
  return [tool, ...args].join(" ");
}

/**
 * A task that ended well although a signal came (a server that was stopped) has ended well; otherwise the signal is why.
 * @param {Context} context
 */
function endAsSignalled({ interrupts }) {
  const signal = interrupts.received();
  if (signal !== null && process.exitCode !== 0) endBy(signal);
}
