/** `/api/components`: what other services report of their parts, and how they are. */
import type { ComponentOptions, ComponentStatus } from "@tocsin/core";
import { z } from "zod";
import type { Components } from "../checks/components.ts";
import { namedError } from "../checks/named-error.ts";
import { component, componentParams, componentSettings, failureBody } from "./contract/check.ts";
import { failures, isoOrNull, toMs, toSeconds } from "./contract/shared.ts";
import { cutPage, pageOf, pageQuery, readCursor } from "./page.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";

const tags = ["components"];
const params = componentParams;

export function componentRoutes(http: Http, { components }: { readonly components: Components }): void {
  const toJson = (status: ComponentStatus) => componentToJson(status, components.settingsOf(status.component));
  const one = { tags, params, response: { 200: component, ...failures } };

  http.post("/api/components/:name/success", { schema: one }, async ({ params: { name } }) =>
    toJson(taken(components.succeeded(name))),
  );
  http.post("/api/components/:name/failure", { schema: { ...one, body: failureBody } }, async ({ params, body }) =>
    toJson(taken(components.failed(params.name, errorOf(body?.error)))),
  );

  const list = { tags, querystring: pageQuery, response: { 200: pageOf(component), ...failures } };
  http.get("/api/components", { schema: list }, async ({ query: { limit, cursor } }) => {
    const after = readCursor(cursor, z.string());
    const rows = components.list().filter((status) => after === null || status.component > after);
    return cutPage(rows, limit, { item: toJson, key: (status) => status.component });
  });
  http.get("/api/components/:name", { schema: one }, async ({ params: { name } }) =>
    toJson(components.get(name) ?? notFound(name)),
  );

  http.put("/api/components/:name", { schema: { ...one, body: componentSettings } }, async ({ params, body }) => {
    await components.configure(params.name, optionsOf(body));
    return toJson(taken(components.get(params.name)));
  });
  const removal = { tags, params, response: { 204: z.null(), ...failures } };
  http.delete("/api/components/:name", { schema: removal }, async ({ params: { name } }, reply) => {
    if (!(await components.forget(name))) notFound(name);
    return reply.code(204).send(null);
  });
}

function notFound(name: string): never {
  throw new ProblemError("component-not-found", `Nobody has reported ${name}. GET /api/components lists them.`);
}

function taken(status: ComponentStatus | null): ComponentStatus {
  if (status === null) throw new ProblemError("too-many", "Remove components that are no longer needed.");
  return status;
}

function errorOf(given: NonNullable<z.infer<typeof failureBody>>["error"]): unknown {
  if (given === undefined || typeof given === "string") return given;
  return namedError(given.type ?? "Error", given.message);
}

function optionsOf(body: z.infer<typeof componentSettings>): ComponentOptions {
  return {
    failuresBeforeAlert: body.failures_before_alert,
    minFailingMs: toMs(body.min_failing_seconds),
    successesBeforeResolve: body.successes_before_resolve,
    cooldownMs: toMs(body.cooldown_seconds),
    remindAfterMs: body.remind_after_seconds?.map(toMs),
    severity: body.severity,
  };
}

function settingsToJson(options: ComponentOptions): z.infer<typeof componentSettings> {
  return {
    failures_before_alert: options.failuresBeforeAlert,
    min_failing_seconds: toSeconds(options.minFailingMs),
    successes_before_resolve: options.successesBeforeResolve,
    cooldown_seconds: toSeconds(options.cooldownMs),
    remind_after_seconds: options.remindAfterMs?.map(toSeconds),
    severity: options.severity,
  };
}

function componentToJson(status: ComponentStatus, options: ComponentOptions): z.infer<typeof component> {
  return {
    name: status.component,
    phase: status.phase,
    alerting: status.alerting,
    consecutive_failures: status.consecutiveFailures,
    first_failure_at: isoOrNull(status.firstFailureAt),
    last_alert_at: isoOrNull(status.lastAlertAt),
    last_success_at: isoOrNull(status.lastSuccessAt),
    settings: settingsToJson(options),
  };
}
