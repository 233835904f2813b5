/** What people want to be told of one plant. */
import { SEVERITIES } from "@tocsin/core";
import { z } from "zod";
import { quietHoursProblems } from "../../greenhouse/preferences.ts";
import { metricName } from "./greenhouse.ts";
import { by, expiry, hasOneExpiry, ONE_EXPIRY, words } from "./order.ts";
import { instant } from "./shared.ts";

const severity = z.enum(SEVERITIES);
/** A year. */
const LONGEST_SECONDS = 31_536_000;

const metric = z.strictObject({
  muted: z.boolean().default(false).meta({ description: "It is watched, and nothing is told of it." }),
  cooldown_seconds: z
    .number()
    .min(0)
    .max(LONGEST_SECONDS)
    .nullish()
    .meta({ description: "In place of `ALERT_COOLDOWN_SECONDS`." }),
  readings_before_alert: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .meta({ description: "So many in a row beyond the threshold before it fires; until then it is `pending`." }),
  severity: severity.nullish().meta({ description: "Of its alerts; a warning unless it is given." }),
});

/** Times of the week, as in routes. */
export const quietHours = z
  .array(z.string())
  .max(20)
  .superRefine((hours, context) => {
    for (const message of quietHoursProblems(hours)) context.addIssue({ code: "custom", message });
  });

export const pauseOrder = z.strictObject({ ...expiry, by, comment: words }).refine(hasOneExpiry, ONE_EXPIRY);

export const preferencesBody = z.strictObject({
  metrics: z.record(metricName, metric).default({}),
  severities: z
    .array(severity)
    .min(1)
    .nullish()
    .meta({ description: "Those that are wanted; all when it is left out." }),
  quiet_hours: quietHours.default([]).meta({
    description: "What begins or ends in them, and is not critical, waits for their end and is told in one summary.",
    examples: [["22:00-07:00 Europe/Berlin"]],
  }),
  paused: pauseOrder.nullish(),
  webhook: z.string().max(2_000).nullish().meta({
    description: "Of Discord, for what is told of this plant. Left out, the present one stays; `null` takes it away.",
  }),
});

export const preferences = z
  .object({
    metrics: z.record(
      z.string(),
      z.object({
        muted: z.boolean(),
        cooldown_seconds: z.number().nullable(),
        readings_before_alert: z.int(),
        severity: severity.nullable(),
      }),
    ),
    severities: z.array(severity).nullable(),
    quiet_hours: z.array(z.string()),
    paused: z
      .object({ since: instant, until: instant.nullable(), by: z.string().nullable(), comment: z.string().nullable() })
      .nullable()
      .meta({ description: "While it lasts nothing is told of the plant." }),
    webhook: z
      .object({ url: z.string().nullable(), problem: z.string().nullable() })
      .nullable()
      .meta({ description: "Its own, without the token; `problem` says why it is not in use." }),
  })
  .meta({ id: "PlantPreferences" });
