/**
 * Makes a destination's trouble known through its fallback: disabled, out of reach for long, or failing messages for good.
 * Once per trouble; it may be told again only after something has arrived there in between.
 *
 * Loop guard: what becomes of a report is never reported.
 */
import type { AttemptError } from "../delivery/channel.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { FailureReason } from "../delivery/result.ts";
import type { NotificationInput } from "../notification/notification.ts";

/** Label by which a report is known, to routes and to the loop guard. */
const SELF_REPORT_LABEL = "tocsin-report";

export interface SelfReport {
  /** Name of the destination. */
  readonly about: string;
  readonly reason: FailureReason;
  readonly input: NotificationInput;
}

export interface SelfReports {
  /** The report that this event calls for, and which destination it is about; `null` when it calls for none. */
  consider(event: DeliveryEvent): SelfReport | null;
  /** It has not been told after all: the next event about this destination may call for it again. */
  retract(about: string): void;
  /** This notification is a report. */
  markAsReport(notificationId: string): void;
}

const HEADLINE: Partial<Record<FailureReason, string>> = {
  "destination-disabled": "is disabled",
  "destination-silent": "does not answer",
  rejected: "refuses messages",
  "attempts-exhausted": "does not take messages",
};

/** @param titleOf how people know a destination */
export function createSelfReports(titleOf: (destination: string) => string): SelfReports {
  const inTrouble = new Set<string>();
  const reports = new Set<string>();

  function reportOn(destination: string, reason: FailureReason, error: AttemptError | null): SelfReport | null {
    const headline = HEADLINE[reason];
    if (headline === undefined || inTrouble.has(destination)) return null;
    inTrouble.add(destination);
    const input: NotificationInput = {
      type: "monitoring",
      severity: "error",
      title: `Destination "${titleOf(destination)}" ${headline}`,
      message: `${error?.message ?? "It has been out of reach for long."} What is meant for it comes here until it works again.`,
      labels: { [SELF_REPORT_LABEL]: destination },
    };
    return { about: destination, reason, input };
  }

  return {
    consider(event) {
      switch (event.type) {
        case "lane-disabled":
          return reportOn(event.destination, "destination-disabled", event.error);
        case "lane-enabled":
          inTrouble.delete(event.destination);
          return null;
        case "concluded": {
          const { result, destination, notificationId } = event;
          if (result.status === "delivered" && inTrouble.size === 0 && reports.size === 0) return null;
          if (result.status === "delivered") inTrouble.delete(destination);
          if (reports.delete(notificationId) || result.status !== "failed") return null;
          return reportOn(destination, result.reason, result.error);
        }
        default:
          return null;
      }
    },
    retract: (about) => void inTrouble.delete(about),
    markAsReport: (notificationId) => void reports.add(notificationId),
  };
}
