/**
 * Understands every form in which people paste a webhook's URL, and brings it into the one that is used: version 10 on
 * discord.com. A URL without a version would be answered by the API's version 6, whose errors and waits read differently.
 *
 * Upstream   configuration, which collects the problems.
 * Downstream the webhook channel, which gets a {@link WebhookTarget}.
 *
 * Pure. A mistake is an answer and not an exception, says what to do, and never repeats the token.
 */
import { hostAndPort, isAllowedHost } from "../http/allowed-hosts.ts";
import { unwrapped } from "../pasted.ts";
import { isDiscordHost } from "./discord-host.ts";
import { redactWebhookUrls } from "./redact.ts";
import { DISCORD_ORIGIN, type WebhookTarget } from "./target.ts";
import { readUrlParameters, type UrlParameters } from "./url-parameters.ts";

export type WebhookUrlResult =
  /** `notes`: what was left out, one sentence each. */
  | {
      readonly ok: true;
      readonly target: WebhookTarget;
      readonly parameters: UrlParameters;
      readonly notes: readonly string[];
    }
  /** `problem` goes on after "The webhook URL", without a full stop: what is wrong and what to do. */
  | { readonly ok: false; readonly problem: string };

export interface WebhookUrlOptions {
  /** Hosts beside Discord's own, as `host:port`; they may be reached over plain `http:` too. @defaultValue none */
  readonly allowedHosts?: readonly string[];
}

/** What the parts of a URL came to before they are checked. */
interface Pieces {
  readonly origin: string;
  /** What another host has before `/api`. */
  readonly prefix: string;
  readonly id: string;
  readonly token: string;
  readonly suffix: string;
  readonly query: URLSearchParams;
}

type Step<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const EXAMPLE = "https://discord.com/api/webhooks/<id>/<token>";
const WHERE_TO_COPY = "copy it in Discord under Edit Channel, Integrations, Webhooks, Copy Webhook URL";
const PATH = /^(?<prefix>.*?)\/api(?:\/v\d+)?\/webhooks(?:\/(?<id>[^/]*))?(?:\/(?<token>[^/]*))?(?<suffix>\/.*)?$/;
/** Discord counts ids in 64 bits: 20 digits at most. */
const SNOWFLAKE = /^\d{1,20}$/;
const TOKEN = /^[\w-]+$/;

/**
 * Parses and normalises a webhook URL: Discord's own with or without version and on any of its hosts, Apprise's
 * `discord://<id>/<token>`, Shoutrrr's `discord://<token>@<id>`, and URLs of listed hosts.
 */
export function parseWebhookUrl(input: string, { allowedHosts = [] }: WebhookUrlOptions = {}): WebhookUrlResult {
  const text = unwrapped(input);
  if (text === "") return no(`is empty: ${WHERE_TO_COPY}`);
  if (/\s/.test(text)) return no("contains a space or a line break: paste the URL alone, in one piece");
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  // A single word would be a host, of a URL that nobody meant.
  if (url === null || /^[^./:]+$/.test(text)) return no(`is not a URL: it should look like ${EXAMPLE}`);
  const pieces = url.protocol === "discord:" ? piecesOfShortForm(url) : piecesOfWebUrl(url, allowedHosts);
  return pieces.ok ? targetOf(pieces.value) : pieces;
}

function piecesOfWebUrl(url: URL, allowedHosts: readonly string[]): Step<Pieces> {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return no(`starts with ${url.protocol}// where https:// is needed: it should look like ${EXAMPLE}`);
  }
  const official = isDiscordHost(url);
  if (!official && !isAllowedHost(url, allowedHosts)) {
    return no(
      `points to ${shownHost(url)}, which is not Discord: use a URL of discord.com, or list that host in allowedHosts (DISCORD_ALLOWED_HOSTS)`,
    );
  }
  if (official && url.protocol === "http:") return no("starts with http://: Discord is reached over https:// only");
  if (url.username !== "" || url.password !== "") return no("has a user name before its host: take that out");
  const parts = PATH.exec(url.pathname)?.groups;
  if (parts === undefined || (official && parts["prefix"] !== "")) {
    return no(`is not the URL of a webhook: it should look like ${EXAMPLE}; ${WHERE_TO_COPY}`);
  }
  const { prefix = "", id = "", token = "", suffix = "" } = parts;
  return yes({ origin: official ? DISCORD_ORIGIN : url.origin, prefix, id, token, suffix, query: url.searchParams });
}

/** Apprise writes `discord://[name@]<id>/<token>`, Shoutrrr `discord://<token>@<id>[/raw]`. */
function piecesOfShortForm(url: URL): Step<Pieces> {
  const [, first = "", ...rest] = url.pathname.split("/");
  const common = { origin: DISCORD_ORIGIN, prefix: "", id: url.hostname, query: url.searchParams };
  const isShoutrrr = first === "" || first === "raw";
  if (isShoutrrr) return yes({ ...common, token: url.username, suffix: "" });
  return yes({ ...common, token: first, suffix: rest.length > 0 ? `/${rest.join("/")}` : "" });
}

function targetOf({ origin, prefix, id, token, suffix, query }: Pieces): WebhookUrlResult {
  if (id === "") return no(`has no id: it should look like ${EXAMPLE}`);
  if (!SNOWFLAKE.test(id)) return no(`has an id that is not a number: it should look like ${EXAMPLE}`);
  if (token === "") return no(`has no token after the id: it was cut off; ${WHERE_TO_COPY}`);
  if (!TOKEN.test(token)) return no(`has characters in its token that no token has: ${WHERE_TO_COPY}`);
  const dialect = /^\/(slack|github)?\/?$/.exec(suffix === "" ? "/" : suffix);
  if (dialect === null) return no(`goes on after the token: it should look like ${EXAMPLE}`);
  // Apprise calls it `thread`.
  const threadId = query.get("thread_id") || query.get("thread") || null;
  if (threadId !== null && !SNOWFLAKE.test(threadId))
    return no("has a thread_id that is not a number: copy the thread's id");
  const { notes: parameterNotes, ...parameters } = readUrlParameters(query);
  const notes = [...parameterNotes];
  if (dialect[1] !== undefined)
    notes.push(`/${dialect[1]} at the end of the webhook URL was left out: messages are sent in Discord's own form`);
  if (query.has("thread_name"))
    notes.push("thread_name in the webhook URL was left out: name an existing thread with thread_id");
  const label = [
    `Discord webhook ${id}`,
    threadId === null ? "" : ` thread ${threadId}`,
    origin === DISCORD_ORIGIN ? "" : ` at ${new URL(origin).host}`,
  ].join("");
  return {
    ok: true,
    target: { id, token, threadId, origin, path: `${prefix}/api/v10/webhooks/${id}/${token}`, label },
    parameters,
    notes,
  };
}

/** What is too long for a name in DNS is a token in the wrong place. */
function shownHost(url: URL): string {
  return url.hostname.split(".").some((label) => label.length > 63) ? "a host" : hostAndPort(url);
}

function yes<T>(value: T): Step<T> {
  return { ok: true, value };
}

function no(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: redactWebhookUrls(problem) };
}
