/** Stack traces as they are shown: with their causes, and short enough to be read. Never throws. Pure. */
import { guardedGet, readable } from "../readable.ts";

/** Room for some thirty frames; beside it an embed still has room for a text, and a message for another embed. */
export const MAX_TRACE_CHARS = 3_000;
/** Share of the room for the beginning, where most languages have the cause; some have it at the end. */
const HEAD_SHARE = 0.6;
const MAX_CAUSES = 3;

/** The stack of an error, and of what caused it; any other value as text. */
export function traceOf(error: unknown): string {
  const parts: string[] = [];
  for (let cause = error; cause !== undefined && cause !== null && parts.length <= MAX_CAUSES; cause = causeOf(cause)) {
    parts.push(stackOf(cause));
  }
  return parts.join("\nCaused by: ");
}

function stackOf(error: unknown): string {
  const stack = isError(error) ? guardedGet(error, "stack") : undefined;
  return typeof stack === "string" && stack !== "" ? stack : readable(error);
}

function causeOf(error: unknown): unknown {
  return isError(error) ? guardedGet(error, "cause") : undefined;
}

/** Also one of another realm (a test runner's, a `vm` context's), which is an instance of another class. */
export function isError(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  return typeof guardedGet(value, "stack") === "string" || value instanceof Error;
}

/** The text itself, or its first and last lines and how many are left out between them. */
export function trimTrace(text: string, maxChars: number = MAX_TRACE_CHARS): string {
  if (text.length <= maxChars) return text;
  const lines = text.split("\n").map((line) => (line.length > maxChars / 4 ? `${line.slice(0, maxChars / 4)}…` : line));
  const head = linesWithin(lines, maxChars * HEAD_SHARE);
  const tail = linesWithin(lines.slice(head.length).toReversed(), maxChars * (1 - HEAD_SHARE)).toReversed();
  const left = lines.length - head.length - tail.length;
  const gap = left === 0 ? [] : [`… ${left} ${left === 1 ? "line" : "lines"} left out …`];
  return [...head, ...gap, ...tail].join("\n");
}

function linesWithin(lines: readonly string[], maxChars: number): readonly string[] {
  let chars = 0;
  const beyond = lines.findIndex((line) => {
    chars += line.length + 1;
    return chars > maxChars;
  });
  return beyond === -1 ? lines : lines.slice(0, beyond);
}
