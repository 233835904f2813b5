/**
 * Signals: what is running gets each one once, and the command ends the way it was told to.
 *
 * Children run in process groups of their own, because a terminal sends Ctrl-C to a whole group and npm passes it on once
 * more: without that a task would hear one key press up to three times, and take the second for impatience.
 * The first signal asks the child to end; a later one insists.
 */

/** npm repeats within milliseconds what the terminal has sent already; a person does not. */
const SAME_KEY_PRESS_MS = 400;
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** @typedef {(signal: NodeJS.Signals, insist: boolean) => void} Forward */

/**
 * @typedef {object} Interrupts
 * @property {() => NodeJS.Signals | null} received The first signal so far.
 * @property {<T>(forward: Forward, work: Promise<T>) => Promise<T>} during Passes signals to `forward` until `work` ends.
 */

/** @returns {Interrupts} */
export function createInterrupts() {
  /** @type {NodeJS.Signals | null} */
  let first = null;
  /** @type {{ signal: NodeJS.Signals, at: number } | null} */
  let last = null;
  /** @type {Forward | null} */
  let forward = null;

  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const now = performance.now();
      if (last?.signal === signal && now - last.at < SAME_KEY_PRESS_MS) return;
      last = { signal, at: now };
      const insist = first !== null;
      first ??= signal;
      if (forward === null) endBy(signal);
      else forward(signal, insist);
    });
  }

  return {
    received: () => first,
    async during(next, work) {
      forward = next;
      try {
        return await work;
      } finally {
        forward = null;
      }
    },
  };
}

/**
 * Ends this process by `signal`, as if it had never been caught: the shell and npm then know why, and say nothing.
 * @param {NodeJS.Signals} signal
 */
export function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
