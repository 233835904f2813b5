/**
 * Gives every notification its place in history: one whole number that is its order, its time and its cursor at once.
 *
 * The place is the millisecond of creation times 1,024, and the next free number from there: so newest first is a walk along the
 * table, a range of time is a range of places, and neither needs an index. A number of its own with an index on time would cost
 * another tree on the hot path, and could not lead full-text search, which walks in the order of its numbers.
 */
import type { DatabaseSync } from "node:sqlite";

const PLACES_PER_MS = 1_024;
/**
 * Of so many places, those of an earlier moment move on without looking: more than 1,024 in a millisecond, or a clock set back a
 * little. Ranges of time allow for it.
 */
export const DRIFT_MS = 10_000;

export interface Places {
  /** The next free place at this instant. @throws TypeError when it is none */
  next(createdAt: number): number;
}

export function createPlaces(handle: DatabaseSync): Places {
  const newest = handle.prepare("select max(place) as place from notifications");
  const newestBelow = handle.prepare("select max(place) as place from notifications where place < ?");
  /** Looked up when it is first asked for: when everything that an earlier process left is in the table. */
  let last = Number.NaN;

  return {
    next(createdAt) {
      const wanted = placeOf(createdAt);
      if (Number.isNaN(wanted)) throw new TypeError(`A notification cannot be created at ${createdAt}.`);
      last = lastOne();
      if (wanted > last) {
        last = wanted;
        return last;
      }
      if (last - wanted < DRIFT_MS * PLACES_PER_MS) return ++last;
      // The clock was set back across a restart: look for room among what was written then.
      return firstFree(wanted);
    },
  };

  function lastOne(): number {
    return Number.isNaN(last) ? numberOr(newest.get()?.["place"], -1) : last;
  }

  function firstFree(wanted: number): number {
    for (let from = wanted; ; from += PLACES_PER_MS) {
      const end = from + PLACES_PER_MS;
      const below = numberOr(newestBelow.get(end)?.["place"], -1);
      if (below < end - 1) return Math.max(from, below + 1);
    }
  }
}

/** The first place of this instant. */
export function placeOf(at: number): number {
  return Math.floor(at) * PLACES_PER_MS;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
