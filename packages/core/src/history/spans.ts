/** The spans of time that roll-ups are kept for, and how a range of time is put together from the fewest of them. Pure. */

/**
 * A minute, ten minutes, an hour and a day: smallest first, each divides the next. Days are those of UTC. Without the ten minutes,
 * most of what a week is put together from would be the single minutes at its ends.
 */
export const SPANS_MS = [60_000, 600_000, 3_600_000, 86_400_000] as const;
export type SpanMs = (typeof SPANS_MS)[number];

/** All spans of one length that begin in `from` (inclusive) to `to` (exclusive). */
export interface SpanRange {
  readonly spanMs: SpanMs;
  readonly from: number;
  readonly to: number;
}

export function floorTo(at: number, spanMs: number): number {
  return Math.floor(at / spanMs) * spanMs;
}

export function ceilTo(at: number, spanMs: number): number {
  return Math.ceil(at / spanMs) * spanMs;
}

/**
 * Puts a range together from whole days, the hours before and after them, the tens of minutes before and after those, and minutes.
 *
 * @param range whole minutes
 * @param longestMs the longest span to use. @defaultValue a day
 */
export function coverRange(
  { from, to }: { readonly from: number; readonly to: number },
  longestMs: SpanMs = 86_400_000,
): SpanRange[] {
  return cover({ from, to }, SPANS_MS.indexOf(longestMs));
}

function cover({ from, to }: { readonly from: number; readonly to: number }, level: number): SpanRange[] {
  if (from >= to) return [];
  const spanMs = SPANS_MS[level]!;
  if (level === 0) return [{ spanMs, from, to }];
  const inner = { from: ceilTo(from, spanMs), to: floorTo(to, spanMs) };
  if (inner.from >= inner.to) return cover({ from, to }, level - 1);
  const before = cover({ from, to: inner.from }, level - 1);
  const after = cover({ from: inner.to, to }, level - 1);
  return [...before, { spanMs, ...inner }, ...after];
}
