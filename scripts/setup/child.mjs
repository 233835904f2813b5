/** Starts programs: with their output captured (a step of the set-up), or as the task itself. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { StringDecoder } from "node:string_decoder";

/** Process groups exist where there are POSIX signals. */
const HAS_GROUPS = process.platform !== "win32";
/** How long a step has to end by itself when it is told to. */
const GRACE_MS = 1_000;
/** How much of a step's output is kept for its error message. */
const KEPT_CHARS = 20_000;

/**
 * @typedef {object} Ended
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 *
 * @typedef {object} Command
 * @property {string} program
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * Runs a step of the set-up and keeps the end of what it prints. A signal ends it with all that it has started.
 *
 * @param {Command} command
 * @param {object} options
 * @param {import("./interrupts.mjs").Interrupts} options.interrupts
 * @param {(line: string) => void} [options.onLine]
 * @param {(insist: boolean) => boolean} [options.mayEnd] Whether a signal may end it now.
 * @returns {Promise<Ended & { output: string }>}
 */
export async function runStep(command, { interrupts, onLine = () => {}, mayEnd = () => true }) {
  const child = start(command, ["ignore", "pipe", "pipe"]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    forEachLine(stream, (line) => {
      output = `${output}${line}\n`.slice(-KEPT_CHARS);
      onLine(line);
    });
  }
  /** @type {NodeJS.Timeout | undefined} */
  let insisting;
  const ended = await interrupts.during(
    (_signal, insist) => {
      if (!mayEnd(insist)) return;
      signalGroup(child, "SIGTERM");
      // npm takes its time to undo what it was doing; the next start repairs it anyway.
      insisting ??= setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
    },
    untilEnd(child, "close"),
  );
  clearTimeout(insisting);
  return { ...ended, output };
}

/**
 * Runs a task with this command's own terminal. It hears each signal once; the second one ends its whole group.
 *
 * @param {Command} command
 * @param {{ interrupts: import("./interrupts.mjs").Interrupts }} options
 */
export function runTask(command, { interrupts }) {
  const child = start(command, "inherit");
  return interrupts.during(
    (signal, insist) => {
      if (insist) signalGroup(child, "SIGKILL");
      else child.kill(signal);
    },
    untilEnd(child, "exit"),
  );
}

/**
 * The exit code that shells give a program which ended so.
 * @param {Ended} ended
 */
export function exitCodeOf({ code, signal }) {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * @param {Command} command
 * @param {import("node:child_process").StdioOptions} stdio
 */
function start({ program, args, cwd, env }, stdio) {
  return spawn(program, args, { cwd, env, stdio, detached: HAS_GROUPS });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {"exit" | "close"} event `close` waits for the output too.
 * @returns {Promise<Ended>}
 */
function untilEnd(child, event) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once(event, (code, signal) => resolve({ code, signal }));
  });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(HAS_GROUPS ? -child.pid : child.pid, signal);
  } catch {
    // It has ended by itself, or runs as another user, who hears the terminal anyway.
  }
}

/**
 * @param {import("node:stream").Readable | null} stream
 * @param {(line: string) => void} onLine
 */
function forEachLine(stream, onLine) {
  const decoder = new StringDecoder();
  let rest = "";
  stream?.on("data", (chunk) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
