/** What a failure says for itself: its type and its detail, bounded, whatever was thrown. Never throws. */
import { bounded } from "../notification/bounds.ts";
import { errorName } from "../notification/error-name.ts";
import { guardedGet, readable } from "../notification/readable.ts";

export interface Failure {
  /** `TypeError`, `TimeoutError` … */
  readonly type: string;
  readonly detail: string;
}

/** Enough to understand it, and little enough to keep for every component. */
const MAX_DETAIL_CHARS = 2_000;

export function describeFailure(error: unknown): Failure {
  try {
    return { type: errorName(error), detail: bounded(detailOf(error), MAX_DETAIL_CHARS) };
  } catch {
    return { type: "Error", detail: "The error cannot be read." };
  }
}

function detailOf(error: unknown): string {
  if (error === undefined || error === null || error === "") return "No details were given.";
  if (!(error instanceof Error)) return readable(error, MAX_DETAIL_CHARS);
  // Node's AggregateError of a refused connection has a code and no message.
  const text = textAt(error, "message") || textAt(error, "code") || "No details were given.";
  if (error.cause === undefined) return text;
  return `${text} (cause: ${readable(error.cause, MAX_DETAIL_CHARS)})`;
}

function textAt(value: object, key: string): string {
  const text = guardedGet(value, key);
  return typeof text === "string" ? text : "";
}
