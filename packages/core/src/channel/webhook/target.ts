/**
 * Where a signed webhook is, and with what it is signed. Path and query may hold tokens of the receiver's, so people are shown the
 * `label`, never the rest.
 *
 * Pure. A mistake is an answer and not an exception, says what to do, and never repeats a secret.
 */
import { createHash } from "node:crypto";
import { hostAndPort, isAllowedHost } from "../http/allowed-hosts.ts";
import { literalQuery } from "../literal-query.ts";
import { isLoopback } from "../loopback.ts";
import { parseSecret } from "./signature.ts";

export interface SignedWebhookTarget {
  /** Scheme, host and port. */
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  /** Which one it is, for people and logs: its host. */
  readonly label: string;
  /** Tells destinations apart without naming anything of them. */
  readonly fingerprint: string;
  /** One or more. */
  readonly keys: readonly Buffer[];
  /** What no sentence may repeat. */
  readonly secrets: readonly string[];
}

export type SignedWebhookResult =
  | { readonly ok: true; readonly target: SignedWebhookTarget }
  /** Each goes on after "The webhook", without a full stop. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface SignedWebhookAddress {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly allowedHosts: readonly string[];
}

const EXAMPLE = "webhook+https://example.org/alerts?secret=whsec_…";
/** Shorter pieces of a path are words, not tokens. */
const TOKEN_CHARS = 8;

export function signedWebhookTarget({ url: text, secrets, allowedHosts }: SignedWebhookAddress): SignedWebhookResult {
  const url = URL.parse(text);
  const parsed = (secrets.length === 0 ? [""] : secrets).map(parseSecret);
  const problems = [
    url === null
      ? "has a URL that cannot be read: it should look like https://example.org/alerts"
      : problemOf(url, allowedHosts),
    ...parsed.map((one) => (one.ok ? null : `has a secret that ${one.problem}`)),
  ].filter((problem) => problem !== null);
  if (url === null || problems.length > 0) return { ok: false, problems };
  const { origin, pathname, search } = url;
  return {
    ok: true,
    target: {
      origin,
      path: `${pathname}${search}`,
      label: `webhook at ${url.host}`,
      fingerprint: createHash("sha256").update(`${origin}${pathname}${search}`).digest("hex").slice(0, 16),
      keys: parsed.flatMap((one) => (one.ok ? [one.key] : [])),
      secrets: [...secrets, ...secrets.map((secret) => secret.replace(/^whsec_/, "")), ...tokensOf(url)],
    },
  };
}

/**
 * Reads a destination of the form `webhook+https://<host>/<path>?secret=whsec_<base64>`; the rest of the query is the receiver's.
 * Several secrets sign together while one takes the other's place.
 */
export function parseSignedWebhookUrl(text: string, allowedHosts: readonly string[]): SignedWebhookResult {
  const url = URL.parse(text.replace(/^webhook\+/i, ""));
  if (url === null) return { ok: false, problems: [`is not a URL: it should look like ${EXAMPLE}`] };
  const secrets = literalQuery(url).getAll("secret");
  // As they are, and not as URLSearchParams would write them: the receiver may read them byte by byte.
  const rest = url.search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !/^secret(?:=|$)/.test(pair));
  url.search = rest.join("&");
  return signedWebhookTarget({ url: url.href, secrets, allowedHosts });
}

function problemOf(url: URL, allowedHosts: readonly string[]): string | null {
  const { protocol, username, password, hostname } = url;
  if (protocol !== "https:" && protocol !== "http:") return `starts with ${protocol}// where https:// is needed`;
  if (username !== "" || password !== "")
    return "has a user name before its host: take that out, requests are signed instead";
  if (protocol === "https:" || isLoopback(hostname) || isAllowedHost(url, allowedHosts)) return null;
  return `would reach ${hostAndPort(url)} over plain http, which anybody on the way can read: use https, or list that host in allowedHosts (DISCORD_ALLOWED_HOSTS)`;
}

/** As they are sent, and as a receiver reads them. */
function tokensOf({ pathname, search, searchParams }: URL): string[] {
  const pieces = [...pathname.split("/"), ...search.split(/[?&=]/), ...searchParams.values()];
  return pieces.filter((piece) => piece.length >= TOKEN_CHARS);
}
