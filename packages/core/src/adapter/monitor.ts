/**
 * What the adapters of all web frameworks share: a start-up message, failures, health, and an orderly end.
 *
 * Upstream   express.ts, fastify.ts, koa.ts, hono.ts and http.ts, which know when a request has failed.
 * Downstream the notifier.
 */
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { startupNotification } from "../preset/backend.ts";
import { FAILURE_WORDING, type RequestFailure } from "./failure-message.ts";
import { createReporter, type Reporter } from "./reporter.ts";

/** What adapters need of a notifier; `createNotifier()` makes one. */
export interface WebNotifier {
  readonly enabled: boolean;
  notify(input: NotificationInput): unknown;
  isHealthy(): boolean;
  getQueueSize(): number;
  getRateLimitInfo(): object;
  close(options?: { readonly timeoutMs?: number }): Promise<{ readonly drained: boolean; readonly open: number }>;
}

export interface MonitorOptions {
  /** Takes the messages. The monitor closes it. */
  readonly notifier: WebNotifier;
  /** Name of the program, for its start-up message. @defaultValue none: there is no such message */
  readonly service?: string;
  /** Of the program, for its start-up message. */
  readonly version?: string;
  /** @defaultValue the machine's; waiting to tell repeated failures keeps no process alive */
  readonly clock?: Clock;
}

/** The answer of `/health` (C9). */
export interface HealthBody {
  /** It has answered, so it is up; what Discord does is no reason to restart a program. */
  readonly status: "healthy";
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly services: {
    readonly discord_notifications: {
      readonly status: "healthy" | "unhealthy" | "disabled";
      readonly enabled: boolean;
      readonly queue_size: number;
      /** Discord's limits, in the words and units of its headers. */
      readonly rate_limits: object;
    };
  };
}

export interface WebMonitor extends Pick<Reporter<RequestFailure>, "report"> {
  /** The body for a `/health` handler of your own. */
  health(): HealthBody;
  /** Tells what has been counted, waits until all is sent, and closes the notifier. Never rejects. */
  close(options?: { readonly timeoutMs?: number }): Promise<{ readonly drained: boolean; readonly open: number }>;
}

/** @throws TypeError when no notifier is given: the one mistake that would go unnoticed otherwise. */
export function createMonitor({ notifier, service, version, clock }: MonitorOptions): WebMonitor {
  if (typeof notifier?.notify !== "function")
    throw new TypeError("A monitor needs { notifier }: pass createNotifier().");
  const time = clock ?? createSystemClock({ keepAlive: false });
  const reporter = createReporter({
    notify: (input) => notifier.notify(input),
    clock: time,
    wording: FAILURE_WORDING,
  });
  if (service !== undefined) notifier.notify(startupNotification(service, version));
  return {
    report: reporter.report,
    health: () => healthOf(notifier, time.now()),
    close(options) {
      reporter.flush();
      return notifier.close(options);
    },
  };
}

function healthOf(notifier: WebNotifier, now: number): HealthBody {
  const { enabled } = notifier;
  const works = notifier.isHealthy() ? "healthy" : "unhealthy";
  return {
    status: "healthy",
    timestamp: new Date(now).toISOString(),
    services: {
      discord_notifications: {
        status: enabled ? works : "disabled",
        enabled,
        queue_size: notifier.getQueueSize(),
        rate_limits: notifier.getRateLimitInfo(),
      },
    },
  };
}
