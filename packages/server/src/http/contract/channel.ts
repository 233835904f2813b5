/** How the destinations are. */
import { z } from "zod";
import { by, expiry, hasOneExpiry, ONE_EXPIRY, words } from "./order.ts";
import { instant } from "./shared.ts";

const error = z.object({ code: z.string(), message: z.string() });

const pause = z.object({
  since: instant,
  until: instant.nullable().meta({ description: "`null`: until it is resumed." }),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

export const channel = z
  .object({
    name: z.string().meta({ examples: ["default", "critical"] }),
    kind: z.string().meta({ examples: ["discord-webhook"] }),
    label: z.string().meta({ description: "Which one it is, without secrets." }),
    mode: z
      .enum(["idle", "waiting", "ready", "sending", "disabled"])
      .meta({ description: "`disabled`: it is misconfigured; correct the address or the credentials and restart." }),
    pause: pause
      .extend({ of: z.enum(["channel", "all"]).meta({ description: "`all`: every channel is paused." }) })
      .nullable()
      .meta({ description: "The order that holds it, its own before that of all. What comes is accepted and waits." }),
    waiting: z.int().meta({ description: "Deliveries that wait." }),
    wait: z
      .object({
        because: z.string(),
        until: instant.nullable().meta({ description: "`null`: until something else has ended." }),
      })
      .nullable()
      .meta({ description: "Why nothing goes right now." }),
    breaker: z
      .enum(["closed", "open", "half-open"])
      .meta({ description: "`open`: it did not answer, and has a pause." }),
    error: error.nullable().meta({ description: "Why it is disabled." }),
    last_error: error.extend({ at: instant }).nullable().meta({ description: "The last one since the start." }),
  })
  .meta({ id: "Channel" });

export const channelList = z
  .object({
    pause: pause.nullable().meta({ description: "The pause of all channels." }),
    items: z.array(channel),
  })
  .meta({ id: "Channels" });

export const pauseBody = z
  .strictObject({ ...expiry, by, reason: words })
  .refine(hasOneExpiry, ONE_EXPIRY)
  .nullish();

export const channelCheck = z
  .object({
    usable: z.boolean(),
    detail: z.string().nullable().meta({ description: "What it said of itself." }),
    error: error.nullable(),
  })
  .meta({ id: "ChannelCheck" });
