/** Alerts: their lives, what was told of them and what was held back, and what people order about them. */
import { SEVERITIES } from "@tocsin/core";
import { z } from "zod";
import { ALERT_DELIVERIES, HELD_REASONS, TOLD_REASONS } from "../../greenhouse/alert.ts";
import { LIFE_PHASES } from "../../greenhouse/alert-life.ts";
import { by, words } from "./order.ts";
import { instant, oneOf, several } from "./shared.ts";

const phase = oneOf(LIFE_PHASES);
const severity = oneOf(SEVERITIES);

export const alertFilter = {
  phase: several(phase).meta({ description: "May be repeated. Open are all but `resolved`." }),
  plant_id: z.string().optional(),
  device_id: z.string().optional(),
  kind: z.enum(["threshold", "offline"]).optional(),
  severity: several(severity),
  delivery: z.enum(ALERT_DELIVERIES).optional().meta({ description: "Of anything that was told of it." }),
};

const delivery = z.object({
  status: z.enum(ALERT_DELIVERIES),
  notification_id: z.string().nullable(),
  error: z.string().nullable(),
  settled_at: instant.nullable(),
});

const person = { by: z.string().nullable(), comment: z.string().nullable() };

export const alert = z
  .object({
    id: z.string(),
    kind: z.enum(["threshold", "offline"]),
    severity,
    phase: phase.meta({ description: "`acknowledged`: it fires, and somebody has seen it." }),
    since: instant.meta({ description: "Of the present phase." }),
    acknowledged: z
      .object({ at: instant, ...person })
      .nullable()
      .meta({ description: "Who sees to it." }),
    plant_id: z.string().nullable(),
    plant_name: z.string().nullable(),
    device_id: z.string(),
    metric: z.string().nullable(),
    direction: z.enum(["min", "max"]).nullable(),
    threshold: z.number().nullable(),
    value: z.number().nullable().meta({ description: "The latest that was found." }),
    last_seen_at: instant.nullable(),
    created_at: instant.meta({ description: "When it began." }),
    last_at: instant.meta({ description: "When it was found last." }),
    resolved_at: instant.nullable(),
    told_count: z.int(),
    held_back_count: z.int().meta({ description: "How often it was found and not told." }),
    delivery: delivery.meta({ description: "Of what was told last." }),
  })
  .meta({ id: "Alert" });

export const alertDetail = alert
  .extend({
    transitions: z
      .array(z.object({ at: instant, phase, reason: z.string(), ...person }))
      .meta({ description: "Its life, oldest first: each change with its reason and whoever made it." }),
    told: z
      .array(z.object({ at: instant, reason: z.enum(TOLD_REASONS), value: z.number().nullable(), delivery }))
      .meta({ description: "Newest first; as many as are kept of late." }),
    held_back: z
      .array(
        z.object({
          reason: z.enum(HELD_REASONS),
          count: z.int(),
          from: instant,
          to: instant,
          value: z.number().nullable(),
        }),
      )
      .meta({ description: "What was found and not told, and why; newest first." }),
  })
  .meta({ id: "AlertDetail" });

export const alertOrder = z.strictObject({ by, comment: words }).nullish();
