/** Ends of waiting: after a time, or when somebody says so. No timer outlives its use, so nothing keeps the process alive. */
import type { Clock } from "@tocsin/core/stages";

/** Resolves after `forMs` (`null`: never) or when the signal aborts. */
export async function untilOver(clock: Clock, forMs: number | null, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if (forMs !== null) return clock.sleep(forMs, signal).catch(() => undefined);
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Waits for `work`, but no longer than `ms`. */
export async function atMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, clock.sleep(ms, done.signal).catch(() => undefined)]);
  done.abort();
}
