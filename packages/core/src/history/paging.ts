/** Limits and cursors of pages. Pure. */
import type { PageRequest } from "./history.ts";
import { QueryError } from "./query-error.ts";

export const DEFAULT_PAGE_LIMIT = 50;
export const MAX_PAGE_LIMIT = 500;

/** @throws {@link QueryError} when it is no whole number from 1 to 500 */
export function limitOf({ limit = DEFAULT_PAGE_LIMIT }: PageRequest): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_LIMIT) return limit;
  throw new QueryError(`limit must be a whole number from 1 to ${MAX_PAGE_LIMIT}, got ${limit}.`);
}

/** Opaque to others: the places are a store's own. */
export function encodeCursor(...place: readonly number[]): string {
  return Buffer.from(place.join(":")).toString("base64url");
}

/** @throws {@link QueryError} when it is not what {@link encodeCursor} made of so many numbers */
export function decodeCursor(cursor: string, length: number): readonly number[] {
  const place = Buffer.from(cursor, "base64url").toString().split(":").map(Number);
  if (place.length === length && place.every(Number.isSafeInteger) && encodeCursor(...place) === cursor) return place;
  throw new QueryError("The cursor is not one of these pages. Begin again without one.");
}
