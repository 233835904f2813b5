/** Silences: what is not told for some time. */
import { z } from "zod";
import { by, expiry, hasOneExpiry, ONE_EXPIRY, words } from "./order.ts";
import { instant } from "./shared.ts";

const matchers = z
  .union([z.string().max(2_000), z.array(z.string().max(500)).max(50)])
  .meta({ description: "What is not told, as in routes.", examples: ["device=device-abc, severity<critical"] });

export const silenceBody = z
  .strictObject({ matchers, ...expiry, by, comment: words })
  .refine(hasOneExpiry, ONE_EXPIRY)
  .refine(({ until, for_seconds }) => until != null || for_seconds != null, { error: "needs until or for_seconds" });

export const silenceFilter = z.object({
  state: z.enum(["active", "expired"]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100).meta({ description: "How many expired ones at most." }),
});

export const silence = z
  .object({
    id: z.string(),
    state: z.enum(["active", "expired"]),
    matchers: z.string(),
    created_at: instant,
    until: instant,
    ended_at: instant.nullable().meta({ description: "When somebody ended it before its time." }),
    by: z.string().nullable(),
    comment: z.string().nullable(),
  })
  .meta({ id: "Silence" });

const maintenance = z
  .object({
    name: z.string(),
    state: z.enum(["active", "upcoming"]),
    matchers: z.string().meta({ description: "Empty for everything." }),
    from: instant,
    until: instant,
  })
  .meta({ id: "Maintenance" });

export const silenceList = z.object({
  items: z.array(silence).meta({ description: "Active ones first, then the newest first." }),
  maintenance: z
    .array(maintenance)
    .meta({ description: "What the configuration keeps from being told as well: windows that are not over." }),
});
