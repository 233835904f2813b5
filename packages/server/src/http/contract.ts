/**
 * What HTTP takes and answers, as schemas: validation, types, and OpenAPI come from here. JSON is snake_case, instants are
 * ISO 8601 in UTC.
 */
import { refusalOfName } from "@tocsin/core/stages";
import { z } from "zod";
import { ALERT_DELIVERIES } from "../greenhouse/alert.ts";

const instant = z.iso.datetime({ offset: true }).meta({ description: "ISO 8601", examples: ["2026-01-31T12:00:00Z"] });

const metricName = z
  .string()
  .refine((name) => refusalOfName(name) === null, { error: "must be a name of 1 to 64 printable characters" });

const limits = z
  .strictObject({ min: z.number().nullish(), max: z.number().nullish() })
  .refine(({ min, max }) => typeof min === "number" || typeof max === "number", { error: "needs min, max or both" })
  .refine(({ min, max }) => typeof min !== "number" || typeof max !== "number" || min <= max, {
    error: "has a min above its max; exchange them",
  })
  .meta({ examples: [{ min: 20, max: 80 }] });

const plantName = z.string().trim().min(1).max(100);
const species = z.string().trim().max(100);

export const plantBody = z.strictObject({
  name: plantName.meta({ examples: ["Monstera"] }),
  species: species.nullish(),
  thresholds: z.record(metricName, limits).default({}),
});

export const plantPatch = z.strictObject({
  name: plantName.optional(),
  species: species.nullish(),
  thresholds: z
    .record(metricName, limits.nullable())
    .optional()
    .meta({ description: "Changes the metrics that are named; `null` takes a metric's thresholds away." }),
});

export const plant = z
  .object({
    id: z.string(),
    name: z.string(),
    species: z.string().nullable(),
    thresholds: z.record(z.string(), z.object({ min: z.number().nullable(), max: z.number().nullable() })),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: "Plant" });

const deviceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, {
  error: "must be 1 to 64 letters, digits, dots, dashes or underscores",
});

export const deviceBody = z
  .strictObject({
    id: deviceId.optional().meta({ description: "Made up when left out.", examples: ["device-abc"] }),
    plant_id: z.string().nullish(),
  })
  .nullish();

export const registeredDevice = z
  .object({
    id: z.string(),
    mqtt: z
      .object({ username: z.string(), password: z.string() })
      .meta({ description: "Shown this once; only a hash is kept." }),
  })
  .meta({ id: "RegisteredDevice" });

export const device = z
  .object({
    id: z.string(),
    plant_id: z.string().nullable(),
    mqtt_username: z.string(),
    status: z.enum(["online", "offline", "never_seen"]),
    last_seen_at: instant.nullable(),
    created_at: instant,
  })
  .meta({ id: "Device" });

export const assignment = z.strictObject({ plant_id: z.string().nullable() });

export const telemetryBody = z
  .record(z.string(), z.unknown())
  .meta({ description: "Numbers by metric.", examples: [{ soil_moisture: 41.5, temperature: 21 }] });

export const telemetryResult = z
  .object({
    accepted: z.int().meta({ description: "Readings that were stored." }),
    refused: z.array(z.object({ metric: z.string().nullable(), reason: z.string() })),
  })
  .meta({ id: "TelemetryResult" });

export const reading = z
  .object({ at: instant, device_id: z.string(), metric: z.string(), value: z.number() })
  .meta({ id: "Reading" });

export const readingFilter = {
  metric: z.string().optional(),
  device_id: z.string().optional(),
  from: instant.optional().meta({ description: "From this instant on." }),
  to: instant.optional().meta({ description: "Up to, and without, this instant." }),
};

export const alertFilter = {
  plant_id: z.string().optional(),
  device_id: z.string().optional(),
  kind: z.enum(["threshold", "offline"]).optional(),
  delivery: z
    .enum(["not-sent", "queued", "delivered", "partial", "failed", "dropped", "expired", "skipped"])
    .optional(),
};

