/**
 * Makes a destination's trouble known through its fallback. That it is disabled or out of reach is told once, and again only after
 * something has arrived there in between. That it has failed a message for good while others go there is told once an hour.
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

/** What to say, of the destination itself or of one message. */
interface Words {
  readonly headline: string;
  readonly isLasting: boolean;
}

const WORDS: Partial<Record<FailureReason, Words>> = {
  "destination-disabled": { headline: "is disabled", isLasting: true },
  "destination-silent": { headline: "does not answer", isLasting: true },
  rejected: { headline: "has refused a message", isLasting: false },
  "attempts-exhausted": { headline: "has not taken a message", isLasting: false },
};
const LASTING = "What is meant for it comes here until it works again.";
const SINGLE = "The message came here instead; others still go there. Further ones are reported once an hour.";
const HOUR_MS = 3_600_000;

interface Trouble {
  readonly at: number;
  readonly destination: string;
  readonly reason: FailureReason;
  readonly error: AttemptError | null;
}

/** @param titleOf how people know a destination */
export function createSelfReports(titleOf: (destination: string) => string): SelfReports {
  const inTrouble = new Set<string>();
  /** When it was last told that one has failed a message. */
  const failedAt = new Map<string, number>();
  const reports = new Set<string>();

  function isKnown(destination: string, { isLasting }: Words, at: number): boolean {
    if (inTrouble.has(destination)) return true;
    if (isLasting) return !inTrouble.add(destination);
    if (at - (failedAt.get(destination) ?? Number.NEGATIVE_INFINITY) < HOUR_MS) return true;
    failedAt.set(destination, at);
    return false;
  }

  function reportOn(event: Trouble): SelfReport | null {
    const { destination, reason, error, at } = event;
    const words = WORDS[reason];
    if (words === undefined || isKnown(destination, words, at)) return null;
    const why = error?.message ?? "It has been out of reach for a long time.";
    const input: NotificationInput = {
      type: "monitoring",
      severity: "error",
      title: `Destination "${titleOf(destination)}" ${words.headline}`,
      message: `${why} ${words.isLasting ? LASTING : SINGLE}`,
      labels: { [SELF_REPORT_LABEL]: destination },
    };
    return { about: destination, reason, input };
  }

  return {
    consider(event) {
      switch (event.type) {
        case "lane-disabled":
          return reportOn({ ...event, reason: "destination-disabled" });
        case "lane-enabled":
          inTrouble.delete(event.destination);
          return null;
        case "concluded": {
          const { result, destination, notificationId } = event;
          if (result.status === "delivered" && inTrouble.size === 0 && reports.size === 0) return null;
          if (result.status === "delivered") inTrouble.delete(destination);
          if (reports.delete(notificationId) || result.status !== "failed") return null;
          return reportOn({ ...result, at: event.at });
        }
        default:
          return null;
      }
    },
    retract: (about) => void inTrouble.delete(about),
    markAsReport: (notificationId) => void reports.add(notificationId),
  };
}
