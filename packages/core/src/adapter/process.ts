/**
 * `@tocsin/core/process`: tells of a whole program: that it has begun, that it ends and why, what nobody caught, and when its memory or its
 * event loop is in trouble; and what it writes to its console.
 *
 * @module
 */
import type { Clock } from "../clock/clock.ts";
import { watchEventLoop } from "../clock/event-loop.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import type { HealthTracker } from "../health/health-tracker.ts";
import type { HealthOptions } from "../health/options.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { summariseError } from "../preset/error-summary.ts";
import { createGauges, type Gauge } from "./gauges.ts";
import { raiseAgain } from "./raise-again.ts";

export { type CaptureConsoleOptions, type ConsoleMethod, captureConsole } from "./capture-console.ts";

export interface ProcessMonitorOptions {
  /** Takes the messages; closed with the process. */
  readonly notifier: ProcessNotifier;
  /** Name of the program. @defaultValue the notifier's `service` */
  readonly program?: string;
  /** Shown when it starts, secrets masked. @defaultValue nothing */
  readonly config?: unknown;
  /** Whether start and end are told. @defaultValue true */
  readonly announce?: boolean;
  /** Resident memory in bytes above which the component `Memory` fails; `null` watches none. More than 0. @defaultValue null */
  readonly maxRssBytes?: number | null;
  /** How late the event loop may be, at worst between two looks, before the component `Event loop` fails, in milliseconds; `null` watches none. More than 0. @defaultValue 1_000 */
  readonly maxEventLoopDelayMs?: number | null;
  /** How often both are looked at; three looks in a row make an alert. More than 0. @defaultValue 10_000 */
  readonly checkEveryMs?: number;
  /** Signals that end the program in order. @defaultValue SIGTERM and SIGINT */
  readonly signals?: readonly NodeJS.Signals[];
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/** What it needs of a notifier; `createNotifier()` makes one. */
export interface ProcessNotifier {
  notify(input: NotificationInput): unknown;
  health(options?: HealthOptions): HealthTracker;
  close(options?: { readonly timeoutMs?: number }): Promise<unknown>;
}

export interface ProcessMonitor {
  /** For components of your own: the same messages, the same program. */
  readonly health: HealthTracker;
  /** Takes all listeners and timers away, tells nothing. */
  stop(): void;
}

const CLOSE_TIMEOUT_MS = 2_000;
const DEFAULT_CHECK_EVERY_MS = 10_000;
const DEFAULT_MAX_DELAY_MS = 1_000;

/**
 * Watches the process that it is called in. Changes nothing of how the process ends: an error that nobody catches still ends it with its own
 * code and its stack on stderr, and a signal ends it by that signal unless others listen for it.
 *
 * An error that nobody catches leaves no time to send, not even to the store: give the notifier `flushOnExit` or a thread.
 *
 * @throws RangeError when a threshold or the time between two looks is not more than 0
 *
 * @example
 * const { health } = monitorProcess({ notifier, program: "Importer", maxRssBytes: 512 * 2 ** 20 });
 */
export function monitorProcess(options: ProcessMonitorOptions): ProcessMonitor {
  const { notifier, program, announce = true, signals = ["SIGTERM", "SIGINT"] } = options;
  const health = notifier.health(program === undefined ? {} : { program });
  const clock = options.clock ?? createSystemClock({ keepAlive: false });
  const gauges = createGauges({
    health,
    clock,
    gauges: gaugesOf(options),
    everyMs: options.checkEveryMs ?? DEFAULT_CHECK_EVERY_MS,
  });

  const onUncaught = (error: unknown, origin: string): void => {
    notifier.notify(uncaughtNotification(error, { origin, program: health.program }));
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    void end(signal).finally(() => raiseAgain(signal, { process }));
  };
  const onIdle = (): void => void end("it has nothing more to do");
  async function end(reason: string): Promise<void> {
    stop();
    if (announce) await health.stopping(reason);
    await notifier.close({ timeoutMs: CLOSE_TIMEOUT_MS });
  }
  function stop(): void {
    gauges.stop();
    process.off("uncaughtExceptionMonitor", onUncaught);
    process.off("beforeExit", onIdle);
    for (const signal of signals) process.off(signal, onSignal);
  }

  process.on("uncaughtExceptionMonitor", onUncaught);
  process.on("beforeExit", onIdle);
  for (const signal of signals) process.on(signal, onSignal);
  if (announce) health.started(options.config);
  return { health, stop };
}

function gaugesOf({ maxRssBytes = null, maxEventLoopDelayMs }: ProcessMonitorOptions): Gauge[] {
  const gauges: Gauge[] = [];
  if (maxRssBytes !== null)
    gauges.push({
      component: "Memory",
      most: maxRssBytes,
      read: () => process.memoryUsage.rss(),
      words: (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`,
      stop: () => {},
    });
  const mostMs = maxEventLoopDelayMs === undefined ? DEFAULT_MAX_DELAY_MS : maxEventLoopDelayMs;
  if (mostMs !== null) {
    const delay = watchEventLoop();
    gauges.push({
      component: "Event loop",
      most: mostMs,
      read: () => delay.takeWorstMs(),
      words: (ms) => `${Math.round(ms)} ms behind`,
      stop: () => delay.stop(),
    });
  }
  return gauges;
}

interface Circumstances {
  readonly origin: string;
  readonly program: string;
}

function uncaughtNotification(error: unknown, { origin, program }: Circumstances): NotificationInput {
  const { name, message, stack } = summariseError(error);
  return {
    type: "critical",
    severity: "critical",
    title: `${program} ends: nobody caught ${name}`,
    message,
    fields: { Origin: origin === "unhandledRejection" ? "a promise that was rejected" : "an exception" },
    blocks: stack === null ? [] : [{ kind: "code", text: stack }],
    key: `uncaught ${name}`,
  };
}
