/**
 * How what is stored looks to those who ask: status of the whole, files without their bytes, waits between tries.
 *
 * Pure.
 */
import type { AttemptRecord } from "../delivery/outbox.ts";
import type { DestinationResult } from "../delivery/result.ts";
import { combineStatus } from "../delivery/tracker.ts";
import type { Notification } from "../notification/notification.ts";
import type { DeadLetterFilter } from "./dead-letters.ts";
import type {
  HistoryEntry,
  HistoryFilter,
  HistoryStatus,
  RecordedAttempt,
  RecordedDelivery,
  RecordedNotification,
} from "./history.ts";

export function recordedNotification({ files, ...rest }: Notification): RecordedNotification {
  return {
    ...rest,
    files: files.map(({ data, ...facts }) => ({ ...facts, sizeBytes: data.byteLength })),
  };
}

/** What came of the notification as a whole. */
export function statusOf({ deliveries }: Pick<HistoryEntry, "deliveries">): HistoryStatus {
  if (deliveries.length === 0) return "skipped";
  if (deliveries.some(({ result }) => result === null)) return "waiting";
  return combineStatus(resultsOf(deliveries));
}

/** The results that count, of those that are there. A delivery that another one took over no longer does. */
export function resultsOf(deliveries: readonly Pick<RecordedDelivery, "result" | "sequel">[]): DestinationResult[] {
  const counted = deliveries.filter(({ sequel }) => sequel !== "diverted" && sequel !== "replayed");
  return (counted.length > 0 ? counted : deliveries).flatMap(({ result }) => result ?? []);
}

export function recordedAttempts(
  enqueuedAt: number,
  attempts: readonly Omit<AttemptRecord, "deliveryId">[],
): RecordedAttempt[] {
  let waitingSince = enqueuedAt;
  return attempts.map((attempt) => {
    const { startedAt, endedAt } = attempt;
    const waitMs = Math.max(0, startedAt - waitingSince);
    waitingSince = endedAt;
    return { ...attempt, waitMs, durationMs: Math.max(0, endedAt - startedAt) };
  });
}

/** Whether an entry is what was asked for, its text left aside: that is the business of whoever keeps the words. */
export function entryMatches(entry: HistoryEntry, filter: HistoryFilter): boolean {
  const { type, severity, labels, createdAt } = entry.notification;
  return (
    (filter.types?.includes(type) ?? true) &&
    (filter.severities?.includes(severity) ?? true) &&
    Object.entries(filter.labels ?? {}).every(
      ([name, value]) => labels !== null && Object.hasOwn(labels, name) && labels[name] === value,
    ) &&
    createdAt >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
    createdAt < (filter.to ?? Number.POSITIVE_INFINITY) &&
    placeMatches(entry, filter)
  );
}

function placeMatches(entry: HistoryEntry, { destinations, statuses }: HistoryFilter): boolean {
  if (destinations === undefined) return statuses?.includes(entry.status) ?? true;
  return entry.deliveries.some(
    (delivery) =>
      destinations.includes(delivery.destination) && (statuses?.includes(delivery.result?.status ?? "waiting") ?? true),
  );
}

/** Whether a delivery is a dead letter: failed for good, with nobody to take over and nobody who has looked at it. */
export function isDeadLetter({ result, sequel }: Pick<RecordedDelivery, "result" | "sequel">): boolean {
  return result?.status === "failed" && sequel === null;
}

export function deadLetterMatches(
  { type, severity, createdAt }: Pick<Notification, "type" | "severity" | "createdAt">,
  { destination, result }: Pick<RecordedDelivery, "destination" | "result">,
  filter: DeadLetterFilter,
): boolean {
  if (result === null || !("reason" in result)) return false;
  return (
    (filter.destinations?.includes(destination) ?? true) &&
    (filter.types?.includes(type) ?? true) &&
    (filter.severities?.includes(severity) ?? true) &&
    (filter.reasons?.includes(result.reason) ?? true) &&
    (filter.errorCodes === undefined || (result.error !== null && filter.errorCodes.includes(result.error.code))) &&
    createdAt >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
    createdAt < (filter.to ?? Number.POSITIVE_INFINITY)
  );
}
