/** What history, dead letters and statistics tell, in the words of the API. Pure. */
import type {
  DeadLetter,
  DeadLetterDetail,
  Durations,
  Figures,
  HistoryDetail,
  HistoryEntry,
  RecordedAttempt,
  RecordedDelivery,
  RecordedNotification,
  Statistics,
} from "@tocsin/core/sqlite";
import type { z } from "zod";
import type { deadLetter, deadLetterDetail } from "./contract/dead-letter.ts";
import type { delivery, notification, notificationDetail, tries } from "./contract/history.ts";
import { iso, isoOrNull } from "./contract/shared.ts";
import type { statistics } from "./contract/statistics.ts";
import { decisionToJson } from "./route-json.ts";

type DeliveryJson = z.infer<typeof delivery>;
type AttemptJson = z.infer<typeof tries>[number];
type DeadLetterJson = z.infer<typeof deadLetter>;
type FiguresJson = z.infer<typeof statistics>["total"];

export function entryToJson({
  notification: told,
  status,
  skipped,
  deliveries,
}: HistoryEntry): z.infer<typeof notification> {
  return { ...summaryOf(told), status, skipped, deliveries: deliveries.map(deliveryToJson) };
}

export function detailToJson(detail: HistoryDetail): z.infer<typeof notificationDetail> {
  const { content, fields, url, mentions, files, timestamp, idempotencyKey, expiresAt, atMostOnce, routing } =
    detail.notification;
  return {
    ...entryToJson(detail),
    content,
    fields: [...fields],
    url,
    mentions: [...mentions],
    files: files.map(({ name, contentType, sizeBytes }) => ({
      name,
      content_type: contentType,
      size_bytes: sizeBytes,
    })),
    timestamp: isoOrNull(timestamp),
    idempotency_key: idempotencyKey,
    expires_at: isoOrNull(expiresAt),
    at_most_once: atMostOnce,
    routing: routing && decisionToJson(routing),
    deliveries: detail.deliveries.map((one) => ({ ...deliveryToJson(one), tries: one.tries.map(attemptToJson) })),
  };
}

export function letterToJson(letter: DeadLetter): DeadLetterJson {
  const { id, destination, notification: told, enqueuedAt, settledAt, result, newer } = letter;
  return {
    id,
    channel: destination,
    notification: summaryOf(told),
    enqueued_at: iso(enqueuedAt),
    settled_at: iso(settledAt),
    attempts: result.attempts,
    reason: result.reason,
    error: errorToJson(result.error),
    newer: newer && { id: newer.id, created_at: iso(newer.createdAt), phase: newer.phase, status: newer.status },
  };
}

export function letterDetailToJson(letter: DeadLetterDetail): z.infer<typeof deadLetterDetail> {
  return { ...letterToJson(letter), tries: letter.tries.map(attemptToJson) };
}

export function statisticsToJson(told: Statistics): z.infer<typeof statistics> {
  return {
    from: iso(told.from),
    to: iso(told.to),
    total: figuresToJson(told.total),
    by_type: groupsToJson(told.byType),
    by_channel: groupsToJson(told.byDestination),
    by_severity: groupsToJson(told.bySeverity),
    steps: told.steps.map(({ at, figures }) => ({ at: iso(at), figures: figuresToJson(figures) })),
  };
}

function summaryOf(told: RecordedNotification): DeadLetterJson["notification"] {
  const { id, createdAt, type, severity, title, message, labels, key, phase, count, priority } = told;
  return {
    id,
    created_at: iso(createdAt),
    type,
    severity,
    title,
    message,
    labels: labels ?? {},
    key,
    phase,
    count,
    priority,
  };
}

function deliveryToJson(told: RecordedDelivery): DeliveryJson {
  const { id, destination, attempts, enqueuedAt, settledAt, notBefore, possibleRepeat, sequel, replayOf, result } =
    told;
  return {
    id,
    channel: destination,
    status: result?.status ?? "waiting",
    attempts,
    enqueued_at: iso(enqueuedAt),
    settled_at: isoOrNull(settledAt),
    not_before: result === null && notBefore > 0 ? iso(notBefore) : null,
    possible_repeat: possibleRepeat,
    sequel,
    replay_of: replayOf,
    ...endOf(result),
  };
}

function endOf(
  result: RecordedDelivery["result"],
): Pick<DeliveryJson, "message_id" | "folded_into" | "reason" | "error" | "in_place"> {
  const end = { message_id: null, folded_into: null, reason: null, error: null, in_place: null };
  if (result === null) return end;
  if (result.status === "delivered") return { ...end, message_id: result.messageId, in_place: result.inPlace ?? null };
  if (result.status === "folded") return { ...end, folded_into: result.into };
  return { ...end, reason: result.reason, error: errorToJson(result.error) };
}

function attemptToJson(told: RecordedAttempt): AttemptJson {
  return {
    attempt: told.attempt,
    started_at: iso(told.startedAt),
    ended_at: iso(told.endedAt),
    wait_ms: tenths(told.waitMs),
    duration_ms: tenths(told.durationMs),
    outcome: told.outcome,
    http_status: told.status,
    error: errorToJson(told.error),
    bucket: told.bucket,
    message_id: told.messageId,
  };
}

function errorToJson(error: RecordedAttempt["error"]): DeliveryJson["error"] {
  return error && { code: error.code, message: error.message, http_status: error.status };
}

function groupsToJson(groups: Readonly<Record<string, Figures>>): Record<string, FiguresJson> {
  return Object.fromEntries(Object.entries(groups).map(([name, figures]) => [name, figuresToJson(figures)]));
}

function figuresToJson(told: Figures): FiguresJson {
  const { retries } = told;
  return {
    deliveries: { ...told.ends },
    success_rate: told.successRate,
    reasons: { ...told.reasons },
    requests: told.tries,
    outcomes: { ...told.outcomes },
    errors: { ...told.errors },
    retries: {
      delivered_at_once: retries.deliveredAtOnce,
      delivered_after_retry: retries.deliveredAfterRetry,
      gave_up_after_retry: retries.gaveUpAfterRetry,
      possible_repeats: retries.possibleRepeats,
      delivered_after: { ...retries.deliveredAfter },
    },
    response_ms: durationsToJson(told.response),
    end_to_end_ms: durationsToJson(told.endToEnd),
  };
}

function durationsToJson(told: Durations | null): FiguresJson["response_ms"] {
  if (told === null) return null;
  const { count, meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs } = told;
  return {
    count,
    mean: tenths(meanMs),
    p50: tenths(p50Ms),
    p90: tenths(p90Ms),
    p95: tenths(p95Ms),
    p99: tenths(p99Ms),
    max: tenths(maxMs),
  };
}

/** Of a millisecond: finer is noise. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
