/**
 * Reads what an answer says about limits and waits. Discord's figures are optional and now and then nonsense (limits of
 * 50,000 have been seen), so each is taken only if it can be true. Pure.
 *
 * https://docs.discord.com/developers/topics/rate-limits#header-format
 */
import type { IncomingHttpHeaders } from "node:http";
import type { LimitReport } from "../../delivery/channel.ts";
import { seconds, toMs, wholeNumber } from "../http/retry-after.ts";
import type { ApiError } from "./api-error.ts";

/** Webhooks are allowed a handful of requests in a few seconds; a limit beyond this describes something else. */
const PLAUSIBLE_LIMIT = 100;
/** A hash, opaque to us; anything longer would only fill reports. */
const BUCKET_NAME = /^[\w-]{1,64}$/;
/** Longer waits are known from Discord's own edge only. */
const FOREIGN_MAX_WAIT_S = 3_600;

/** `null` when the answer says nothing usable. */
export function limitReport(headers: IncomingHttpHeaders, poolKey: string | null = null): LimitReport | null {
  const limit = wholeNumber(headers["x-ratelimit-limit"]);
  const plausible = limit === null || (limit >= 1 && limit <= PLAUSIBLE_LIMIT);
  const remaining = plausible ? wholeNumber(headers["x-ratelimit-remaining"]) : null;
  const resetAfterS = plausible ? seconds(headers["x-ratelimit-reset-after"]) : null;
  if (limit === null && remaining === null && resetAfterS === null && poolKey === null) return null;
  const bucket = plausible ? bucketName(headers["x-ratelimit-bucket"]) : null;
  return { limit: plausible ? limit : null, remaining, resetAfterMs: toMs(resetAfterS), bucket, poolKey };
}

function bucketName(value: string | readonly string[] | undefined): string | null {
  const text = typeof value === "string" ? value : (value?.[0] ?? "");
  return BUCKET_NAME.test(text) ? text : null;
}

/** Whether the answer carries any of the headers of the API's own limits. */
export function hasLimitHeaders(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) if (name.startsWith("x-ratelimit-")) return true;
  return false;
}

/**
 * How long a 429 asks to wait: the longer of header and body, because each has been seen to be short. Without either, the
 * bucket's own reset if the bucket is used up.
 *
 * Version 6 of the API counts in milliseconds. Discord itself is always asked in version 10, so its figures are taken at
 * their word. Another host may pass on answers of version 6: there a figure is read as milliseconds when it is a thousand
 * times what `X-RateLimit-Reset-After` says (which is in seconds in every version), or would mean more than an hour. Too
 * short a wait costs one more 429; one that is a thousand times too long costs the alert.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, api: ApiError | null, official: boolean): number | null {
  const resetAfterS = seconds(headers["x-ratelimit-reset-after"]);
  const header = seconds(headers["retry-after"]);
  const body = seconds(api?.retryAfter);
  if (header === null && body === null) {
    return wholeNumber(headers["x-ratelimit-remaining"]) === 0 ? toMs(resetAfterS) : null;
  }
  const wait = Math.max(header ?? 0, body ?? 0);
  return !official && isMilliseconds(wait, resetAfterS) ? Math.ceil(wait) : toMs(wait);
}

function isMilliseconds(wait: number, resetAfterS: number | null): boolean {
  if (wait > FOREIGN_MAX_WAIT_S) return true;
  return resetAfterS !== null && wait >= 100 && Math.abs(wait - resetAfterS * 1_000) <= wait / 10;
}
