/**
 * What people see of the set-up: lines on standard error, so that a task's own output stays clean.
 *
 * On a terminal a step under way rewrites its line every second; elsewhere it prints a line at the start, one now and
 * then, and one at the end.
 */

/** How often a step under way is shown again where there is no terminal. */
const REMINDER_MS = 20_000;
const REDRAW_MS = 1_000;
const PREFIX = "set-up: ";

/**
 * @typedef {object} Reporter
 * @property {(text: string) => void} say Prints a line.
 * @property {<T>(text: string, work: (detail: (text: string) => void) => Promise<T>) => Promise<T>} during
 *   Shows `text` with the time it takes while `work` runs; `detail` says how far it is.
 */

/**
 * @param {{ write: (text: string) => unknown, isTTY?: boolean }} stream
 * @returns {Reporter}
 */
export function createReporter(stream) {
  const onTerminal = stream.isTTY === true;
  const line = (/** @type {string} */ text) => stream.write(`${PREFIX}${text}\n`);
  const redraw = (/** @type {string} */ text) => stream.write(`\r\u001b[2K${PREFIX}${text}`);

  return {
    say: line,
    async during(text, work) {
      const startedAt = performance.now();
      let detail = "";
      const status = () => `${text} … ${[detail, elapsed(performance.now() - startedAt)].filter(Boolean).join(", ")}`;
      const timer = setInterval(() => (onTerminal ? redraw : line)(status()), onTerminal ? REDRAW_MS : REMINDER_MS);
      (onTerminal ? redraw : line)(`${text} …`);
      const finish = (/** @type {string} */ outcome) => {
        clearInterval(timer);
        if (onTerminal) stream.write("\r\u001b[2K");
        line(`${text}: ${outcome} ${elapsed(performance.now() - startedAt)}`);
      };
      try {
        const result = await work((now) => {
          detail = now;
        });
        finish("done in");
        return result;
      } catch (error) {
        finish("failed after");
        throw error;
      }
    },
  };
}

/**
 * A duration for people: `0.4 s`, `12 s`, `2 min 5 s`.
 * @param {number} ms
 */
export function elapsed(ms) {
  const seconds = ms / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
