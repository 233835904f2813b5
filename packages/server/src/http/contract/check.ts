/** Jobs that report, and components that others report. */
import { SEVERITIES } from "@tocsin/core/stages";
import { z } from "zod";
import { instant } from "./shared.ts";

const YEAR_SECONDS = 31_536_000;
const MAX_REMINDERS = 20;

const name = z.string().trim().min(1).max(200);
const remindAfter = z
  .array(z.number().min(1).max(YEAR_SECONDS))
  .max(MAX_REMINDERS)
  .meta({ description: "Waits from each alert to the next while it goes on; the last repeats. Empty: no reminders." });
const severity = z.enum(SEVERITIES);

const settings = {
  name: name.meta({ examples: ["Backup"] }),
  period_seconds: z
    .number()
    .min(1)
    .max(YEAR_SECONDS)
    .meta({ description: "How often it is expected.", examples: [86_400] }),
  grace_seconds: z
    .number()
    .min(1)
    .max(YEAR_SECONDS)
    .meta({
      description: "How much later a ping may come, and how long it may take from its start.",
      examples: [3_600],
    }),
  remind_after_seconds: remindAfter,
  severity,
};

const DEFAULT_GRACE_SECONDS = 3_600;

export const checkBody = z.strictObject({
  ...settings,
  grace_seconds: settings.grace_seconds.default(DEFAULT_GRACE_SECONDS),
  remind_after_seconds: remindAfter.default([]),
  severity: severity.default("error"),
});
export const checkChange = z.strictObject(settings).partial();

export const check = z
  .object({
    id: z.uuid(),
    ...settings,
    ping_path: z.string().meta({ description: "What the job calls when it has succeeded.", examples: ["/ping/5f0c…"] }),
    phase: z
      .enum(["new", "running", "up", "late", "down"])
      .meta({ description: "`new`: nothing is expected before its first ping." }),
    last_ping_at: instant.nullable(),
    last_result: z.enum(["success", "failure"]).nullable(),
    exit_status: z.int().nullable().meta({ description: "Of the last failure." }),
    started_at: instant.nullable().meta({ description: "It has begun, and not ended since." }),
    last_duration_seconds: z.number().nullable(),
    created_at: instant,
  })
  .meta({ id: "Check" });

export const componentParams = z.object({ name });

export const failureBody = z
  .strictObject({
    error: z
      .union([
        z.string().max(10_000),
        z.strictObject({ type: z.string().max(200).optional(), message: z.string().max(10_000) }),
      ])
      .meta({ description: "What failed: a text, or its class and its message." })
      .optional(),
  })
  .nullish();

export const componentSettings = z
  .strictObject({
    failures_before_alert: z.int().min(1).max(1_000_000).optional().meta({ description: "In a row. 3 if not set." }),
    min_failing_seconds: z
      .number()
      .min(0)
      .max(YEAR_SECONDS)
      .optional()
      .meta({ description: "And for so long. 0 if not set." }),
    successes_before_resolve: z.int().min(1).max(1_000_000).optional().meta({ description: "In a row. 1 if not set." }),
    cooldown_seconds: z
      .number()
      .min(0)
      .max(YEAR_SECONDS)
      .optional()
      .meta({ description: "Least time between two alerts." }),
    remind_after_seconds: remindAfter.optional().meta({ description: "300, 900, 3600 if not set." }),
    severity: severity.optional(),
  })
  .meta({ id: "ComponentSettings" });

export const component = z
  .object({
    name: z.string(),
    phase: z.enum(["ok", "pending", "firing", "flapping"]),
    alerting: z.boolean().meta({ description: "People have been told that it fails, and not yet that it is over." }),
    consecutive_failures: z.int(),
    first_failure_at: instant.nullable(),
    last_alert_at: instant.nullable(),
    last_success_at: instant.nullable(),
    settings: componentSettings,
  })
  .meta({ id: "Component" });
