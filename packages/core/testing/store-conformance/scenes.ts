/** What the cases of the store suite are told with: deliveries that differ in what matters, and the writes of an engine. */
import type { SendFailure } from "../../src/delivery/channel.ts";
import type { AttemptRecord, DeliveryRecord, Settlement } from "../../src/delivery/outbox.ts";
import { type FailureReason, failedResult } from "../../src/delivery/result.ts";
import type { Notification, NotificationId } from "../../src/notification/notification.ts";
import type { Store } from "../../src/store/store.ts";
import { aDelivery } from "../deliveries.ts";
import { aNotification } from "../notifications.ts";

export const START = Date.UTC(2026, 0, 1, 12);

/** A delivery `dlv_<name>` of a notification `ntf_<name>`, created and accepted at {@link START} unless told otherwise. */
export function delivery(
  name: string,
  notification: Partial<Notification> = {},
  overrides: Partial<DeliveryRecord> = {},
): DeliveryRecord {
  const told = aNotification({ id: `ntf_${name}` as NotificationId, createdAt: START, title: name, ...notification });
  return aDelivery(name, { notification: told, enqueuedAt: told.createdAt, ...overrides });
}

/** Another delivery of the same notification. */
export function alsoTo(lane: string, { notification, enqueuedAt, id }: DeliveryRecord): DeliveryRecord {
  return aDelivery(`${id.slice("dlv_".length)}-${lane}`, { notification, enqueuedAt, lane });
}

export interface TryOptions {
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly outcome?: AttemptRecord["outcome"];
}

/** The next try of a delivery, which took 80 ms unless told otherwise. Counts it in the record, as the engine does. */
export function tryOf(record: DeliveryRecord, options: TryOptions = {}): AttemptRecord {
  const { startedAt = record.enqueuedAt, outcome = "delivered", endedAt = startedAt + 80 } = options;
  record.attempts++;
  const isDelivered = outcome === "delivered";
  return {
    deliveryId: record.id,
    attempt: record.attempts,
    startedAt,
    endedAt,
    outcome,
    error: isDelivered ? null : errorOf(outcome),
    status: isDelivered ? 200 : 503,
    bucket: isDelivered ? "b2d6c7" : null,
    messageId: isDelivered ? `message-${record.id}` : null,
  };
}

function errorOf(outcome: SendFailure["kind"]) {
  return { code: `scripted-${outcome}`, message: "Scripted failure.", status: 503 };
}

export function delivered(record: DeliveryRecord, options: TryOptions = {}): Settlement {
  const attempt = tryOf(record, options);
  const { lane: destination, attempts, possibleRepeat } = record;
  const result = { destination, status: "delivered", attempts, messageId: attempt.messageId, possibleRepeat } as const;
  return { delivery: record, result, attempt, settledAt: attempt.endedAt };
}

/** Ends after a try that was refused. */
export function rejected(record: DeliveryRecord, options: TryOptions = {}): Settlement {
  const attempt = tryOf(record, { outcome: "rejected", ...options });
  const result = failedResult(record, "rejected", attempt.error);
  return { delivery: record, result, attempt, settledAt: attempt.endedAt };
}

/** Ends without a try: failed, dropped or expired, as the reason says. */
export function ended(
  record: DeliveryRecord,
  reason: FailureReason,
  settledAt = record.enqueuedAt + 1_000,
): Settlement {
  return { delivery: record, result: failedResult(record, reason, null), attempt: null, settledAt };
}

export function foldedInto(into: NotificationId, record: DeliveryRecord): Settlement {
  const result = { destination: record.lane, status: "folded", attempts: record.attempts, into } as const;
  return { delivery: record, result, attempt: null, settledAt: record.enqueuedAt + 1_000 };
}

/** Titles of what waits in a lane, in the order of sending. */
export function waitingIn({ outbox }: Store, lane = "a"): (string | null)[] {
  return outbox.page(lane, null, 1_000).map(({ notification }) => notification.title);
}
