/**
 * What a failed request is told as. Nothing of it comes from bodies, cookies, authorization, paths or query values.
 *
 * Upstream the reporter. Downstream notification. Pure.
 */
import { errorName } from "../notification/error-name.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { summariseError } from "../preset/error-summary.ts";
import { OTHERS, type Repeats, shapeOf, sinceWhen, timesOf, type Wording } from "./reporter.ts";

/** One request that was answered with 5xx, or whose handler threw. */
export interface RequestFailure {
  readonly method: string;
  /** The pattern of its route, `/users/:id`; `null` when no route took it. Never the path: it may hold a secret. */
  readonly route: string | null;
  readonly status: number;
  readonly requestId: string | null;
  /** What was thrown; `undefined` when nothing was. */
  readonly error: unknown;
}

/** The same for failures of the same cause. Asks for no stack: making one costs more than everything else here. */
function matterOf({ method, route, status, error }: RequestFailure): string {
  if (error === undefined) return `${method} ${route} ${status}`;
  const message = error instanceof Error ? error.message : error;
  const shape = typeof message === "string" ? shapeOf(message) : "";
  return `${method} ${route} ${status} ${errorName(error)} ${shape}`;
}

function failureNotification(failure: RequestFailure, matter: string, repeats: Repeats | null): NotificationInput {
  const { method, route, status, requestId, error } = failure;
  const summary = error === undefined ? null : summariseError(error);
  const times = timesOf(repeats);
  const what = summary === null ? `was answered with ${status}` : `failed: ${summary.name}`;
  const lines = [repeats && sinceWhen(repeats), summary?.message].filter(Boolean);
  return {
    type: "error",
    severity: "error",
    title:
      matter === OTHERS
        ? `Requests fail in many other ways${times}`
        : `${method} ${route ?? "request without a route"} ${what}${times}`,
    message: lines.length === 0 ? undefined : lines.join("\n"),
    fields: {
      Method: method,
      Route: route ?? "none",
      Status: status,
      ...(requestId === null ? {} : { "Request ID": requestId }),
    },
    blocks: summary?.stack ? [{ kind: "code", text: summary.stack }] : [],
    key: `request-failure ${matter}`,
    labels: { method, status: String(status), ...(route === null ? {} : { route }) },
  };
}

export const FAILURE_WORDING: Wording<RequestFailure> = { matterOf, notificationOf: failureNotification };
