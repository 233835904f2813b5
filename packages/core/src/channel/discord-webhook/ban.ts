/**
 * Recognises answers that do not come from Discord's API but from the edge in front of it, which has shut this address or
 * this program out. Taking them for an ordinary limit, or for a fault of one webhook, would go on asking and lengthen the ban.
 *
 * Both 403 forms concern the User-Agent. They are a ban and not a wrong destination: they say nothing about the webhook,
 * every webhook would get the same answer, and disabling one webhook after the other would leave none when the cause is cured.
 *
 * The API's own answers come with `Via: 1.1 google`; those of the edge do not. Pure.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { ApiError } from "./api-error.ts";
import { hasLimitHeaders } from "./limit-headers.ts";

export interface Ban {
  readonly code: string;
  readonly message: string;
}

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `null` when the body is not JSON. */
  readonly api: ApiError | null;
  /** Whether Discord itself was asked, and not a host that may stand in front of it. */
  readonly official: boolean;
}

const ADDRESS_BANNED =
  "Discord has shut out this network address because of too many refused requests: nothing is sent until the ban ends.";
const AGENT_BANNED =
  "Discord's edge refuses this program's User-Agent: set one of the form DiscordBot (https://example.org, 1.0).";
/** Cloudflare names its reason as a four-digit number in text and HTML alike. */
const CLOUDFLARE_REASON = /\b(?:error(?: code:?)?|code)\W{0,3}(1\d{3})\b/i;
/** Its reason for "you are being rate limited", which Discord uses for bans. */
const RATE_BAN = /\b1015\b/;
const SEARCHED_BYTES = 16_384;

/** `null` when the answer is no ban. */
export function banOf(answer: EdgeAnswer): Ban | null {
  if (answer.status === 429) return banOf429(answer);
  if (answer.status === 403) return banOf403(answer);
  return null;
}

function banOf429(answer: EdgeAnswer): Ban | null {
  const { headers, api, official } = answer;
  if (api === null) {
    if (RATE_BAN.test(startOf(answer))) return { code: "banned-1015", message: ADDRESS_BANNED };
    const fromEdge = headers.via === undefined && (official || isCloudflare(headers));
    return fromEdge ? { code: "banned-edge", message: ADDRESS_BANNED } : null;
  }
  // The static answer of the edge: JSON like the API's, but without any figure.
  const saysNothing = api.retryAfter === null && headers["retry-after"] === undefined && !hasLimitHeaders(headers);
  return saysNothing && !api.code ? { code: "banned-blocked", message: ADDRESS_BANNED } : null;
}

function banOf403(answer: EdgeAnswer): Ban | null {
  const { headers, api } = answer;
  if (api !== null) return api.code === 40333 ? { code: "banned-user-agent", message: AGENT_BANNED } : null;
  const reason = CLOUDFLARE_REASON.exec(startOf(answer))?.[1] ?? null;
  if (reason === "1010") return { code: "banned-user-agent", message: AGENT_BANNED };
  if (reason !== null) return { code: `banned-${reason}`, message: ADDRESS_BANNED };
  return isCloudflare(headers) ? { code: "banned-edge", message: ADDRESS_BANNED } : null;
}

function startOf({ body }: EdgeAnswer): string {
  return body.toString("latin1", 0, SEARCHED_BYTES);
}

function isCloudflare(headers: IncomingHttpHeaders): boolean {
  return headers["cf-ray"] !== undefined || String(headers.server).toLowerCase().includes("cloudflare");
}
