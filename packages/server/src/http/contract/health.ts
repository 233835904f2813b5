/** How the server is. */
import { z } from "zod";
import { instant } from "./shared.ts";

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
        status: z.enum(["healthy", "degraded", "paused", "failing", "not_configured", "disabled"]).meta({
          description:
            "`degraded`: only webhooks of single plants are out of order, and the general destination tells what they cannot; the server as a whole is healthy. `paused`: every channel is, by order.",
        }),
        out_of_order: z
          .array(z.object({ channel: z.string(), title: z.string() }))
          .meta({ description: "Channels that are disabled or do not answer, and how people know them." }),
        paused: z.array(z.string()).meta({ description: "Channels that are paused by order." }),
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
