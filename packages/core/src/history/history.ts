/**
 * What can be asked of the past: every notification that was accepted, what became of it at each destination, and every try.
 *
 * Upstream   delivery, which writes all of it through its `Outbox`.
 * Downstream stores, which answer; the HTTP interface, the command line and the dashboard, which ask.
 *
 * Declarations only.
 */
import type { AttemptRecord, DeliveryId, DeliveryRecord, Durable } from "../delivery/outbox.ts";
import type { DestinationResult, FailureReason, FinalStatus } from "../delivery/result.ts";
import type { AttachedFile, Notification, NotificationId, Severity } from "../notification/notification.ts";
import type { Statistics, StatisticsQuery } from "./statistics.ts";

/** `waiting`: at least one of its deliveries has not been concluded. */
export type HistoryStatus = "waiting" | FinalStatus;

/** A notification that matches everything that is given; in each list, one match is enough. */
export interface HistoryFilter {
  readonly types?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  /** Of the notification as a whole; together with `destinations`, of its delivery there. */
  readonly statuses?: readonly HistoryStatus[] | undefined;
  readonly destinations?: readonly string[] | undefined;
  /** Labels that it has, with these values. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Words in any of its texts; see {@link parseText}. */
  readonly text?: string | undefined;
  /** Created at this instant or later (epoch milliseconds). */
  readonly from?: number | undefined;
  /** Created before this instant (epoch milliseconds). */
  readonly to?: number | undefined;
}

export interface PageRequest {
  /** `next` of the page before; `null` for the first page. @defaultValue null */
  readonly cursor?: string | null | undefined;
  /** Whole number, 1 to 500. @defaultValue 50 */
  readonly limit?: number | undefined;
}

/** Newest first. Pages never overlap, whatever is accepted meanwhile. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; `null` when there is none. */
  readonly next: string | null;
}

/** A file without its bytes. */
export interface FileFacts extends Omit<AttachedFile, "data"> {
  readonly sizeBytes: number;
}

export interface RecordedNotification extends Omit<Notification, "files"> {
  readonly files: readonly FileFacts[];
}

/**
 * What followed a delivery that did not arrive: `diverted` to another destination, `replayed` or `discarded` by somebody.
 * `null`: nothing.
 */
export type Sequel = "diverted" | "replayed" | "discarded" | null;

/** One notification at one destination. */
export interface RecordedDelivery {
  readonly id: DeliveryId;
  readonly destination: string;
  readonly enqueuedAt: number;
  /** Requests made so far. */
  readonly attempts: number;
  /** While it waits: not to be sent before this instant. */
  readonly notBefore: number;
  readonly possibleRepeat: boolean;
  readonly degrade: DeliveryRecord["degrade"];
  /** What is told here instead, because others of the same key were folded into it; `null` when it is told as it was accepted. */
  readonly told: RecordedNotification | null;
  /** `null` while it waits. */
  readonly settledAt: number | null;
  readonly result: DestinationResult | null;
  readonly sequel: Sequel;
  /** The dead letter that this one repeats. */
  readonly replayOf: DeliveryId | null;
}

export interface HistoryEntry {
  readonly notification: RecordedNotification;
  readonly status: HistoryStatus;
  /** Why nothing was to be sent; `null` when something was. */
  readonly skipped: FailureReason | null;
  readonly deliveries: readonly RecordedDelivery[];
}

/** One try. The wait is counted from acceptance, or from the end of the try before. */
export interface RecordedAttempt extends Omit<AttemptRecord, "deliveryId"> {
  readonly waitMs: number;
  readonly durationMs: number;
}

export interface RecordedTries extends RecordedDelivery {
  readonly tries: readonly RecordedAttempt[];
}

export interface HistoryDetail extends HistoryEntry {
  readonly deliveries: readonly RecordedTries[];
}

export interface History {
  /** @throws QueryError (as a rejection) when the cursor is not one of this history, or the limit is out of range */
  query(request: HistoryFilter & PageRequest): Promise<Page<HistoryEntry>>;
  /** One notification with every try; `null` when it is not known, or no longer. */
  find(id: NotificationId): Promise<HistoryDetail | null>;
  statistics(query: StatisticsQuery): Promise<Statistics>;
  /** Keeps a notification that goes nowhere: no destination is configured, or notifications are off. */
  skip(notification: Notification, reason: FailureReason): Durable;
}
