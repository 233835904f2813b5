/**
 * Deliveries that failed for good and wait for somebody to look at them.
 *
 * A delivery that another destination took over is none, and neither is one that expired or gave way in a full queue: nobody
 * would want it any more.
 */
import type { DeliveryId, DeliveryRecord } from "../delivery/outbox.ts";
import type { DestinationResult, FailureReason } from "../delivery/result.ts";
import type { NotificationId, Severity } from "../notification/notification.ts";
import type { HistoryStatus, Page, PageRequest, RecordedAttempt, RecordedNotification } from "./history.ts";

export interface DeadLetterFilter {
  readonly destinations?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly reasons?: readonly FailureReason[] | undefined;
  /** Of the last try, e.g. `discord-50035`. */
  readonly errorCodes?: readonly string[] | undefined;
  /** Notification created at this instant or later (epoch milliseconds). */
  readonly from?: number | undefined;
  /** Notification created before this instant (epoch milliseconds). */
  readonly to?: number | undefined;
}

/** A later notification of the same key: what the dead letter says may be out of date. */
export interface NewerNews {
  readonly id: NotificationId;
  readonly createdAt: number;
  readonly phase: "firing" | "resolved" | null;
  readonly status: HistoryStatus;
}

export interface DeadLetter {
  readonly id: DeliveryId;
  readonly destination: string;
  /** What was to be told: with what had been folded into it. */
  readonly notification: RecordedNotification;
  readonly enqueuedAt: number;
  readonly settledAt: number;
  readonly result: Extract<DestinationResult, { readonly status: "failed" | "dropped" | "expired" }>;
  /**
   * The newest of the same key that has arrived, or still waits; of a beginning also its end, whatever became of that. `null` when
   * there is none.
   */
  readonly newer: NewerNews | null;
}

export interface DeadLetterDetail extends DeadLetter {
  readonly tries: readonly RecordedAttempt[];
}

export type DeadLetterSelection =
  | { readonly ids: readonly DeliveryId[]; readonly filter?: undefined }
  | { readonly filter: DeadLetterFilter; readonly ids?: undefined };

export interface Replay {
  /** Durable, and waiting as new deliveries: to be put into their lanes. In the order in which they were first accepted. */
  readonly records: readonly DeliveryRecord[];
  readonly refused: readonly {
    readonly id: DeliveryId;
    /** `unknown`: no dead letter has this id. `stale`: there is newer news of the same key. */
    readonly because: "unknown" | "stale";
  }[];
}

export interface DeadLetters {
  list(request: DeadLetterFilter & PageRequest): Promise<Page<DeadLetter>>;
  count(filter: DeadLetterFilter): Promise<number>;
  inspect(id: DeliveryId): Promise<DeadLetterDetail | null>;
  /** Takes them off the list; their history stays. @returns how many there were */
  discard(selection: DeadLetterSelection): Promise<number>;
  /**
   * Makes new deliveries of them, in the same transaction that takes them off the list: a crash in between loses nothing.
   *
   * @param options.force also those that newer news have overtaken. @defaultValue false
   */
  replay(selection: DeadLetterSelection, options?: { readonly force?: boolean }): Promise<Replay>;
}
