/**
 * Decides what follows when the thread has died: another one, after a wait that grows, or the end.
 *
 * Pure. Durations are milliseconds.
 */

/** Lives shorter than this count as one row of deaths. */
const STEADY_MS = 60_000;
const FIRST_WAIT_MS = 100;
/** The tenth death in a row is the last, 51 s of waiting after the first: what kills a thread ten times will kill the next. */
export const MAX_DEATHS = 10;

export type AfterDeath =
  | { readonly action: "restart"; readonly afterMs: number; readonly deaths: number }
  | { readonly action: "end"; readonly deaths: number };

/**
 * @param before deaths in a row before this one
 * @param livedMs how long the thread has lived
 */
export function decideAfterDeath(before: number, livedMs: number): AfterDeath {
  const deaths = livedMs >= STEADY_MS ? 1 : before + 1;
  if (deaths >= MAX_DEATHS) return { action: "end", deaths };
  return { action: "restart", deaths, afterMs: FIRST_WAIT_MS * 2 ** (deaths - 1) };
}
