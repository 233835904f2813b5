/**
 * Whether options are of the kind that they should be, for programs that no compiler has looked at: a text where true or false is
 * expected would be taken for true, and an option with a slip in its name would be taken for none.
 *
 * No value is repeated: it may be a webhook's URL. Pure.
 */
import { DEFAULT_WEBHOOK_LIMITS } from "../channel/discord-webhook/limits.ts";
import { DEFAULT_BAN_GUARD_POLICY } from "../delivery/ban-guard.ts";
import { DEFAULT_BREAKER_POLICY } from "../delivery/breaker/breaker.ts";
import { DEFAULT_LOCAL_LIMIT } from "../delivery/pacing/local-limit.ts";
import { DEFAULT_RETRY_POLICY } from "../delivery/retry/retry-policy.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { NotifierOptions } from "./options.ts";

/** What an option has to be, in words and as a test. */
interface Kind {
  readonly wanted: string;
  readonly has: (value: unknown) => boolean;
  /** Names of what is in it, where others would be slips. */
  readonly names?: readonly string[];
}

const TEXT: Kind = { wanted: "a text", has: (value) => typeof value === "string" };
const FLAG: Kind = { wanted: "true or false", has: (value) => typeof value === "boolean" };
const NUMBER: Kind = { wanted: "a number", has: (value) => typeof value === "number" };
const FUNCTION: Kind = { wanted: "a function", has: (value) => typeof value === "function" };
const OBJECT: Kind = { wanted: "an object", has: isObject };
const LIST: Kind = { wanted: "a list", has: Array.isArray };
const TEXTS: Kind = { wanted: "a list of texts", has: (value) => Array.isArray(value) && value.every(TEXT.has) };
const DESTINATION: Kind = { wanted: "a URL as text, or a channel", has: isDestination };
const DESTINATIONS: Kind = {
  wanted: "an object of URLs as text, or of channels",
  has: (value) => isObject(value) && Object.values(value).every((one) => isMissing(one) || isDestination(one)),
};
const STORE: Kind = {
  wanted: "a store, a function that opens one, or { sqlite: file }",
  has: (value) => isObject(value) || typeof value === "function",
};
const RETRY = policyLike(DEFAULT_RETRY_POLICY);
const BREAKER = policyLike(DEFAULT_BREAKER_POLICY);
const BAN_GUARD = policyLike(DEFAULT_BAN_GUARD_POLICY);
const RATE_LIMIT = policyLike({ ...DEFAULT_LOCAL_LIMIT, burst: DEFAULT_LOCAL_LIMIT.limit });
const LIMITS = policyLike(DEFAULT_WEBHOOK_LIMITS);
const CLOCK: Kind = { wanted: "a clock", has: (value) => canDo(value, ["now", "sleep"]) };
const FLUSH: Kind = { wanted: "true, false or { timeoutMs }", has: (value) => FLAG.has(value) || isObject(value) };

const KINDS = {
  thread: FLAG,
  env: OBJECT,
  service: TEXT,
  store: STORE,
  webhookUrl: DESTINATION,
  webhooks: DESTINATIONS,
  severities: DESTINATIONS,
  destinations: DESTINATIONS,
  routes: LIST,
  inhibit: LIST,
  maintenance: LIST,
  timeZone: TEXT,
  fallback: DESTINATION,
  fallbacks: DESTINATIONS,
  recovery: TEXT,
  divertAfterMs: NUMBER,
  allowedHosts: TEXTS,
  username: TEXT,
  avatarUrl: TEXT,
  rateLimit: RATE_LIMIT,
  limits: LIMITS,
  retry: RETRY,
  breaker: BREAKER,
  banGuard: BAN_GUARD,
  timeoutMs: NUMBER,
  queueSize: NUMBER,
  overflow: TEXT,
  batching: FLAG,
  idempotencyWindowMs: NUMBER,
  flushOnExit: FLUSH,
  enabled: FLAG,
  validateOnStart: FLAG,
  onEvent: FUNCTION,
  // One without methods is no reason to fail: it is made do with.
  logger: OBJECT,
  digestAfterMs: NUMBER,
  connections: NUMBER,
  clock: CLOCK,
} as const satisfies Readonly<Record<keyof NotifierOptions, Kind>>;

/** `null` counts as left out. @throws {@link ConfigError} `CONFIG_NOTIFIER`, naming each option */
export function checkOptionTypes(options: unknown): void {
  const problems = isObject(options)
    ? Object.entries(options).flatMap(([name, value]) => problemOf(name, value))
    : [`the options must be an object, got ${kindOf(options)}`];
  if (problems.length > 0) throw new ConfigError("CONFIG_NOTIFIER", problems);
}

function problemOf(name: string, value: unknown): readonly string[] {
  if (isMissing(value)) return [];
  const kind: Kind | undefined = Object.hasOwn(KINDS, name) ? KINDS[name as keyof typeof KINDS] : undefined;
  if (kind === undefined) return [`${name} is no option${meant(name)}`];
  if (!kind.has(value)) return [`${name} must be ${kind.wanted}, got ${kindOf(value)}`];
  const { names } = kind;
  const unknown = names === undefined ? [] : Object.keys(value as object).filter((one) => !names.includes(one));
  return unknown.map((one) => `${name}.${one} is no option: ${name} has ${names?.join(", ")}`);
}

/** An object with some or all of the names that this one has. */
function policyLike(whole: object): Kind {
  return { ...OBJECT, names: Object.keys(whole) };
}

/** Most slips are of case, or of a letter that is missing, too many or another. */
function meant(name: string): string {
  const near = Object.keys(KINDS).find((known) => isNear(known.toLowerCase(), name.toLowerCase()));
  return near === undefined ? "" : `: did you mean ${near}?`;
}

function isNear(a: string, b: string): boolean {
  const start = [...a].findIndex((letter, at) => letter !== b[at]);
  const from = start === -1 ? Math.min(a.length, b.length) : start;
  const [restA, restB] = [a.slice(from), b.slice(from)];
  const isOneOff = [restA.slice(1) === restB.slice(1), restA.slice(1) === restB, restA === restB.slice(1)];
  return Math.max(a.length, b.length) > 3 && isOneOff.includes(true);
}

function kindOf(value: unknown): string {
  if (isMissing(value)) return "nothing";
  if (typeof value === "string") return "a text";
  if (Array.isArray(value)) return "a list";
  if (value instanceof URL) return "a URL object: write its href";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDestination(value: unknown): boolean {
  return typeof value === "string" || (canDo(value, ["send"]) && "limits" in value);
}

function canDo(value: unknown, names: readonly string[]): value is object {
  return isObject(value) && names.every((name) => typeof value[name] === "function");
}
