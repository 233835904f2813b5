/**
 * Puts an answer into the words of an API version: status, headers, body.
 *
 * Upstream   the pipeline, with an answer or a refusal of the limiter.
 * Downstream the socket. Pure.
 *
 * Headers: https://docs.discord.com/developers/topics/rate-limits#header-format
 */
import { toErrorTree, toFlatErrors } from "../form/report.ts";
import type { BucketState, LimitScope } from "../limit/limiter.ts";
import type { Answer, Problem } from "./answer.ts";

export interface Reply {
  readonly status: number;
  /** Names and values in turn, as node:http takes them. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
  /** Which limit, or the block before the API, refused the request; left out when none did. */
  readonly limitedBy?: LimitScope | "edge";
}

/** What the real API's answers carry and the blocks at its edge do not. */
export const VIA: readonly string[] = Object.freeze(["Via", "1.1 google"]);
const JSON_TYPE = "application/json";

export interface Circumstances {
  /** 6 for the unversioned address. */
  readonly version: number;
  readonly now: number;
  readonly bucket: BucketState | null;
}

export function toReply(answer: Answer, circumstances: Circumstances): Reply {
  const headers = [...VIA, ...bucketHeaders(circumstances)];
  switch (answer.kind) {
    case "empty":
      return { status: 204, headers, body: "" };
    case "json":
      return withBody({ status: 200, headers, body: JSON.stringify(answer.value) }, JSON_TYPE);
    case "raw":
      return withBody({ status: answer.status, headers, body: answer.body }, answer.contentType);
    case "problem": {
      const { retryAfterMs } = answer.problem;
      if (retryAfterMs !== undefined) headers.push("Retry-After", toWait(retryAfterMs, circumstances.version).inHeader);
      const body = JSON.stringify(problemBody(answer.problem, circumstances.version));
      return withBody({ status: answer.problem.status, headers, body }, JSON_TYPE);
    }
  }
}

function problemBody({ code, message, errors, retryAfterMs }: Problem, version: number): unknown {
  if (retryAfterMs !== undefined)
    return { message, code, retry_after: toWait(retryAfterMs, version).inBody, global: false };
  if (errors === undefined) return { message, code };
  return version < 8 ? toFlatErrors(errors) : { message, code, errors: toErrorTree(errors) };
}

export interface Refusal {
  readonly scope: LimitScope;
  readonly retryAfterMs: number;
  /** In the body, where that disagrees with the header. */
  readonly bodyRetryAfterMs?: number;
}

/** Seconds from v8 on (whole ones in the header), milliseconds before (discord/discord-api-docs#2360). */
function toWait(waitMs: number, version: number): { readonly inHeader: string; readonly inBody: number } {
  const ms = Math.ceil(waitMs);
  if (version < 8) return { inHeader: String(ms), inBody: ms };
  return { inHeader: String(Math.ceil(ms / 1000)), inBody: ms / 1000 };
}

/** A 429 of the API itself. */
export function toLimitedReply(refusal: Refusal, circumstances: Circumstances): Reply {
  const { scope, retryAfterMs, bodyRetryAfterMs = retryAfterMs } = refusal;
  const body = {
    message: scope === "shared" ? "The resource is being rate limited." : "You are being rate limited.",
    retry_after: toWait(bodyRetryAfterMs, circumstances.version).inBody,
    global: scope === "global",
  };
  const headers = [
    ...VIA,
    ...bucketHeaders(circumstances),
    "Retry-After",
    toWait(retryAfterMs, circumstances.version).inHeader,
    "X-RateLimit-Scope",
    scope,
  ];
  if (scope === "global") headers.push("X-RateLimit-Global", "true");
  return { ...withBody({ status: 429, headers, body: JSON.stringify(body) }, JSON_TYPE), limitedBy: scope };
}

/** Adds the type and the length of the body. */
export function withBody({ status, headers, body }: Reply, contentType: string): Reply {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  return { status, headers: [...headers, "Content-Type", contentType, "Content-Length", String(length)], body };
}

function bucketHeaders({ bucket, now }: Circumstances): string[] {
  if (bucket === null) return [];
  return [
    "X-RateLimit-Limit",
    String(bucket.limit),
    "X-RateLimit-Remaining",
    String(bucket.remaining),
    "X-RateLimit-Reset",
    ((now + bucket.resetAfterMs) / 1000).toFixed(3),
    "X-RateLimit-Reset-After",
    (bucket.resetAfterMs / 1000).toFixed(3),
    "X-RateLimit-Bucket",
    bucket.hash,
  ];
}
