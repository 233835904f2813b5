/** Where a notification would go, and why. */
import { SEVERITIES } from "@tocsin/core";
import { z } from "zod";
import { quietHours } from "./preferences.ts";
import { instant } from "./shared.ts";

export const routeSample = z.strictObject({
  type: z.string().optional(),
  severity: z.enum(SEVERITIES).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  key: z.string().optional(),
  phase: z.enum(["firing", "resolved"]).optional(),
  quiet_hours: quietHours
    .optional()
    .meta({ description: "Of its own. Left out, those of the plant that the label `plant_id` names." }),
  at: instant.optional().meta({ description: "Asks for another time than now." }),
});

const deferral = z.object({
  channel: z.string(),
  until: instant,
  by: z.enum(["route", "notification", "beginning"]).meta({
    description:
      "Whose quiet hours it waits for: the route's, its own (those of its plant), or those for which its beginning waits.",
  }),
});

export const routeDecision = z
  .object({
    to: z.array(z.string()).meta({ description: "Channels that would be told now." }),
    deferred: z.array(deferral).meta({ description: "Channels that would be told in a summary when quiet hours end." }),
    quietly: z.array(deferral).meta({
      description: "Of `to`: where a message is changed at once, which notifies nobody; anything louder waits.",
    }),
    because: z.string().meta({ examples: ["routes", "default", "muted", "silenced"] }),
    withheld: z
      .object({ by: z.enum(["silence", "maintenance", "inhibition"]), what: z.string(), until: instant.nullable() })
      .nullable()
      .meta({ description: "What keeps it back: the id of a silence, the name of a window, the key of an alert." }),
    evaluations: z
      .array(
        z.object({
          route: z.string(),
          verdict: z.enum(["taken", "deferred", "muted", "inactive", "not-matched"]),
          to: z.array(z.string()),
          until: instant.nullable(),
          matcher: z.string().nullable().meta({ description: "The first that does not hold." }),
        }),
      )
      .meta({ description: "What each route says, in their order." }),
  })
  .meta({ id: "RouteDecision" });

export const routeExplanation = routeDecision
  .extend({
    paused: z.array(z.string()).meta({ description: "Those of `to` that are paused: it would wait there." }),
  })
  .meta({ id: "RouteExplanation" });
