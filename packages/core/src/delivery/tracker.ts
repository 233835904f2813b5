/** Gathers what became of a notification at each of its destinations into one verdict. */
import type { NotificationId } from "../notification/notification.ts";
import type { DeliveryResult, DestinationResult, FailureReason, FinalStatus } from "./result.ts";

/** Whoever may want to know what becomes of a notification. One object, because thousands wait. */
export interface Listener {
  /** Called once, when all destinations have reported. */
  settle(result: DeliveryResult): void;
  /** Whether anybody has asked for the verdict so far. */
  isAwaited(): boolean;
  /** This process will not know the verdict by itself: only the outbox holds it from now on. */
  letGo(): void;
}

export interface Tracker {
  readonly id: NotificationId;
  /** Destinations that have not reported yet. */
  missing: number;
  results: readonly DestinationResult[];
  /** `null` once it has been told. */
  listener: Listener | null;
}

/** The verdict over all destinations. */
export function combineResults(id: NotificationId, destinations: readonly DestinationResult[]): DeliveryResult {
  const [only] = destinations;
  if (only?.status === "delivered" && destinations.length === 1) return deliveredResult(id, only);
  const attempts = destinations.reduce((sum, { attempts }) => sum + attempts, 0);
  const delivered = destinations.find((result) => result.status === "delivered");
  const missed = destinations.find((result) => result.status !== "delivered" && result.status !== "folded");
  return {
    success: missed === undefined && destinations.length > 0,
    status: combineStatus(destinations),
    id,
    attempts,
    ...(delivered?.messageId ? { messageId: delivered.messageId } : {}),
    ...(missed === undefined
      ? {}
      : { error: missed.error?.message ?? FAILURE_SENTENCES[missed.reason], reason: missed.reason }),
    destinations,
  };
}

/** Nothing was to be sent: by configuration, or because somebody asked for it. */
const SKIPPED: ReadonlySet<FailureReason> = new Set<FailureReason>([
  "no-destination",
  "disabled",
  "silenced",
  "maintenance",
  "inhibited",
  "muted",
]);

/** The verdict over a notification that will be told in a summary; whoever waits for it need not wait for the morning. */
export function deferredResult(id: NotificationId): DeliveryResult {
  return { success: true, status: "deferred", id, attempts: 0, destinations: [] };
}

/** The verdict over a notification that no destination has been asked to take. */
export function untriedResult(id: NotificationId, reason: FailureReason): DeliveryResult {
  const status = SKIPPED.has(reason) ? "skipped" : "failed";
  return { success: false, status, id, attempts: 0, error: FAILURE_SENTENCES[reason], reason, destinations: [] };
}

/** Most have one destination, and arrive there. */
function deliveredResult(
  id: NotificationId,
  only: Extract<DestinationResult, { status: "delivered" }>,
): DeliveryResult {
  const { attempts, messageId } = only;
  const verdict = { success: true, status: "delivered", id, attempts } as const;
  return messageId ? { ...verdict, messageId, destinations: [only] } : { ...verdict, destinations: [only] };
}

export function combineStatus(destinations: readonly DestinationResult[]): FinalStatus {
  const statuses = new Set(destinations.map(({ status }) => status));
  if (statuses.has("delivered")) statuses.delete("folded");
  if (statuses.size === 1) return [...statuses][0]!;
  return statuses.has("delivered") ? "partial" : "failed";
}

/** Said when no answer of a remote explains the failure better. */
export const FAILURE_SENTENCES = {
  rejected: "The destination refused the message.",
  "destination-disabled": "The destination is disabled because it is misconfigured.",
  "destination-silent": "The destination has been out of reach for a long time.",
  "destination-removed": "The destination was removed before it could be sent.",
  "attempts-exhausted": "Every attempt failed.",
  expired: "It was no longer worth sending when its turn came.",
  "ambiguous-at-most-once": "It may or may not have arrived, and it was not to be sent twice.",
  "queue-full": "The queue of the destination is full.",
  "dropped-for-newer": "It gave way to newer notifications because the queue was full.",
  "nothing-to-resolve": "It resolves something that was never told.",
  "dropped-for-higher-priority": "It gave way to more important notifications because the queue was full.",
  "no-destination": "No destination is configured for it: set DISCORD_WEBHOOK_URL, or name one for its type.",
  silenced: "A silence covers it.",
  maintenance: "A maintenance window covers it.",
  inhibited: "It is folded under the alert that it belongs to.",
  muted: "Every route that takes it is muted at this time.",
  disabled: "Notifications are turned off.",
  "thread-ended": "The thread that sends has died too often; the log says why.",
  closed: "The notifier was closed before it could be sent.",
  "internal-error": "The channel failed in a way that it should not; this is a bug.",
} as const satisfies Record<Extract<DestinationResult, { reason: unknown }>["reason"], string>;
