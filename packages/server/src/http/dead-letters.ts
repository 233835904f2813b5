/** `/api/dead-letters`: deliveries that failed for good, to be looked at, sent again, or discarded. */
import type { Notifier } from "@tocsin/core";
import type { DeadLetterFilter, DeadLetterSelection, DeadLetters, DeliveryId } from "@tocsin/core/sqlite";
import { z } from "zod";
import {
  deadLetter,
  deadLetterDetail,
  deadLetterFilter,
  discardBody,
  discardResult,
  replayBody,
  replayOneBody,
  replayResult,
} from "./contract/dead-letter.ts";
import { failures, listOf } from "./contract/shared.ts";
import { letterDetailToJson, letterToJson } from "./history-json.ts";
import { pageOf, pageQuery, storePage } from "./page.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";
import { readTimeRange } from "./time-range.ts";

export interface DeadLetterRoutesOptions {
  readonly deadLetters: DeadLetters;
  /** Makes new deliveries of them, and has these sent if there is anybody to do so. */
  readonly replay: Notifier["replay"];
}

const tags = ["dead letters"];
const params = z.object({ id: z.string() });

export function deadLetterRoutes(http: Http, { deadLetters, replay }: DeadLetterRoutesOptions): void {
  const listing = {
    tags,
    querystring: pageQuery.extend(deadLetterFilter),
    response: { 200: pageOf(deadLetter), ...failures },
  };
  http.get("/api/dead-letters", { schema: listing }, ({ query }) => {
    const { limit, cursor, type, severity, channel, reason, error_code, from, to } = query;
    const filter = filterOf({
      type: listOf(type),
      severity: listOf(severity),
      channel: listOf(channel),
      reason: listOf(reason),
      error_code: listOf(error_code),
      from,
      to,
    });
    return storePage(() => deadLetters.list({ ...filter, cursor, limit }), letterToJson);
  });

  const one = { tags, params, response: { 200: deadLetterDetail, ...failures } };
  http.get("/api/dead-letters/:id", { schema: one }, async ({ params: { id } }) => {
    const found = await deadLetters.inspect(id as DeliveryId);
    if (found === null) throw notFound(id);
    return letterDetailToJson(found);
  });

  replayRoutes(http, replay);
  discardRoutes(http, deadLetters);
}

function replayRoutes(http: Http, replay: Notifier["replay"]): void {
  const many = { tags, body: replayBody, response: { 200: replayResult, ...failures } };
  http.post("/api/dead-letters/replay", { schema: many }, async ({ body }) => {
    const { replayed, refused } = await replay(selectionOf(body), { force: body.force });
    return { replayed: [...replayed], refused: [...refused] };
  });

  const one = {
    tags,
    params,
    body: replayOneBody,
    response: { 200: z.object({ id: z.string().meta({ description: "The new delivery." }) }), ...failures },
  };
  http.post("/api/dead-letters/:id/replay", { schema: one }, async ({ params: { id }, body }) => {
    const { replayed, refused } = await replay({ ids: [id as DeliveryId] }, { force: body?.force ?? false });
    if (refused[0]?.because === "stale") throw stale(id);
    if (replayed[0] === undefined) throw notFound(id);
    return { id: replayed[0] };
  });
}

function discardRoutes(http: Http, deadLetters: DeadLetters): void {
  const many = { tags, body: discardBody, response: { 200: discardResult, ...failures } };
  http.post("/api/dead-letters/discard", { schema: many }, async ({ body }) => ({
    discarded: await deadLetters.discard(selectionOf(body)),
  }));

  const one = { tags, params, response: { 204: z.null(), ...failures } };
  http.delete("/api/dead-letters/:id", { schema: one }, async ({ params: { id } }, reply) => {
    if ((await deadLetters.discard({ ids: [id as DeliveryId] })) === 0) throw notFound(id);
    return reply.code(204).send(null);
  });
}

type FilterJson = NonNullable<z.infer<typeof discardBody>["filter"]>;

function selectionOf({ ids, filter = {} }: z.infer<typeof discardBody>): DeadLetterSelection {
  return ids === undefined ? { filter: filterOf(filter) } : { ids: [...new Set(ids)] as DeliveryId[] };
}

function filterOf({
  type,
  severity,
  channel,
  reason,
  error_code,
  from,
  to,
}: ReadonlyLists<FilterJson>): DeadLetterFilter {
  return {
    types: type,
    severities: severity,
    destinations: channel,
    reasons: reason,
    errorCodes: error_code,
    ...readTimeRange({ from, to }),
  };
}

type ReadonlyLists<Json> = {
  readonly [Key in keyof Json]: Json[Key] extends (infer Item)[] | undefined ? readonly Item[] | undefined : Json[Key];
};

function notFound(id: string): ProblemError {
  return new ProblemError("dead-letter-not-found", `There is no dead letter ${id}. GET /api/dead-letters lists them.`);
}

function stale(id: string): ProblemError {
  return new ProblemError(
    "dead-letter-stale",
    `Newer news of the same matter has overtaken ${id}: see \`newer\` in GET /api/dead-letters/${id}. Send {"force": true} to replay it all the same.`,
  );
}
