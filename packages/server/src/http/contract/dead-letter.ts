/** Deliveries that failed for good and wait for somebody to look at them. */
import { z } from "zod";
import { deliveryError, failureReason, notificationSummary, severity, subjectFilter, tries } from "./history.ts";
import { instant, several, timeRange } from "./shared.ts";

export const deadLetterFilter = {
  ...subjectFilter,
  reason: several(failureReason),
  error_code: several(z.string()).meta({ description: "Of the last attempt.", examples: ["discord-50035"] }),
  ...timeRange,
};

export const deadLetter = z
  .object({
    id: z.string(),
    channel: z.string(),
    notification: notificationSummary,
    enqueued_at: instant,
    settled_at: instant,
    attempts: z.int(),
    reason: failureReason,
    error: deliveryError.nullable(),
    newer: z
      .object({
        id: z.string(),
        created_at: instant,
        phase: z.enum(["firing", "resolved"]).nullable(),
        status: z.string(),
      })
      .nullable()
      .meta({ description: "Newer news of the same key: what this one says may be out of date." }),
  })
  .meta({ id: "DeadLetter" });

export const deadLetterDetail = deadLetter.extend({ tries }).meta({ id: "DeadLetterDetail" });

const ids = z.array(z.string()).min(1).max(1_000);
const many = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).optional();

const filter = z
  .strictObject({
    type: many(z.string()),
    severity: many(severity),
    channel: many(z.string()),
    reason: many(failureReason),
    error_code: many(z.string()),
    from: instant.optional(),
    to: instant.optional(),
  })
  .meta({ description: "All that match; `{}` means every one." });

const eitherOr = { error: "needs either ids or filter" };
const isEither = ({ ids, filter }: { ids?: unknown; filter?: unknown }) =>
  (ids === undefined) !== (filter === undefined);

const force = z.boolean().default(false).meta({ description: "Also those that newer news has overtaken." });

export const replayOneBody = z.strictObject({ force }).nullish();
export const replayBody = z
  .strictObject({ ids: ids.optional(), filter: filter.optional(), force })
  .refine(isEither, eitherOr);
export const discardBody = z
  .strictObject({ ids: ids.optional(), filter: filter.optional() })
  .refine(isEither, eitherOr);

export const replayResult = z
  .object({
    replayed: z.array(z.string()).meta({ description: "The new deliveries." }),
    refused: z.array(
      z.object({
        id: z.string(),
        because: z.enum(["unknown", "stale"]).meta({ description: "`stale`: newer news has overtaken it." }),
      }),
    ),
  })
  .meta({ id: "ReplayResult" });

export const discardResult = z.object({ discarded: z.int() }).meta({ id: "DiscardResult" });
