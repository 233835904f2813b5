/** How much arrived, how long it took, what had to be tried again. */
import { z } from "zod";
import { subjectFilter } from "./history.ts";
import { instant } from "./shared.ts";

export const statisticsQuery = z.strictObject({
  from: instant.optional().meta({ description: "Default: 24 hours before `to`." }),
  to: instant.optional().meta({ description: "Default: now." }),
  step: z.enum(["minute", "hour", "day"]).optional().meta({ description: "Also the course of time, in these steps." }),
  ...subjectFilter,
});

const counts = z.record(z.string(), z.int());

const durations = z
  .object({
    count: z.int(),
    mean: z.number(),
    p50: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
    max: z.number(),
  })
  .meta({ id: "Durations", description: "Milliseconds. Percentiles are off by 4.5 % at most." });

const figures = z
  .object({
    deliveries: counts.meta({ description: "Those that were concluded, by status." }),
    success_rate: z
      .number()
      .nullable()
      .meta({ description: "Delivered ones among those delivered or failed; `null` when there were none." }),
    reasons: counts.meta({ description: "Those that did not arrive, by reason." }),
    requests: z.int(),
    outcomes: counts.meta({ description: "Requests by outcome." }),
    errors: counts.meta({ description: "Failed requests by error code." }),
    retries: z.object({
      delivered_at_once: z.int(),
      delivered_after_retry: z.int(),
      gave_up_after_retry: z.int(),
      possible_repeats: z.int(),
      delivered_after: counts.meta({ description: "By the number of requests that it took." }),
    }),
    response_ms: durations.nullable().meta({ description: "How long requests took." }),
    end_to_end_ms: durations.nullable().meta({ description: "From acceptance to arrival." }),
  })
  .meta({ id: "Figures" });

const groups = z.record(z.string(), figures);

export const statistics = z
  .object({
    from: instant,
    to: instant,
    total: figures,
    by_type: groups,
    by_channel: groups,
    by_severity: groups,
    steps: z.array(z.object({ at: instant, figures })),
  })
  .meta({ id: "Statistics" });
