/**
 * Lets a fault happen to a request.
 *
 * Upstream   the pipeline, with the handler's work still to be done.
 * Downstream http/outcome.ts, which does to the socket what is decided here.
 */
import type { Outcome } from "../http/outcome.ts";
import { type Reply, toLimitedReply, VIA, withBody } from "../http/reply.ts";
import { BUCKET_HASHES } from "../limit/limiter.ts";
import type { ArmedFault, FaultAction } from "./fault.ts";

export interface Struck {
  readonly version: number;
  readonly now: number;
  readonly isPost: boolean;
  readonly waits: boolean;
  /** Does the request's work, once, and says whether it succeeded. */
  readonly work: () => { readonly reply: Reply; readonly succeeded: boolean };
  /** Takes the webhook away, or gives it another token, and answers as Discord then does; null: there is no webhook. */
  readonly webhook: { readonly remove: () => Reply; readonly breakToken: () => Reply } | null;
}

/** Null when the fault turns out not to concern this request. */
export function strikeFault({ action, strike }: ArmedFault, struck: Struck): Outcome | null {
  if (action.kind === "lose" && (struck.waits || !struck.isPost)) return null;
  if ((action.kind === "delete-webhook" || action.kind === "break-token") && struck.webhook === null) return null;
  if (!("store" in action) || action.store !== "after") {
    strike();
    return outcomeBefore(action, struck);
  }
  const { reply, succeeded } = struck.work();
  if (!succeeded) return { kind: "reply", reply };
  strike();
  return outcomeAfter(action, reply);
}

type Storing = Extract<FaultAction, { store?: unknown }>;

function outcomeBefore(action: FaultAction, struck: Struck): Outcome {
  switch (action.kind) {
    case "status":
      return { kind: "reply", reply: statusReply(action), fault: action.kind };
    case "reset":
      return { kind: "reset" };
    case "stall":
      return {
        kind: "stall",
        ms: action.ms ?? null,
        phase: action.phase ?? "headers",
        proceed: () => struck.work().reply,
      };
    case "slow-body":
      return { kind: "slow-body", ms: action.ms, reply: struck.work().reply };
    case "rate-limit":
      return { kind: "reply", reply: limitReply(action, struck), fault: action.kind };
    case "lose":
      return { kind: "reply", reply: { status: 204, headers: VIA, body: "" }, fault: action.kind };
    case "delete-webhook":
      return { kind: "reply", reply: struck.webhook!.remove(), fault: action.kind };
    case "break-token":
      return { kind: "reply", reply: struck.webhook!.breakToken(), fault: action.kind };
  }
}

function outcomeAfter(action: Storing, reply: Reply): Outcome {
  switch (action.kind) {
    case "status":
      return { kind: "reply", reply: statusReply(action), fault: action.kind };
    case "reset":
      return { kind: "reset" };
    case "stall":
      return { kind: "stall", ms: action.ms ?? null, phase: action.phase ?? "headers", proceed: () => reply };
  }
}

const REASONS: Readonly<Record<number, string>> = Object.freeze({
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
});

function statusReply({ status, body = "json", retryAfterSeconds }: Extract<FaultAction, { kind: "status" }>): Reply {
  const title = `${status}: ${REASONS[status] ?? "Error"}`;
  const headers = [...VIA];
  if (retryAfterSeconds !== undefined) headers.push("Retry-After", String(retryAfterSeconds));
  switch (body) {
    case "json":
      return withBody({ status, headers, body: JSON.stringify({ message: title, code: 0 }) }, "application/json");
    case "html":
      return withBody(
        { status, headers, body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>` },
        "text/html; charset=UTF-8",
      );
    case "text":
      return withBody({ status, headers, body: title }, "text/plain");
    case "empty":
      return { status, headers: [...headers, "Content-Length", "0"], body: "" };
  }
}

function limitReply(action: Extract<FaultAction, { kind: "rate-limit" }>, { version, now }: Struck): Reply {
  const { retryAfterMs, scope = "user", bodyRetryAfterMs = retryAfterMs } = action;
  const bucket = {
    hash: BUCKET_HASHES.execute,
    limit: 5,
    remaining: action.remaining ?? 0,
    resetAfterMs: action.resetAfterMs ?? retryAfterMs,
  };
  const circumstances = { version, now, bucket: scope === "global" ? null : bucket };
  return toLimitedReply({ scope, retryAfterMs, bodyRetryAfterMs }, circumstances);
}
