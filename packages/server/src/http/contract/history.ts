/** What was told, where, and what came of it. */
import { SEVERITIES } from "@tocsin/core";
import type { HistoryStatus } from "@tocsin/core/sqlite";
import { FAILURE_SENTENCES, type FailureReason } from "@tocsin/core/stages";
import { z } from "zod";
import { readPair } from "../label-pair.ts";
import { routeDecision } from "./route.ts";
import { instant, oneOf, several, timeRange } from "./shared.ts";

const STATUSES = [
  "waiting",
  "delivered",
  "folded",
  "partial",
  "failed",
  "dropped",
  "expired",
  "skipped",
] as const satisfies readonly HistoryStatus[];

export const severity = oneOf(SEVERITIES);
export const failureReason = oneOf(Object.keys(FAILURE_SENTENCES) as [FailureReason, ...FailureReason[]]);

/** Common to history, dead letters and statistics. */
export const subjectFilter = {
  type: several(z.string()),
  severity: several(severity),
  channel: several(z.string()).meta({ description: "Name of the destination: see GET /api/channels." }),
};

export const notificationFilter = {
  ...subjectFilter,
  status: several(oneOf(STATUSES)).meta({
    description: "Of the notification as a whole; together with `channel`, of its delivery there.",
  }),
  label: several(z.string().refine((text) => readPair(text) !== null, { error: "must be written name=value" })).meta({
    description:
      "`name=value`; all that are given must match. In a name `\\=` stands for `=` and `\\\\` for `\\`: `a\\=b=c` is the label `a=b` with the value `c`.",
    examples: ["plant_id=plt_1"],
  }),
  q: z.string().max(1_000).optional().meta({
    description: 'Words in any text: `disk full` finds both, `"disk full"` side by side, `disk*` what begins so.',
  }),
  ...timeRange,
};

export const deliveryError = z.object({
  code: z.string().meta({ examples: ["discord-10015"] }),
  message: z.string(),
  http_status: z.int().nullable(),
});

const attempt = z.object({
  attempt: z.int().meta({ description: "The first is 1." }),
  started_at: instant,
  ended_at: instant,
  wait_ms: z.number().meta({ description: "Since it was accepted, or since the attempt before." }),
  duration_ms: z.number(),
  outcome: z.enum(["delivered", "rate-limited", "unavailable", "ambiguous", "rejected", "misconfigured", "banned"]),
  http_status: z.int().nullable(),
  error: deliveryError.nullable(),
  bucket: z
    .string()
    .nullable()
    .meta({ description: "Discord's name for the limit that the request counted against, where it told one." }),
  message_id: z.string().nullable().meta({ description: "Discord's." }),
});

export const delivery = z
  .object({
    id: z.string(),
    channel: z.string(),
    status: z.enum(["waiting", "delivered", "folded", "failed", "dropped", "expired"]),
    attempts: z.int(),
    enqueued_at: instant,
    settled_at: instant.nullable(),
    not_before: instant.nullable().meta({ description: "While it waits: when it is tried again." }),
    message_id: z.string().nullable(),
    possible_repeat: z.boolean().meta({ description: "An earlier attempt may have arrived as well." }),
    reason: failureReason.nullable().meta({ description: "Why it did not arrive." }),
    error: deliveryError.nullable(),
    folded_into: z.string().nullable().meta({ description: "The newer notification that tells it, too." }),
    in_place: z
      .object({ how: z.enum(["new", "edit", "answer", "both"]), because: z.string() })
      .nullable()
      .meta({ description: "How it was told where its alert had been told before, and why not otherwise." }),
    sequel: z.enum(["diverted", "replayed", "discarded"]).nullable().meta({ description: "What followed a failure." }),
    replay_of: z.string().nullable().meta({ description: "The dead letter that it repeats." }),
  })
  .meta({ id: "Delivery" });

export const notificationSummary = z.object({
  id: z.string(),
  created_at: instant,
  type: z.string(),
  severity,
  title: z.string().nullable(),
  message: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  key: z.string().nullable(),
  phase: z.enum(["firing", "resolved"]).nullable(),
  count: z.int().meta({ description: "How many of the same key it stands for." }),
  priority: z.number(),
});

export const notification = notificationSummary
  .extend({
    status: z.enum(STATUSES),
    skipped: failureReason.nullable().meta({ description: "Why nothing was to be sent." }),
    deliveries: z.array(delivery),
  })
  .meta({ id: "Notification" });

export const notificationDetail = notification
  .extend({
    content: z.string().nullable(),
    fields: z.array(z.object({ name: z.string(), value: z.string(), inline: z.boolean() })),
    url: z.string().nullable(),
    mentions: z.array(z.string()),
    files: z.array(z.object({ name: z.string(), content_type: z.string().nullable(), size_bytes: z.int() })),
    timestamp: instant.nullable(),
    idempotency_key: z.string().nullable(),
    expires_at: instant.nullable(),
    at_most_once: z.boolean(),
    routing: routeDecision
      .nullable()
      .meta({ description: "What was decided about it; `null` where type and severity alone said where to." }),
    deliveries: z.array(delivery.extend({ tries: z.array(attempt) }).meta({ id: "DeliveryWithTries" })),
  })
  .meta({ id: "NotificationDetail" });

export const tries = z.array(attempt);

export const sweepResult = z
  .object({
    deleted: z.int().meta({ description: "Notifications that have left the history." }),
    archived: z.int().meta({ description: "Those of them that are in the archive now." }),
  })
  .meta({ id: "ArchiveResult" });
