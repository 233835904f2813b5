/**
 * What is told of an error: its class, its message and where it happened, short and without secrets.
 *
 * Upstream whatever a program has thrown. Downstream presets and adapters. Pure, as far as the error's getters are.
 */
import { isError } from "../notification/build/trace.ts";
import { errorName } from "../notification/error-name.ts";
import { readable } from "../notification/readable.ts";
import { redactText } from "./secrets.ts";

const MAX_FRAMES = 8;
const MAX_MESSAGE_CHARS = 1_000;
/** A message may be of any length, and so may what `Error.stackTraceLimit` lets through. */
const MAX_STACK_CHARS = 20_000;
const FIRST_FRAME = /^ {2,8}at /m;
const FRAME = /^\s+at /;
/** Frames inside Node.js tell nothing about the program. */
const INTERNAL = /\(?node:[\w/]+/;

export interface ErrorSummary {
  /** `TypeError` */
  readonly name: string;
  readonly message: string;
  /** A frame a line, without the message; `null` when there is none. */
  readonly stack: string | null;
}

/** Never throws: what cannot be read is left out. */
export function summariseError(error: unknown): ErrorSummary {
  if (!isError(error)) {
    return { name: "Error", message: redactText(readable(error, MAX_MESSAGE_CHARS)), stack: null };
  }
  const message = redactText(attempt(() => readable(error.message, MAX_MESSAGE_CHARS)) ?? "");
  return { name: redactText(errorName(error)), message, stack: attempt(() => trimmed(error.stack)) };
}

function trimmed(stack: string | undefined): string | null {
  if (typeof stack !== "string") return null;
  const from = stack.search(FIRST_FRAME);
  if (from === -1) return null;
  const frames = stack
    .slice(from, from + MAX_STACK_CHARS)
    .split("\n")
    .filter((line) => FRAME.test(line) && !INTERNAL.test(line));
  const shown = frames.slice(0, MAX_FRAMES).map((line) => line.trim());
  if (shown.length === 0) return null;
  if (frames.length > shown.length) shown.push(`… ${frames.length - shown.length} more`);
  return redactText(shown.join("\n"));
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
