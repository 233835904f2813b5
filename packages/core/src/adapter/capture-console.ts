/**
 * Tells what a program writes to its console.
 *
 * Upstream the program's calls of `console.error()` and `console.warn()`. Downstream the reporter, which makes few messages of many calls.
 */
import { format } from "node:util";
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { isError } from "../notification/build/trace.ts";
import type { NotificationInput, Severity } from "../notification/notification.ts";
import { createLogWording, type LogRecord, type LogSettings } from "./log-record.ts";
import { createReporter } from "./reporter.ts";

export interface CaptureConsoleOptions extends Pick<LogSettings, "type"> {
  /** Takes the messages. Stays yours to close. */
  readonly notifier: { notify(input: NotificationInput): unknown };
  /** Methods whose calls are told. @defaultValue ["error"] */
  readonly methods?: readonly ConsoleMethod[];
  /** @defaultValue the global one */
  readonly console?: Pick<Console, ConsoleMethod>;
  /** @defaultValue the machine's; waiting to tell repeated lines keeps no process alive */
  readonly clock?: Clock;
}

export type ConsoleMethod = "error" | "warn" | "info" | "log";

/** How lines of a notifier's own begin when it writes to the console: told, they would make more of themselves. */
const OWN_LINE = /^tocsin: /;
const SEVERITIES: Readonly<Record<ConsoleMethod, Severity>> = {
  error: "error",
  warn: "warning",
  info: "info",
  log: "info",
};

/**
 * Everything is still written as before, first of all.
 *
 * @returns the function that ends it, and tells what has been counted and not told.
 *
 * @example
 * const release = captureConsole({ notifier, methods: ["error", "warn"] });
 */
export function captureConsole({
  notifier,
  methods = ["error"],
  type,
  console: target = globalThis.console,
  clock = createSystemClock({ keepAlive: false }),
}: CaptureConsoleOptions): () => void {
  const reporter = createReporter({
    notify: (input) => notifier.notify(input),
    clock,
    wording: createLogWording({ type }),
  });
  let isTelling = false;

  function tell(method: ConsoleMethod, args: readonly unknown[]): void {
    // What is written while something is being told is about the telling.
    if (isTelling) return;
    isTelling = true;
    try {
      const record = readCall(method, args);
      if (record !== null) reporter.report(record);
    } catch {
      // An argument that cannot be formatted; it has been written as far as the console could.
    } finally {
      isTelling = false;
    }
  }

  const restorers = methods.map((method) => {
    const write = target[method];
    const captured = (...args: unknown[]): void => {
      Reflect.apply(write, target, args);
      tell(method, args);
    };
    target[method] = captured;
    return () => {
      // Somebody who has wrapped it since goes on calling ours, which then only writes.
      if (target[method] === captured) target[method] = write;
    };
  });
  return () => {
    isTelling = true;
    for (const restore of restorers) restore();
    reporter.flush();
  };
}

function readCall(method: ConsoleMethod, args: readonly unknown[]): LogRecord | null {
  const error = args.find((arg) => isError(arg));
  const text = format(...args.map((arg) => (isError(arg) ? arg.message : arg)));
  if (OWN_LINE.test(text)) return null;
  return { severity: SEVERITIES[method], source: null, text, error, details: {} };
}
