/** What people order: for how long, who says so, and why. Shared by pauses, silences and acknowledgements. */
import { z } from "zod";
import { instant, toMs } from "./shared.ts";

/** Ten years: longer means for ever. */
const LONGEST_SECONDS = 315_360_000;

export const by = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .nullish()
  .meta({ description: "Who orders it.", examples: ["Ann"] });
export const words = z.string().trim().min(1).max(500).nullish();

/** Both at once contradict each other. */
export const expiry = {
  until: instant.nullish().meta({ description: "It ends by itself then." }),
  for_seconds: z
    .number()
    .positive()
    .max(LONGEST_SECONDS)
    .nullish()
    .meta({ description: "Instead of `until`: it ends by itself after so long." }),
};

interface Expiry {
  readonly until?: string | null | undefined;
  readonly for_seconds?: number | null | undefined;
}

export const ONE_EXPIRY = { error: "takes either until or for_seconds" };

export function hasOneExpiry({ until, for_seconds }: Expiry): boolean {
  return until == null || for_seconds == null;
}

/** Epoch milliseconds; `null` for no end. */
export function untilOf({ until, for_seconds }: Expiry, now: number): number | null {
  if (for_seconds != null) return now + toMs(for_seconds);
  return until == null ? null : Date.parse(until);
}
