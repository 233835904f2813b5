/**
 * Plays a series back from a day on: hands out what is due as measured time passes, and begins again where the series ends.
 *
 * Holds a place in the series; knows no clock.
 */
import type { Point } from "./series.ts";

export interface Replay {
  /** Moves measured time on by `elapsedMs` and returns what was measured meanwhile, in order. */
  advance(elapsedMs: number): readonly Point[];
}

/**
 * @param from epoch milliseconds of the first point to play, or of an instant before it
 * @throws Error when the series has fewer than two points, or none from there on
 */
export function createReplay(points: readonly Point[], from: number): Replay {
  const [first, second] = points;
  const last = points.at(-1);
  if (first === undefined || second === undefined || last === undefined) throw new Error("A series needs two points.");
  const start = points.findIndex(({ at }) => at >= from);
  if (start === -1) throw new Error(`The series ends before ${new Date(from).toISOString()}.`);
  /** From one beginning of the series to the next: its length and one step. */
  const lapMs = last.at - first.at + (second.at - first.at);
  let next = start;
  let laps = 0;
  let nowAt = from;

  return {
    advance(elapsedMs) {
      nowAt += elapsedMs;
      const due: Point[] = [];
      for (;;) {
        const point = points[next]!;
        if (point.at + laps * lapMs > nowAt) return due;
        due.push(point);
        next = (next + 1) % points.length;
        if (next === 0) laps++;
      }
    },
  };
}
