/**
 * What a failed request is told as. Nothing of it comes from bodies, cookies, authorization, paths or query values.
 *
 * Upstream the reporter. Downstream notification. Pure.
 */
import type { NotificationInput } from "../notification/notification.ts";
import { nameOf, storyOf } from "../preset/failure.ts";

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

/** How often the same has happened since it was last told. */
export interface Repeats {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** The matter of failures that are counted together because there are too many kinds of them. */
export const OTHERS = "others";

const MAX_MESSAGE_CHARS = 120;
/** Ids, numbers and quoted values differ between errors that are the same. */
const VARYING = /\b\w*\d[\w-]*|"[^"]*"|'[^']*'/g;

/** The same for failures of the same cause. Asks for no stack: making one costs more than everything else here. */
export function matterOf({ method, route, status, error }: RequestFailure): string {
  if (error === undefined) return `${method} ${route} ${status}`;
  const message = error instanceof Error ? error.message : error;
  const shape = typeof message === "string" ? message.slice(0, MAX_MESSAGE_CHARS).replace(VARYING, "#") : "";
  return `${method} ${route} ${status} ${nameOf(error)} ${shape}`;
}

export function failureNotification(
  failure: RequestFailure,
  matter: string,
  repeats: Repeats | null,
): NotificationInput {
  const { method, route, status, requestId, error } = failure;
  const story = error === undefined ? null : storyOf(error);
  const times = repeats === null || repeats.count === 1 ? "" : ` (×${repeats.count})`;
  const what = story === null ? `was answered with ${status}` : `failed: ${story.name}`;
  const lines = [repeats && sinceWhen(repeats), story?.message].filter(Boolean);
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
    blocks: story?.stack ? [{ kind: "code", text: story.stack }] : [],
    key: `request-failure ${matter}`,
    labels: { method, status: String(status), ...(route === null ? {} : { route }) },
  };
}

function sinceWhen({ count, since }: Repeats): string {
  const at = new Date(since).toISOString();
  return count === 1 ? `Once more since ${at}:` : `${count} times since ${at}, the last one:`;
}
