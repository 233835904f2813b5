/** An alert as the history keeps it: what was found, whether it was told, and what became of the telling. */
import type { PreparedNotification } from "@tocsin/core";
import type { AlertState, NotificationId, ThresholdDirection } from "@tocsin/core/stages";
import type { PlantId } from "./plant.ts";

export type AlertId = `alr_${string}`;

export type AlertFinding =
  | {
      readonly kind: "threshold";
      readonly metric: string;
      readonly direction: ThresholdDirection;
      readonly limit: number;
      readonly value: number;
    }
  | { readonly kind: "offline"; readonly lastSeenAt: number | null };

/** `cooldown` rows stand for everything held back in one cooldown; the others were told. */
export type AlertReason = "fired" | "repeated" | "cooldown";

/** `not-sent`: held back. `queued`: to be sent, or under way. The rest are the words of the delivery's verdict. */
export const ALERT_DELIVERIES = [
  "not-sent",
  "queued",
  "delivered",
  "folded",
  "partial",
  "failed",
  "dropped",
  "expired",
  "skipped",
] as const;
export type AlertDelivery = (typeof ALERT_DELIVERIES)[number];

export interface AlertRecord {
  readonly id: AlertId;
  readonly finding: AlertFinding;
  readonly plantId: PlantId | null;
  /** As it was called then; `null` without a plant. */
  readonly plantName: string | null;
  readonly deviceId: string;
  readonly reason: AlertReason;
  readonly createdAt: number;
  /** How often it was found; more than 1 only for `cooldown`. */
  readonly count: number;
  /** When it was found last. */
  readonly lastAt: number;
  readonly delivery: AlertDelivery;
  readonly notificationId: NotificationId | null;
  readonly error: string | null;
  readonly settledAt: number | null;
}

/** An alert that has just been found, and how it is told; `null` when it is held back. Both are written together. */
export interface NewAlert {
  readonly record: AlertRecord;
  readonly message: PreparedNotification | null;
}

/** What became of a queued alert. */
export interface AlertOutcome {
  readonly delivery: AlertDelivery;
  readonly error: string | null;
  readonly settledAt: number;
}

/** Which condition a state belongs to, as one text, and whose it is. */
export interface AlertSubject {
  readonly fingerprint: string;
  readonly plantId: PlantId | null;
  readonly deviceId: string | null;
}

export interface StoredAlertState extends AlertSubject {
  readonly state: AlertState;
}

export interface AlertFilter {
  readonly plantId?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly kind?: AlertFinding["kind"] | undefined;
  readonly delivery?: AlertDelivery | undefined;
}

/** What is kept of alerts; implemented by `storage/`. Writing goes through the journal. */
export interface AlertStore {
  states(): Promise<readonly StoredAlertState[]>;
  find(id: string): Promise<AlertRecord | null>;
  /** The alert that this notification tells, as far as it is committed; `null` for any other. */
  idOf(notificationId: NotificationId): AlertId | null;
  /** Newest first, those before `before`. */
  list(page: AlertFilter & { readonly before: string | null; readonly limit: number }): Promise<readonly AlertRecord[]>;
  /** The oldest that are still to be sent, or under way, after `after`. */
  queued(page: { readonly after: string; readonly limit: number }): Promise<readonly AlertRecord[]>;
}
