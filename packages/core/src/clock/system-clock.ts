/**
 * The machine's clock behind the {@link Clock} port.
 *
 * `now()` is the steady clock laid onto the epoch. When the machine's wall clock is ahead of it (resumed from sleep, or
 * set forward) it follows; when the wall clock is set back it stays, because a pacing window that
 * saw time run backwards would hold alerts for as long as the step was.
 */
import type { Clock, Timer } from "./clock.ts";

/** setTimeout counts in a signed 32-bit integer; a longer wait would fire at once. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;
/** How far the wall clock may run ahead before it is followed. */
const FOLLOW_AFTER_MS = 1_000;
/** The hour is asked for ten times per message; looking at the wall clock each time would double the price. */
const LOOK_EVERY_MS = 100;

type Wait = NodeJS.Timeout | NodeJS.Immediate;

/**
 * Calls `look` about then, rather early than late. Node's timers know whole milliseconds only, and are up to one late: what is left of the
 * last one goes by in turns of the event loop. (Half a millisecond of each window of a webhook's limit: 0.3 ‰.) A wait that keeps nothing
 * alive has no such turns: where nothing else happens there are none.
 */
function waitFor(ms: number, isHolding: boolean, look: () => void): Wait {
  if (ms < 1 && isHolding) return setImmediate(look);
  const wait = setTimeout(look, Math.min(Math.max(1, Math.floor(ms)), LONGEST_TIMEOUT_MS));
  return isHolding ? wait : wait.unref();
}

export interface SystemClockOptions {
  /** Whether a pending wait keeps the process alive. @defaultValue true */
  readonly keepAlive?: boolean;
}

/** A clock over `performance.now()`, `Date.now()`, `Math.random()` and `setTimeout()`. */
export function createSystemClock({ keepAlive = true }: SystemClockOptions = {}): Clock {
  let originAt = performance.timeOrigin;
  /** When to look at the wall clock again. */
  let lookAt = 0;

  function now(): number {
    const steadyAt = originAt + performance.now();
    if (steadyAt < lookAt) return steadyAt;
    lookAt = steadyAt + LOOK_EVERY_MS;
    const aheadMs = Date.now() - steadyAt;
    if (aheadMs <= FOLLOW_AFTER_MS) return steadyAt;
    originAt += aheadMs;
    return steadyAt + aheadMs;
  }

  function schedule(at: number, fire: () => void): Timer {
    let wait: Wait;
    let isHolding = keepAlive;
    let isOver = false;
    // Long waits come in several parts, and the last millisecond by itself.
    const look = (): void => {
      if (now() < at) return arm();
      isOver = true;
      fire();
    };
    const arm = (): void => {
      wait = waitFor(at - now(), isHolding, look);
    };
    arm();
    const cancel = (): void => {
      isOver = true;
      wait[Symbol.dispose]();
    };
    const unref = (): void => {
      isHolding = false;
      if (isOver) return;
      wait[Symbol.dispose]();
      arm();
    };
    return { cancel, unref };
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = schedule(now() + ms, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  return { now, random: Math.random, schedule, sleep };
}
