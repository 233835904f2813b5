/** How the destinations are. */
import { z } from "zod";
import { instant } from "./shared.ts";

const error = z.object({ code: z.string(), message: z.string() });

export const channel = z
  .object({
    name: z.string().meta({ examples: ["default", "critical"] }),
    kind: z.string().meta({ examples: ["discord-webhook"] }),
    label: z.string().meta({ description: "Which one it is, without secrets." }),
    mode: z
      .enum(["idle", "waiting", "ready", "sending", "disabled"])
      .meta({ description: "`disabled`: it is misconfigured; correct the address or the credentials and restart." }),
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

export const channelList = z.object({ items: z.array(channel) });
