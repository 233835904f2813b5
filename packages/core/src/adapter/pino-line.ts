/**
 * Reads lines of pino: JSON with a number for the level. Pure, but for the last line that a reader keeps.
 *
 * Upstream pino. Downstream log-record.ts.
 */
import type { Severity } from "../notification/notification.ts";
import { guardedGet } from "../notification/readable.ts";
import { type LogRecord, reviveError, severityByName } from "./log-record.ts";

/** pino's own levels; between them lie those that programs add. */
const FATAL = 60;
const ERROR = 50;
const WARN = 40;
/** What pino writes into every line, and what is told in other places. */
const KNOWN = new Set(["level", "time", "pid", "hostname", "name", "v", "msg", "err", "error"]);

/** What pino begins a line with. Only the time in it differs between lines that are the same. */
const HEAD = /^\{"level":(\d+),"time":\d+/;

/** Reads as `readPinoLine` does. A line that repeats the last one is not read again, because in a storm reading is nearly all the cost. */
export function createPinoReader(): (line: string) => LogRecord | null {
  let last: { readonly level: string; readonly rest: string; readonly record: LogRecord | null } | null = null;
  return (line) => {
    const [head = "", level = ""] = HEAD.exec(line) ?? [];
    const rest = line.slice(head.length);
    if (last?.rest !== rest || last.level !== level) last = { level, rest, record: readPinoLine(line) };
    return last.record;
  };
}

/** @returns `null` for what is no line of pino */
export function readPinoLine(line: string): LogRecord | null {
  const fields = parse(line);
  const level = fields?.["level"];
  if (fields === null || (typeof level !== "number" && typeof level !== "string")) return null;
  const { name, msg } = fields;
  const error = fields["err"] ?? fields["error"];
  return {
    severity: typeof level === "number" ? severityOf(level) : severityByName(level),
    source: typeof name === "string" && name !== "" ? name : null,
    text: typeof msg === "string" ? msg : "",
    error: error === undefined || error === null ? undefined : revived(error),
    details: Object.fromEntries(Object.entries(fields).filter(([key]) => !KNOWN.has(key))),
  };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function severityOf(level: number): Severity {
  if (level >= FATAL) return "critical";
  if (level >= ERROR) return "error";
  return level >= WARN ? "warning" : "info";
}

/** pino writes an error as its class, message and stack. */
function revived(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  const textAt = (key: string): string | null => {
    const text = guardedGet(error, key);
    return typeof text === "string" ? text : null;
  };
  const message = textAt("message");
  if (message === null) return error;
  return reviveError({ name: textAt("type") ?? textAt("name"), message, stack: textAt("stack") });
}
