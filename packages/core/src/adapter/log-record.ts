/**
 * What a line of a logger is told as: its level becomes type and severity, its text the title, its error and details the rest.
 * The logger's own redaction has been at work before; what still looks like a secret is taken out here.
 *
 * Upstream the transports of pino and winston, and the console. Downstream the reporter. Pure.
 */
import { errorName } from "../notification/error-name.ts";
import { type AlertType, type NotificationInput, SEVERITIES, type Severity } from "../notification/notification.ts";
import { readable } from "../notification/readable.ts";
import { summariseError } from "../preset/error-summary.ts";
import { redactDetails, redactText } from "../preset/secrets.ts";
import { OTHERS, type Repeats, shapeOf, sinceWhen, timesOf, type Wording } from "./reporter.ts";

export interface LogRecord {
  readonly severity: Severity;
  /** Name of the logger or of its part of the program; `null` when it has none. */
  readonly source: string | null;
  readonly text: string;
  /** What was logged as an error; `undefined` when nothing was. */
  readonly error: unknown;
  /** What was logged besides. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface LogSettings {
  /** Lines below it are not told. @defaultValue "error" */
  readonly severity?: Severity | undefined;
  /** Alert type of all messages, by which they are routed. @defaultValue by severity: `critical`, `error`, otherwise `general` */
  readonly type?: AlertType | undefined;
}

const MAX_TITLE_CHARS = 200;
const MAX_TEXT_CHARS = 2_000;
const MAX_DETAILS = 10;

/** @throws TypeError when the severity is none: a filter that lets nothing through would go unnoticed. */
export function createLogFilter({ severity = "error" }: LogSettings): (asked: Severity) => boolean {
  const least = SEVERITIES.indexOf(severity);
  if (least === -1) throw new TypeError(`severity must be one of ${SEVERITIES.join(", ")}, got ${readable(severity)}.`);
  return (asked) => SEVERITIES.indexOf(asked) >= least;
}

export function createLogWording({ type }: LogSettings): Wording<LogRecord> {
  return {
    matterOf: ({ severity, source, text, error }) =>
      `${severity} ${source} ${error === undefined ? "" : errorName(error)} ${shapeOf(text)}`,
    notificationOf: (record, matter, repeats) => notificationOf({ record, type, matter }, repeats),
  };
}

interface Wanted {
  readonly record: LogRecord;
  readonly type: AlertType | undefined;
  readonly matter: string;
}

function notificationOf({ record, type, matter }: Wanted, repeats: Repeats | null): NotificationInput {
  const { severity, source, error, details } = record;
  const summary = error === undefined ? null : summariseError(error);
  const text = redactText(record.text.slice(0, MAX_TEXT_CHARS)).trim();
  const [line = ""] = text.split("\n", 1);
  const isWhole = line === text && line.length <= MAX_TITLE_CHARS;
  const told = [
    repeats && sinceWhen(repeats),
    isWhole ? null : text,
    summary !== null && !text.includes(summary.message) ? `${summary.name}: ${summary.message}` : null,
  ].filter(Boolean);
  const title = matter === OTHERS ? "Many other lines are logged" : line.slice(0, MAX_TITLE_CHARS) || summary?.name;
  return {
    type: type ?? typeOf(severity),
    severity,
    title: `${title ?? "A line without text was logged"}${timesOf(repeats)}`,
    message: told.length === 0 ? undefined : told.join("\n"),
    fields: {
      ...(source === null ? {} : { Source: source }),
      ...redactDetails(Object.fromEntries(Object.entries(details).slice(0, MAX_DETAILS))),
    },
    blocks: summary?.stack ? [{ kind: "code", text: summary.stack }] : [],
    key: `log ${matter}`,
    ...(source === null ? {} : { labels: { source } }),
  };
}

function typeOf(severity: Severity): AlertType {
  return severity === "critical" || severity === "error" ? severity : "general";
}

/** Levels of pino, npm and syslog that are worth more than `info`. */
const SEVERITY_BY_NAME: ReadonlyMap<string, Severity> = new Map([
  ["fatal", "critical"],
  ["emerg", "critical"],
  ["alert", "critical"],
  ["crit", "critical"],
  ["critical", "critical"],
  ["error", "error"],
  ["warn", "warning"],
  ["warning", "warning"],
]);

/** Of a level's name in pino, npm or syslog; everything else is `info`. */
export function severityByName(level: string): Severity {
  return SEVERITY_BY_NAME.get(level.toLowerCase()) ?? "info";
}

export interface WrittenError {
  readonly name: string | null;
  readonly message: string;
  readonly stack: string | null;
}

/** An error that has been written down, as one again. */
export function reviveError({ name, message, stack }: WrittenError): Error {
  // Constructed, it would look for a stack of its own, which costs more than reading the line.
  const error: Error = Object.create(Error.prototype);
  return Object.assign(error, { name: name ?? "Error", message, stack: stack ?? "" });
}
