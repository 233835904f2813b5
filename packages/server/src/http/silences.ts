/** `/api/silences`: what is not told for some time, made and ended by people. */
import type { Maintenance, Notifier } from "@tocsin/core";
import { type Clock, ConfigError } from "@tocsin/core/stages";
import { z } from "zod";
import type { SilenceRecord, Silences } from "../notify/silences.ts";
import { untilOf } from "./contract/order.ts";
import { failures, iso, isoOrNull } from "./contract/shared.ts";
import { silence, silenceBody, silenceFilter, silenceList } from "./contract/silence.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";

export interface SilenceRoutesOptions {
  readonly clock: Clock;
  readonly silences: Silences;
  readonly notifier: Pick<Notifier, "maintenance">;
}

const tags = ["silences"];
const params = z.object({ id: z.string() });

export function silenceRoutes(http: Http, { clock, silences, notifier }: SilenceRoutesOptions): void {
  const toJson = (one: SilenceRecord) => silenceToJson(one, clock.now());

  async function make({ matchers, by, comment, ...expiry }: z.infer<typeof silenceBody>): Promise<SilenceRecord> {
    const untilAt = untilOf(expiry, clock.now()) ?? clock.now();
    try {
      return await silences.add({ matchers, untilAt, by: by ?? undefined, comment: comment ?? undefined });
    } catch (error) {
      throw error instanceof ConfigError ? refused(error) : error;
    }
  }

  async function notInForce(id: string): Promise<ProblemError> {
    if ((await silences.find(id)) === null) return notFound(id);
    return new ProblemError("silence-over", `The silence ${id} is over. POST /api/silences makes a new one.`);
  }

  const creation = { tags, body: silenceBody, response: { 201: silence, ...failures } };
  http.post("/api/silences", { schema: creation }, async ({ body }, reply) => {
    const made = await make(body);
    return reply.code(201).header("location", `/api/silences/${made.id}`).send(toJson(made));
  });

  const listing = { tags, querystring: silenceFilter, response: { 200: silenceList, ...failures } };
  http.get("/api/silences", { schema: listing }, async ({ query: { state, limit } }) => {
    const active = state === "expired" ? [] : silences.active();
    const over = state === "active" ? [] : await silences.over(limit);
    const windows = notifier
      .maintenance()
      .filter(({ isActive }) => state === undefined || (state === "active" && isActive));
    return { items: [...active, ...over].map(toJson), maintenance: windows.map(maintenanceToJson) };
  });

  const answer = { 200: silence, ...failures };
  http.get("/api/silences/:id", { schema: { tags, params, response: answer } }, async ({ params: { id } }) => {
    const found = await silences.find(id);
    if (found === null) throw notFound(id);
    return toJson(found);
  });

  const change = {
    tags,
    params,
    body: silenceBody,
    description: "Ends it, and makes another in its place, which has an id of its own.",
    response: answer,
  };
  http.put("/api/silences/:id", { schema: change }, async ({ params: { id }, body }) => {
    if (!silences.active().some((one) => one.id === id)) throw await notInForce(id);
    // First the new one, so that nothing slips through between the two.
    const made = await make(body);
    await silences.expire(id);
    return toJson(made);
  });

  http.delete("/api/silences/:id", { schema: { tags, params, response: answer } }, async ({ params: { id } }) => {
    const ended = await silences.expire(id);
    if (ended === null) throw await notInForce(id);
    return toJson(ended);
  });
}

/** The library names its own words; the API calls `untilAt` `until`. */
function refused({ problems }: ConfigError): ProblemError {
  const errors = problems.map((problem) => {
    const [, field = "", message = problem] = /^(matchers|untilAt):? (.*)$/s.exec(problem) ?? [];
    return { path: field === "" ? "" : `/${field.replace("untilAt", "until")}`, message };
  });
  const said = errors.map(({ path, message }) => (path === "" ? message : `${path} ${message}`)).join("; ");
  return new ProblemError("validation-failed", `${said}.`, errors);
}

function notFound(id: string): ProblemError {
  return new ProblemError("silence-not-found", `There is no silence ${id}. GET /api/silences lists them.`);
}

function maintenanceToJson({ name, matchers, from, until, isActive }: Maintenance) {
  return { name, state: isActive ? "active" : "upcoming", matchers, from: iso(from), until: iso(until) } as const;
}

function silenceToJson(one: SilenceRecord, now: number): z.infer<typeof silence> {
  const { id, matchers, createdAt, untilAt, endedAt, by, comment } = one;
  return {
    id,
    state: endedAt === null && untilAt > now ? "active" : "expired",
    matchers,
    created_at: iso(createdAt),
    until: iso(untilAt),
    ended_at: isoOrNull(endedAt),
    by,
    comment,
  };
}
