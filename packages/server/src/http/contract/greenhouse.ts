/** Plants, devices and readings. */
import { refusalOfName } from "@tocsin/core/stages";
import { z } from "zod";
import { instant, oneLine, timeRange, visibleLine } from "./shared.ts";

export const metricName = z
  .string()
  .refine((name) => refusalOfName(name) === null, { error: "must be a name of 1 to 64 printable characters" });

const limits = z
  .strictObject({ min: z.number().nullish(), max: z.number().nullish() })
  .refine(({ min, max }) => typeof min === "number" || typeof max === "number", { error: "needs min, max or both" })
  .refine(({ min, max }) => typeof min !== "number" || typeof max !== "number" || min <= max, {
    error: "has a min above its max; exchange them",
  })
  .meta({ examples: [{ min: 20, max: 80 }] });

const plantName = visibleLine(100);
const species = oneLine(100);

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
  ...timeRange,
};
