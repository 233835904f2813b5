/**
 * The form of `tocsin.yaml`: one schema for reading, for its mistakes and for the JSON Schema that editors use.
 *
 * Upstream   file.ts, which has read the file. Pure.
 */
import { readMatchers, SEVERITIES } from "@tocsin/core";
import { readTimeWindow } from "@tocsin/core/stages";
import { z } from "zod";

const oneOrMore = (item: z.ZodString) =>
  z.union([item, z.array(item).min(1)], { error: "must be a text, or a list of texts" });

const matchers = oneOrMore(z.string())
  .superRefine((given, context) => {
    const read = readMatchers(given);
    for (const message of read.ok ? [] : read.problems) context.addIssue({ code: "custom", message });
  })
  .meta({ description: `\`severity>=error, device=~"gw-*"\`; severities are ${SEVERITIES.join(", ")}.` });

const times = oneOrMore(z.string())
  .superRefine((given, context) => {
    for (const text of [given].flat()) {
      const read = readTimeWindow(text, "UTC");
      if (!read.ok) context.addIssue({ code: "custom", message: read.problem });
    }
  })
  .meta({ description: "`22:00-07:00`, `mon-fri 08:00-18:00`, `sat,sun Europe/Berlin`." });

const destination = z
  .string()
  .min(1)
  .meta({ description: "A URL as in docs/channels.md; secrets as references to variables." });

const route = z.strictObject({
  name: z.string().min(1).optional().meta({ description: "By which explain and history know it." }),
  matchers: matchers.optional(),
  to: oneOrMore(z.string().min(1)).meta({ description: "Names out of `destinations`, names of types, or URLs." }),
  continue: z.boolean().optional().meta({ description: "Whether the routes behind it are asked as well." }),
  active_times: times.optional().meta({ description: "When it is in use; at other times the next route is asked." }),
  mute_times: times.optional().meta({ description: "When it takes what it matches, and tells nobody." }),
  quiet_hours: times
    .optional()
    .meta({ description: "When what it matches waits for a summary; critical goes at once." }),
  fallback: destination.optional().meta({ description: "Takes over when its destinations cannot deliver." }),
});

const inhibition = z.strictObject({
  source: matchers,
  target: matchers,
  equal: z.array(z.string().min(1)).optional().meta({ description: "Labels that both must have with the same value." }),
});

/** With its offset: without one, nobody could tell which time zone is meant. */
const instant = z
  .string()
  .refine((text) => /\d(Z|[+-]\d\d:?\d\d)$/i.test(text) && !Number.isNaN(Date.parse(text)), {
    error: "must be an instant with its offset, e.g. 2026-05-04T08:00:00+02:00",
  })
  .meta({ examples: ["2026-05-04T08:00:00+02:00"] });

const maintenance = z
  .strictObject({
    name: z.string().min(1).optional().meta({ description: "By which explain, history and lists know it." }),
    from: instant,
    until: instant,
    matchers: matchers.optional().meta({ description: "What is not told; everything when it is left out." }),
  })
  .refine(({ from, until }) => !(Date.parse(from) >= Date.parse(until)), {
    path: ["until"],
    error: "must come after from",
  });

export const fileSchema = z
  .strictObject({
    time_zone: z
      .string()
      .refine((name) => readTimeWindow("00:00-24:00", name).ok, {
        error: "must be an IANA name, e.g. Europe/Berlin, or UTC",
      })
      .optional()
      .meta({ description: "Of the times that name none." }),
    destinations: z.record(z.string().min(1), destination).optional(),
    routes: z.array(route).optional(),
    inhibit: z.array(inhibition).optional(),
    maintenance: z.array(maintenance).optional(),
  })
  .meta({ title: "tocsin.yaml", description: "docs/routes.md explains it with examples." });

export type FileContents = z.infer<typeof fileSchema>;
