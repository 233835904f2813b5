/**
 * Records of an alert's life: what was found, whether it was told or held back and why, and what became of the telling. The life that
 * gathers them is in alert-life.ts.
 */
import type { PreparedNotification, Severity } from "@tocsin/core";
import type { AlertState, NotificationId, ThresholdDirection } from "@tocsin/core/stages";
import type { AlertId, AlertLife, LifePhase } from "./alert-life.ts";
import type { PlantId } from "./plant.ts";
import { PREFERENCE_REASONS } from "./preferences.ts";

export type AlertRecordId = `ale_${string}`;

export type AlertFinding =
  | {
      readonly kind: "threshold";
      readonly metric: string;
      readonly direction: ThresholdDirection;
      readonly limit: number;
      readonly value: number;
    }
  | { readonly kind: "offline"; readonly lastSeenAt: number | null };

export const TOLD_REASONS = ["fired", "repeated", "resolved"] as const;
/** One record stands for everything that was held back for this reason until something else happened. */
export const HELD_REASONS = [
  "cooldown",
  "reminder-not-due",
  "acknowledged",
  "silenced",
  "maintenance",
  "inhibited",
  ...PREFERENCE_REASONS,
] as const;
export type HeldReason = (typeof HELD_REASONS)[number];
export type AlertReason = (typeof TOLD_REASONS)[number] | HeldReason;

/**
 * `not-sent`: held back. `queued`: to be sent, or under way. `deferred`: waits for the end of quiet hours. The rest are the words of the
 * delivery's verdict.
 */
export const ALERT_DELIVERIES = [
  "not-sent",
  "queued",
  "deferred",
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
  readonly id: AlertRecordId;
  /** Of which alert's life. */
  readonly alertId: AlertId;
  readonly finding: AlertFinding;
  readonly plantId: PlantId | null;
  /** As it was called then; `null` without a plant. */
  readonly plantName: string | null;
  readonly deviceId: string;
  readonly reason: AlertReason;
  readonly createdAt: number;
  /** How often it was found; more than 1 only for what was held back. */
  readonly count: number;
  /** When it was found last. */
  readonly lastAt: number;
  readonly delivery: AlertDelivery;
  readonly notificationId: NotificationId | null;
  readonly error: string | null;
  readonly settledAt: number | null;
}

/** A record that is new, and how it is told; `null` when it is held back. Both are written together. */
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
  /** When somebody has resolved it by hand, while its cause had not gone; `null` when nobody has, or when it has gone since. */
  readonly closedAt: number | null;
}

/** All that are given must hold. */
export interface AlertFilter {
  readonly plantId?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly kind?: AlertFinding["kind"] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly phase?: readonly LifePhase[] | undefined;
  /** Of something that was told of it. */
  readonly delivery?: AlertDelivery | undefined;
}

/** A life with what the list of alerts tells of its records. */
export interface AlertSummary {
  readonly life: AlertLife;
  readonly told: number;
  readonly heldBack: number;
  /** The newest record, and the newest that was told; `null` for none. */
  readonly latest: AlertRecord | null;
  readonly latestTold: AlertRecord | null;
}

/** What is kept of alerts; implemented by `storage/`. Writing goes through the journal. */
export interface AlertStore {
  /** What is kept of conditions, and how many of them an earlier version has kept in a form that cannot be read. */
  states(): Promise<{ readonly states: readonly StoredAlertState[]; readonly unreadable: number }>;
  /** Lives that are not over. */
  open(): Promise<readonly AlertLife[]>;
  find(id: string): Promise<AlertSummary | null>;
  /** The newest first. */
  records(id: AlertId, limit: number): Promise<readonly AlertRecord[]>;
  /** The record that this notification tells, as far as it is committed; `null` for any other. */
  idOf(notificationId: NotificationId): AlertRecordId | null;
  /** Newest first, those before `before`. */
  list(
    page: AlertFilter & { readonly before: string | null; readonly limit: number },
  ): Promise<readonly AlertSummary[]>;
  /** The oldest records that are still to be told, after `after`. */
  untold(page: { readonly after: string; readonly limit: number }): Promise<readonly AlertRecord[]>;
}
