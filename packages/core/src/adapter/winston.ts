/**
 * `@tocsin/core/winston`: a transport for winston that tells what is logged.
 *
 * @module
 */
import Transport, { type TransportStreamOptions } from "winston-transport";
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { guardedGet } from "../notification/readable.ts";
import {
  createLogFilter,
  createLogWording,
  type LogRecord,
  type LogSettings,
  reviveError,
  severityByName,
} from "./log-record.ts";
import { createReporter, type Reporter } from "./reporter.ts";

export interface WinstonTransportOptions extends LogSettings {
  /** Takes the messages. Stays yours to close. */
  readonly notifier: { notify(input: NotificationInput): unknown };
  /** winston's own filter, by its level names. @defaultValue the logger's */
  readonly level?: string;
  /** winston's own format for this transport. @defaultValue the logger's */
  readonly format?: NonNullable<TransportStreamOptions["format"]>;
  /** @defaultValue the machine's; waiting to tell repeated lines keeps no process alive */
  readonly clock?: Clock;
}

const LEVEL = Symbol.for("level");
const MESSAGE = Symbol.for("message");
/** What is told in other places, or says when. */
const KNOWN = new Set(["level", "message", "stack", "timestamp", "label", "service"]);

/**
 * Formats run before it, so that what they redact stays redacted. Never slows the logger down, never fails.
 *
 * @example
 * const log = winston.createLogger({ transports: [new winston.transports.Console(), new TocsinTransport({ notifier })] });
 */
export class TocsinTransport extends Transport {
  readonly #reporter: Reporter<LogRecord>;
  readonly #isWanted: ReturnType<typeof createLogFilter>;

  /** @throws TypeError when the severity is none of the known ones */
  constructor({ notifier, severity, type, clock, ...own }: WinstonTransportOptions) {
    super(own);
    this.#isWanted = createLogFilter({ severity });
    this.#reporter = createReporter({
      notify: (input) => notifier.notify(input),
      clock: clock ?? createSystemClock({ keepAlive: false }),
      wording: createLogWording({ type }),
    });
  }

  override log(info: object, next: () => void): void {
    const record = readInfo(info);
    if (this.#isWanted(record.severity)) this.#reporter.report(record);
    next();
    this.emit("logged", info);
  }

  /** winston calls it when the logger is closed: tells what has been counted and not told. */
  override close(): void {
    this.#reporter.flush();
  }
}

function readInfo(info: object): LogRecord {
  const textAt = (key: string | symbol): string | null => {
    const value = guardedGet(info, key);
    return typeof value === "string" ? value : null;
  };
  const text = textAt("message") ?? textAt(MESSAGE) ?? "";
  const stack = textAt("stack");
  const [head = ""] = (stack ?? "").split("\n", 1);
  return {
    severity: severityByName(textAt(LEVEL) ?? textAt("level") ?? ""),
    source: textAt("service") ?? textAt("label"),
    text,
    // A stack begins with the error's class.
    error: stack === null ? undefined : reviveError({ name: /^\w+/.exec(head)?.[0] ?? null, message: text, stack }),
    details: Object.fromEntries(
      Object.keys(info)
        .filter((key) => !KNOWN.has(key))
        .map((key) => [key, guardedGet(info, key)]),
    ),
  };
}
