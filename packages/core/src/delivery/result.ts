/** What became of a notification: to the caller as a result, to the log, metrics and history as the same words. */
import type { NotificationId } from "../notification/notification.ts";
import type { AttemptError } from "./channel.ts";
import type { InPlace } from "./in-place/telling.ts";
import type { DeliveryRecord } from "./outbox.ts";

/** Why a delivery ended without arriving. */
export type FailureReason =
  | "rejected"
  | "destination-disabled"
  /** It did not answer, or was not to be reached, for so long that another destination took over. */
  | "destination-silent"
  /** Somebody took the destination away. */
  | "destination-removed"
  | "attempts-exhausted"
  | "expired"
  | "ambiguous-at-most-once"
  | "queue-full"
  | "dropped-for-newer"
  | "dropped-for-higher-priority"
  /** A resolution whose beginning was never told. */
  | "nothing-to-resolve"
  | "no-destination"
  /** A silence, a maintenance window, an alert that it belongs under, or the time of day keeps it from being told. */
  | "silenced"
  | "maintenance"
  | "inhibited"
  | "muted"
  | "disabled"
  | "closed"
  /** The thread of the notifier died too often. */
  | "thread-ended"
  | "internal-error";

/** What became of it at one destination. */
export type DestinationResult =
  | {
      readonly destination: string;
      readonly status: "delivered";
      readonly attempts: number;
      readonly messageId: string | null;
      /** An earlier attempt may have arrived too. */
      readonly possibleRepeat: boolean;
      /** How it was told where something of its matter stood already; left out where nothing did. */
      readonly inPlace?: InPlace;
    }
  | {
      readonly destination: string;
      /** A newer notification of the same key tells it as well. */
      readonly status: "folded";
      readonly attempts: number;
      readonly into: NotificationId;
    }
  | {
      readonly destination: string;
      readonly status: "failed" | "dropped" | "expired";
      readonly attempts: number;
      readonly reason: FailureReason;
      readonly error: AttemptError | null;
    };

/**
 * `skipped`: nothing was to be sent (no destination is configured, notifications are off, or somebody does not want it told now).
 * `deferred`: it will be told in a summary when quiet hours end.
 */
export type DeliveryStatus =
  | "delivered"
  | "folded"
  | "partial"
  | "failed"
  | "dropped"
  | "expired"
  | "skipped"
  | "deferred";

/** In the end, when nothing waits any more. */
export type FinalStatus = Exclude<DeliveryStatus, "deferred">;

/** The verdict over all destinations of one notification. */
export interface DeliveryResult {
  /** True when every destination took it, or will be told by the newer notification or the summary that it was folded into. */
  readonly success: boolean;
  readonly status: DeliveryStatus;
  readonly id: NotificationId;
  /** Attempts at all destinations together. */
  readonly attempts: number;
  /** The first destination's message id. */
  readonly messageId?: string;
  /** What went wrong first, in one sentence. */
  readonly error?: string;
  readonly reason?: FailureReason;
  readonly destinations: readonly DestinationResult[];
}

const STATUS_OF: Partial<Record<FailureReason, "dropped" | "expired">> = {
  expired: "expired",
  "queue-full": "dropped",
  "dropped-for-newer": "dropped",
  "dropped-for-higher-priority": "dropped",
  "nothing-to-resolve": "dropped",
};

/** The result of a delivery that ended without arriving. */
export function failedResult(
  { lane: destination, attempts }: DeliveryRecord,
  reason: FailureReason,
  error: AttemptError | null,
): DestinationResult {
  return { destination, status: STATUS_OF[reason] ?? "failed", attempts, reason, error };
}
