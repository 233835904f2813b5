/** What the notifier writes to the log: what an operator would want to know, each in one line. */
import type { Logger } from "../config/logger.ts";
import type { DeliveryEvent } from "../delivery/events.ts";

export { createConsoleLogger, createDiscreetLogger, type Logger } from "../config/logger.ts";

/** Writes the line for one event; most events have none. */
export function logEvent(logger: Logger, event: DeliveryEvent): void {
  switch (event.type) {
    case "attempt":
      // Told of every message: a line that nobody reads is not written either, which would cost as much as all of delivery.
      if (logger.isLevelEnabled?.("debug") === false) return;
      return logger.debug(
        `attempt ${event.attempt} for ${event.notificationId} to ${event.destination}: ${event.outcome} in ${Math.round(event.durationMs)} ms`,
      );
    case "concluded":
      if (event.result.status === "delivered" || event.result.status === "folded") return;
      return logger.error(
        `${event.notificationId} did not reach ${event.destination}: ${event.result.reason}${event.result.error ? ` (${event.result.error.message})` : ""}`,
      );
    case "degraded":
      return logger.warn(`${event.notificationId} was refused by ${event.destination} and goes again ${event.step}`);
    case "lane-disabled":
      return logger.error(`${event.destination} is disabled: ${event.error.message}`);
    case "breaker-opened":
      return logger.warn(`${event.destination} does not answer; next try at ${time(event.until)}`);
    case "breaker-closed":
      return logger.info(`${event.destination} answers again`);
    case "rate-limited":
      return logger.warn(`${event.destination} was told to wait until ${time(event.until)} (${event.scope})`);
    case "banned":
      return logger.error(`this address is shut out until ${time(event.until)}: ${event.error.message}`);
    case "retry-scheduled":
      return logger.info(
        `${event.notificationId} goes to ${event.destination} again at ${time(event.retryAt)}: ${event.because}`,
      );
    case "diverted":
      return logger.warn(`${event.notificationId} goes to ${event.to} instead of ${event.destination}`);
    case "lane-enabled":
      return logger.info(`${event.destination} is usable again`);
    case "lane-added":
      return logger.info(`${event.destination} was added: ${event.label}`);
    case "lane-replaced":
      return logger.info(`${event.destination} leads elsewhere now: ${event.label}`);
    case "lane-removed":
      return logger.info(`${event.destination} was removed: ${event.label}`);
    case "paused": {
      const { untilAt, by, reason } = event.pause;
      const until = untilAt === null ? "" : ` until ${time(untilAt)}`;
      return logger.warn(
        `${event.destination ?? "every destination"} is paused${until}${by ? ` by ${by}` : ""}${reason ? `: ${reason}` : ""}`,
      );
    }
    case "resumed":
      return logger.info(
        `${event.destination ?? "every destination"} goes on: ${event.because === "order" ? "resumed" : "the pause is over"}`,
      );
    case "backlog-unread":
      return logger.error(
        `what earlier processes have left in the store${forWhom(event.destination)} cannot be read; it is tried again until it can`,
      );
    case "backlog-read":
      return logger.info(
        `${event.waiting} notifications of earlier processes${forWhom(event.destination)} have been read, and go on`,
      );
    case "settled":
      return;
  }
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function forWhom(destination: string | null): string {
  return destination === null ? "" : ` for ${destination}`;
}
