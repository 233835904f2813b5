/** The notification about something that failed (D2). Pure. */
import { errorName } from "../error-name.ts";
import type { NotificationInput } from "../notification.ts";
import { guardedGet, readable } from "../readable.ts";
import { fieldsOf } from "./fields.ts";
import { isError, traceOf, trimTrace } from "./trace.ts";

export interface ErrorReport {
  /** @defaultValue the name of the error, e.g. `TypeError` */
  readonly title?: string | undefined;
  /** What happened, in a sentence or more. @defaultValue the message of the error */
  readonly details?: string | undefined;
  /** Shown in fixed width, its first and last lines when it is long. @defaultValue the stack of the error, with its causes */
  readonly traceback?: string | undefined;
  /** Whatever was caught. */
  readonly error?: unknown;
  /** The part of the program in which it happened. */
  readonly service?: string | undefined;
  readonly fields?: NotificationInput["fields"];
}

/**
 * An error, as an error report or as it was caught. Never throws.
 *
 * @example
 * notifier.notify(errorNotification({ details: "The nightly import stopped.", error, service: "import" }));
 */
export function errorNotification(report: ErrorReport | Error): NotificationInput {
  const given: ErrorReport = isError(report) ? { error: report } : report;
  const { title, details, traceback, error, service, fields } = given;
  const trace = traceback ?? (isError(error) ? traceOf(error) : "");
  return {
    type: "error",
    title: title ?? nameOf(error) ?? "Error",
    message: details ?? messageOf(error),
    blocks: trace === "" ? [] : [{ kind: "code", text: trimTrace(trace) }],
    fields: fieldsOf({ Service: service, Error: unsaid(given) }, fields),
  };
}

/** What title and details leave out of the error. */
function unsaid({ title, details, error }: ErrorReport): string | undefined {
  if (details !== undefined && error !== undefined) return readable(error);
  return title === undefined ? undefined : nameOf(error);
}

function nameOf(error: unknown): string | undefined {
  return isError(error) ? errorName(error) : undefined;
}

function messageOf(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  return readable(isError(error) ? guardedGet(error, "message") : error);
}