export const alert = z
  .object({
    id: z.string(),
    kind: z.enum(["threshold", "offline"]),
    reason: z
      .enum(["fired", "repeated", "cooldown"])
      .meta({ description: "`cooldown`: not sent; `count` tells how many readings were held back." }),
    plant_id: z.string().nullable(),
    plant_name: z.string().nullable(),
    device_id: z.string(),
    metric: z.string().nullable(),
    direction: z.enum(["min", "max"]).nullable(),
    threshold: z.number().nullable(),
    value: z.number().nullable(),
    last_seen_at: instant.nullable(),
    count: z.int(),
    created_at: instant,
    last_at: instant,
    delivery: z.object({
      status: z.enum(ALERT_DELIVERIES),
      notification_id: z.string().nullable(),
      error: z.string().nullable(),
      settled_at: instant.nullable(),
    }),
  })
  .meta({ id: "Alert" });

export const notificationBody = z
  .strictObject({
    type: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ examples: ["error"] }),
    severity: z.enum(["info", "warning", "error", "critical"]).optional(),
    title: z.string().optional(),
    message: z.string().optional(),
    fields: z
      .union([
        z.record(z.string(), z.unknown()),
        z.array(z.object({ name: z.unknown(), value: z.unknown(), inline: z.boolean().optional() })),
      ])
      .optional(),
    labels: z.record(z.string(), z.string()).optional(),
    mentions: z.array(z.string()).optional().meta({ description: "`@here`, `@everyone`, `user:<id>`, `role:<id>`." }),
    content: z.string().optional(),
    url: z.string().optional(),
    color: z.int().min(0).max(0xffffff).optional(),
    footer: z.union([z.string(), z.strictObject({ text: z.string(), icon_url: z.string().optional() })]).nullish(),
    author: z
      .strictObject({ name: z.string(), url: z.string().optional(), icon_url: z.string().optional() })
      .optional(),
    thumbnail: z.string().optional(),
    image: z.string().optional(),
    timestamp: z.union([z.string(), z.number()]).nullish(),
    key: z.string().optional(),
    idempotency_key: z.string().optional(),
    priority: z.number().optional(),
    expires_at: z.union([z.string(), z.number()]).optional(),
    at_most_once: z.boolean().optional(),
    format: z.enum(["text", "markdown"]).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: "says nothing; give at least a title or a message" });

export const acceptedNotification = z.object({ id: z.string() });

export const health = z
  .object({
    status: z.enum(["healthy", "degraded"]),
    timestamp: instant,
    services: z.object({
      database: z.object({ status: z.enum(["healthy", "failing"]) }),
      mqtt: z.object({
        status: z.enum(["healthy", "disconnected"]),
        broker: z.enum(["embedded", "external"]),
        connected_clients: z.int().nullable(),
      }),
      discord_notifications: z.object({
        status: z.enum(["healthy", "failing", "not_configured", "disabled"]),
        enabled: z.boolean(),
        queue_size: z.int().meta({ description: "Accepted and not yet concluded." }),
      }),
      ingest: z.object({
        status: z.literal("healthy"),
        accepted: z.int(),
        readings: z.int(),
        refused: z.record(z.string(), z.int()),
        last_refusal: z
          .object({ at: instant, device_id: z.string(), transport: z.enum(["mqtt", "http"]), reason: z.string() })
          .nullable(),
      }),
    }),
  })
  .meta({ id: "Health" });

const problem = z
  .object({
    type: z.string().meta({ examples: ["urn:tocsin:problem:plant-not-found"] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What to do." }),
    code: z.string().meta({ description: "Never changes its meaning.", examples: ["plant-not-found"] }),
    instance: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "What is wrong where; `path` is a JSON pointer." }),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

const failure = { description: "A problem", content: { "application/problem+json": { schema: problem } } } as const;
/** The answers that every route may give beside its own. */
export const failures = { "4xx": failure, "5xx": failure } as const;

/** An instant as JSON tells it. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
