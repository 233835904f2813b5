/**
 * The environment, read and checked in one place. A mistake never stops a program: the setting falls back to its
 * default, and the mistake is listed with its variable and what to do.
 *
 * Pure: an object of strings in, settings and problems out.
 */
import { ALERT_TYPES, SEVERITIES, type Severity } from "../notification/notification.ts";
import { RECOVERIES, type Recovery } from "../notification/recovery.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface EnvironmentSettings {
  /** `DISCORD_NOTIFICATIONS_ENABLED`. @defaultValue true */
  readonly enabled: boolean;
  /** `DISCORD_WEBHOOK_URL`: for types without one of their own. */
  readonly webhookUrl: string | null;
  /** `DISCORD_WEBHOOK_FALLBACK`: takes over when another destination cannot deliver. */
  readonly fallbackUrl: string | null;
  /** `DISCORD_WEBHOOK_<TYPE>`, keyed by type in lower case; `ERRORS` is the type `error`. */
  readonly webhooks: ReadonlyMap<string, string>;
  /** `DISCORD_WEBHOOK_SEVERITY_<SEVERITY>`. */
  readonly severities: ReadonlyMap<Severity, string>;
  /** The variable that each of these webhooks stands in, by the webhook's URL; the first of several. */
  readonly variableOf: ReadonlyMap<string, string>;
  /** `DISCORD_BOT_TOKEN`. */
  readonly botToken: string | null;
  /** `DISCORD_MONITOR_CHANNEL_ID`: where the bot posts and answers. */
  readonly monitorChannelId: string | null;
  /** `DISCORD_BOT_ROLES`: ids, comma-separated, whose members may act on alerts. */
  readonly botRoles: readonly string[];
  /** `DISCORD_PUBLIC_KEY`: of the application, for interactions over HTTP. */
  readonly publicKey: string | null;
  /** `DISCORD_API_URL`: of Discord's API, for the bot. */
  readonly apiUrl: string | null;
  /** `DISCORD_ALLOWED_HOSTS`: `host:port`, comma-separated. */
  readonly allowedHosts: readonly string[];
  /** `DISCORD_RATE_LIMIT`: messages per minute and destination. */
  readonly rateLimitPerMinute: number | null;
  /** `DISCORD_RETRY_ATTEMPTS`. */
  readonly maxAttempts: number | null;
  /** `DISCORD_TIMEOUT_SECONDS`, in milliseconds. */
  readonly timeoutMs: number | null;
  /** `DISCORD_QUEUE_SIZE`. */
  readonly queueSize: number | null;
  /** `DISCORD_RECOVERY`: how the end of a matter is told. */
  readonly recovery: Recovery | null;
  /** `LOG_LEVEL`. @defaultValue "info" */
  readonly logLevel: LogLevel;
}

export interface EnvironmentReading {
  readonly settings: EnvironmentSettings;
  /** One sentence per mistake, starting with the variable's name. */
  readonly problems: readonly string[];
}

const TYPE_PREFIX = "DISCORD_WEBHOOK_";
const SEVERITY_PREFIX = "DISCORD_WEBHOOK_SEVERITY_";
const NOT_A_TYPE = ["DISCORD_WEBHOOK_URL", "DISCORD_WEBHOOK_FALLBACK"];
const TRUE_WORDS = ["true", "1", "yes", "on"];
const FALSE_WORDS = ["false", "0", "no", "off"];

export function readEnvironment(env: Environment): EnvironmentReading {
  const problems: string[] = [];
  const numberOf = createNumberReader(env, problems);
  const timeoutSeconds = numberOf("DISCORD_TIMEOUT_SECONDS", { min: 0.1, max: 300, whole: false });
  const settings: EnvironmentSettings = {
    enabled: readFlag(env, "DISCORD_NOTIFICATIONS_ENABLED", problems) ?? true,
    webhookUrl: textOf(env["DISCORD_WEBHOOK_URL"]),
    fallbackUrl: textOf(env["DISCORD_WEBHOOK_FALLBACK"]),
    ...readWebhooks(env, problems),
    botToken: textOf(env["DISCORD_BOT_TOKEN"]),
    monitorChannelId: textOf(env["DISCORD_MONITOR_CHANNEL_ID"]),
    botRoles: listOf(env["DISCORD_BOT_ROLES"]),
    publicKey: textOf(env["DISCORD_PUBLIC_KEY"]),
    apiUrl: textOf(env["DISCORD_API_URL"]),
    allowedHosts: readHosts(env, problems),
    rateLimitPerMinute: numberOf("DISCORD_RATE_LIMIT", { min: 1, max: 100_000, whole: true }),
    maxAttempts: numberOf("DISCORD_RETRY_ATTEMPTS", { min: 1, max: 100, whole: true }),
    timeoutMs: timeoutSeconds === null ? null : timeoutSeconds * 1_000,
    queueSize: numberOf("DISCORD_QUEUE_SIZE", { min: 1, max: 10_000_000, whole: true }),
    recovery: readRecovery(env, problems),
    logLevel: readLogLevel(env, problems),
  };
  return { settings, problems };
}

