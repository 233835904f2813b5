/** How late the event loop is: how much longer than asked a timer takes, because something else holds the thread. */
export interface EventLoopDelay {
  /** The latest that a timer was since the last call, in milliseconds. */
  takeWorstMs(): number;
  stop(): void;
}

/** A thread that is held for longer than this is seen, whenever that begins. */
const LOOK_EVERY_MS = 100;

/**
 * Looks ten times a second, and keeps no process alive. (The histogram of `node:perf_hooks` forgets the stall that a reset falls into,
 * which for a thread that is held for long is the only one.)
 */
export function watchEventLoop(): EventLoopDelay {
  let worstMs = 0;
  let dueAt = 0;
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    dueAt = performance.now() + LOOK_EVERY_MS;
    timer = setTimeout(look, LOOK_EVERY_MS).unref();
  }

  function look(): void {
    worstMs = Math.max(worstMs, performance.now() - dueAt);
    arm();
  }

  arm();
  return {
    takeWorstMs() {
      // Whoever asks may come before the timer that is late, which is then not to tell it again.
      clearTimeout(timer);
      look();
      const taken = worstMs;
      worstMs = 0;
      return taken;
    },
    stop: () => clearTimeout(timer),
  };
}
