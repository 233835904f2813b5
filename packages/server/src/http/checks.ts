/** `/api/checks`: dead man's switches for scheduled jobs. Their pings are in pings.ts. */
import type { Clock } from "@tocsin/core/stages";
import { z } from "zod";
import { type Check, type CheckSettings, phaseOf } from "../checks/check.ts";
import type { Checks } from "../checks/checks.ts";
import { check, checkBody, checkChange } from "./contract/check.ts";
import { failures, iso, isoOrNull, toMs, toSeconds } from "./contract/shared.ts";
import { cutPage, pageOf, pageQuery, readCursor } from "./page.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";

export interface CheckRoutesOptions {
  readonly checks: Checks;
  readonly clock: Clock;
}

const params = z.object({ id: z.uuid() });
const tags = ["checks"];

export function checkRoutes(http: Http, { checks, clock }: CheckRoutesOptions): void {
  const toJson = (found: Check) => checkToJson(found, clock.now());

  const creation = { tags, body: checkBody, response: { 201: check, ...failures } };
  http.post("/api/checks", { schema: creation }, async ({ body }, reply) => {
    const created = toJson(made(await checks.create(settingsOf(body) as CheckSettings), body.name));
    return reply.code(201).header("location", `/api/checks/${created.id}`).send(created);
  });

  const list = { tags, querystring: pageQuery, response: { 200: pageOf(check), ...failures } };
  http.get("/api/checks", { schema: list }, async ({ query: { limit, cursor } }) => {
    const after = readCursor(cursor, z.string());
    const rows = checks.list().filter(({ name }) => after === null || name > after);
    return cutPage(rows, limit, { item: toJson, key: ({ name }) => name });
  });

  const one = { tags, params, response: { 200: check, ...failures } };
  http.get("/api/checks/:id", { schema: one }, async ({ params: { id } }) => toJson(checks.get(id) ?? notFound(id)));

  const change = { tags, params, body: checkChange, response: { 200: check, ...failures } };
  http.patch("/api/checks/:id", { schema: change }, async ({ params: { id }, body }) =>
    toJson(made((await checks.update(id, settingsOf(body))) ?? notFound(id), body.name ?? "")),
  );

  const removal = { tags, params, response: { 204: z.null(), ...failures } };
  http.delete("/api/checks/:id", { schema: removal }, async ({ params: { id } }, reply) => {
    if (!(await checks.remove(id))) notFound(id);
    return reply.code(204).send(null);
  });
}

export function notFound(id: string): never {
  throw new ProblemError("check-not-found", `There is no check ${id}. GET /api/checks lists them.`);
}

function made(answer: Check | "name-taken" | "too-many", name: string): Check {
  if (answer === "name-taken")
    throw new ProblemError(
      "check-exists",
      `There is a check called ${name} already. Choose another name, or change that one.`,
    );
  if (answer === "too-many") throw new ProblemError("too-many", "Remove checks that are no longer needed.");
  return answer;
}

function settingsOf(body: z.infer<typeof checkChange>): Partial<CheckSettings> {
  const { name, period_seconds: period, grace_seconds: grace, remind_after_seconds: remind, severity } = body;
  return {
    ...(name !== undefined && { name }),
    ...(period !== undefined && { periodMs: toMs(period) }),
    ...(grace !== undefined && { graceMs: toMs(grace) }),
    ...(remind !== undefined && { remindAfterMs: remind.map(toMs) }),
    ...(severity !== undefined && { severity }),
  };
}

function checkToJson(found: Check, now: number): z.infer<typeof check> {
  const { id, name, periodMs, graceMs, remindAfterMs, severity, lastDurationMs } = found;
  return {
    id,
    name,
    severity,
    period_seconds: toSeconds(periodMs),
    grace_seconds: toSeconds(graceMs),
    remind_after_seconds: remindAfterMs.map(toSeconds),
    ping_path: `/ping/${id}`,
    phase: phaseOf(found, now),
    last_ping_at: isoOrNull(found.lastPingAt),
    last_result: found.lastResult,
    exit_status: found.exitStatus,
    started_at: isoOrNull(found.startedAt),
    last_duration_seconds: toSeconds(lastDurationMs),
    created_at: iso(found.createdAt),
  };
}