function readWebhooks(
  env: Environment,
  problems: string[],
): Pick<EnvironmentSettings, "webhooks" | "severities" | "variableOf"> {
  const webhooks = new Map<string, string>();
  const severities = new Map<Severity, string>();
  const variableOf = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const url = textOf(value);
    if (url === null || !name.startsWith(TYPE_PREFIX)) continue;
    const severity = name.startsWith(SEVERITY_PREFIX) ? name.slice(SEVERITY_PREFIX.length).toLowerCase() : null;
    if (severity !== null && !isSeverity(severity)) {
      problems.push(`${name} names no severity: use one of ${SEVERITIES.join(", ").toUpperCase()}`);
      continue;
    }
    if (severity !== null) severities.set(severity, url);
    else if (!NOT_A_TYPE.includes(name)) webhooks.set(typeOf(name.slice(TYPE_PREFIX.length)), url);
    if (!variableOf.has(url)) variableOf.set(url, name);
  }
  return { webhooks, severities, variableOf };
}

/** `ERRORS` → `error`; a known type in the plural is that type, any other name stays as it is. */
function typeOf(suffix: string): string {
  const name = suffix.toLowerCase();
  return ALERT_TYPES.find((type) => name === `${type}s`) ?? name;
}

function isSeverity(text: string): text is Severity {
  return SEVERITIES.some((severity) => severity === text);
}

function readHosts(env: Environment, problems: string[]): readonly string[] {
  return listOf(env["DISCORD_ALLOWED_HOSTS"]).filter((host) => {
    const ok = URL.canParse(`http://${host}`) && !/[/\s@]/.test(host);
    if (!ok) problems.push(`DISCORD_ALLOWED_HOSTS lists ${JSON.stringify(host)}: write host:port, without http://`);
    return ok;
  });
}

function listOf(value: string | undefined): readonly string[] {
  const items = (value ?? "").split(",").map((item) => item.trim());
  return items.filter((item) => item !== "");
}

function readFlag(env: Environment, name: string, problems: string[]): boolean | null {
  const text = textOf(env[name])?.toLowerCase();
  if (text === undefined) return null;
  if (TRUE_WORDS.includes(text)) return true;
  if (FALSE_WORDS.includes(text)) return false;
  problems.push(`${name} is ${JSON.stringify(text)}: write true or false`);
  return null;
}

function readRecovery(env: Environment, problems: string[]): Recovery | null {
  const text = textOf(env["DISCORD_RECOVERY"])?.toLowerCase();
  const recovery = RECOVERIES.find((known) => known === text) ?? null;
  if (text !== undefined && recovery === null)
    problems.push(`DISCORD_RECOVERY is ${JSON.stringify(text)}: use one of ${RECOVERIES.join(", ")}`);
  return recovery;
}

function readLogLevel(env: Environment, problems: string[]): LogLevel {
  const text = textOf(env["LOG_LEVEL"])?.toLowerCase();
  if (text === undefined) return "info";
  // The names that other systems use for the same.
  const alias: Readonly<Record<string, LogLevel>> = {
    trace: "debug",
    warning: "warn",
    critical: "error",
    fatal: "error",
  };
  const level = LOG_LEVELS.find((known) => known === text) ?? alias[text];
  if (level !== undefined) return level;
  problems.push(`LOG_LEVEL is ${JSON.stringify(text)}: use one of ${LOG_LEVELS.join(", ")}`);
  return "info";
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

function createNumberReader(env: Environment, problems: string[]) {
  return (name: string, { min, max, whole }: NumberRange): number | null => {
    const text = textOf(env[name]);
    if (text === null) return null;
    const value = Number(text);
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    problems.push(`${name} is ${JSON.stringify(text)}: write a ${whole ? "whole " : ""}number from ${min} to ${max}`);
    return null;
  };
}

/** An empty variable counts as unset: that is what `NAME=` in a file means. */
function textOf(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}
