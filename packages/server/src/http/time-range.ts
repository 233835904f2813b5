/** A range of time out of a query, for lists of what happened. Pure. */
import { toInstant } from "./contract/shared.ts";
import { ProblemError } from "./problems.ts";

export interface TimeRange {
  /** Epoch milliseconds, as is `to`. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** @throws ProblemError for a range that ends before it begins: an empty answer to it would be taken for good news */
export function readTimeRange(given: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): TimeRange {
  const range = { from: toInstant(given.from), to: toInstant(given.to) };
  if (range.from === undefined || range.to === undefined || range.from <= range.to) return range;
  const message = "lies after the end of the range: exchange them";
  throw new ProblemError("validation-failed", `/from ${message}.`, [{ path: "/from", message }]);
}
