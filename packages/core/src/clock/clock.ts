/**
 * Time and chance, as a port: the only way the rest of the library learns the hour, waits or draws a number.
 * The virtual clock in `testing/` implements it too, which is why no unit test sleeps.
 */

/** A wait that has been asked for and may be called off. */
export interface Timer {
  /** Calls it off. Harmless when it has already fired. */
  cancel(): void;
  /** Lets the process end while it waits. Nothing to do for clocks that keep no process alive. */
  unref?(): void;
}

export interface Clock {
  /** Epoch milliseconds. Never goes back, even when the machine's own clock is set back. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Calls `fire` once, at `at` (epoch milliseconds) or as soon after as can be; never before it. */
  schedule(at: number, fire: () => void): Timer;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
