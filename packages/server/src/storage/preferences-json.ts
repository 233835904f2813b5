/** A plant's preferences as JSON, and back. What cannot be read counts as no preference: it must not keep a server from starting. */
import { z } from "zod";
import { NO_PREFERENCES, type PlantPreferences } from "../greenhouse/preferences.ts";

const severity = z.enum(["info", "warning", "error", "critical"]);

const SCHEMA = z.object({
  metrics: z.array(
    z.tuple([
      z.string(),
      z.object({
        muted: z.boolean(),
        cooldownMs: z.number().nullable(),
        readingsBeforeAlert: z.int().min(1).default(1),
        severity: severity.nullable(),
      }),
    ]),
  ),
  severities: z.array(severity).nullable(),
  quietHours: z.array(z.string()),
  pause: z
    .object({
      since: z.number(),
      untilAt: z.number().nullable(),
      by: z.string().nullable(),
      comment: z.string().nullable(),
    })
    .nullable(),
});

export function preferencesToJson(preferences: PlantPreferences): string | null {
  if (preferences === NO_PREFERENCES) return null;
  return JSON.stringify({ ...preferences, metrics: [...preferences.metrics] });
}

export function preferencesFromJson(json: string | null): PlantPreferences {
  if (json === null) return NO_PREFERENCES;
  try {
    const { metrics, ...rest } = SCHEMA.parse(JSON.parse(json));
    return { ...rest, metrics: new Map(metrics) };
  } catch {
    return NO_PREFERENCES;
  }
}
