/** Everything a notifier needs to know: options and environment joined (options win), defaulted and checked in one place. */
import type { WebhookLimits } from "../channel/discord-webhook/limits.ts";
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { type EnvironmentSettings, readEnvironment } from "../config/environment.ts";
import { type BanGuardPolicy, defineBanGuardPolicy } from "../delivery/ban-guard.ts";
import { type BreakerPolicy, defineBreakerPolicy } from "../delivery/breaker/breaker.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import { DEFAULT_FALLBACK_POLICY, type FallbackPolicy } from "../delivery/fallback.ts";
import { OVERFLOWS, type Overflow } from "../delivery/overflow.ts";
import { defineLocalLimit, type LocalLimit } from "../delivery/pacing/local-limit.ts";
import { defineRetryPolicy, type RetryPolicy } from "../delivery/retry/retry-policy.ts";
import { ConfigError } from "../errors/config-error.ts";
import { MORE_THAN_0, MORE_THAN_0_OR_INFINITE, rangeProblems, WHOLE_FROM_1 } from "../errors/ranges.ts";
import { DISCORD_LIMITS } from "../message/discord/limits.ts";
import { type NormaliseContext, normaliseNotification } from "../notification/normalise.ts";
import type { Notification, Severity } from "../notification/notification.ts";
import { DEFAULT_RECOVERY, RECOVERIES, type Recovery } from "../notification/recovery.ts";
import { openZone } from "../route/zone.ts";
import type { Store } from "../store/store.ts";
import { defineInhibition, type InhibitRule } from "../withhold/inhibition.ts";
import { defineMaintenance, type MaintenanceWindow } from "../withhold/maintenance.ts";
import type { BotParts } from "./destination-forms.ts";
import type { Destination, Wanted } from "./destinations.ts";
import { createConsoleLogger, createDiscreetLogger, type Logger } from "./logging.ts";
import { type ChangeableOptions, isSqliteFile, type NotifierOptions } from "./options.ts";
import { type DefinedRoute, defineRoutes } from "./route-options.ts";

/** Everything a notifier needs to know, complete and checked. */
export interface NotifierSettings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly enabled: boolean;
  readonly validateOnStart: boolean;
  readonly store: Store | null;
  /** Why there is no store although one was asked for. */
  readonly storeError: Error | null;
  readonly wanted: Wanted;
  readonly style: { readonly service: string; readonly username: string | null; readonly avatarUrl: string | null };
  readonly allowedHosts: readonly string[];
  readonly bot: BotParts;
  readonly limits: WebhookLimits;
  readonly localLimit: LocalLimit;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly banGuard: BanGuardPolicy;
  readonly fallback: FallbackPolicy;
  /** Of destinations that do not say themselves. */
  readonly recovery: Recovery;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly queueSize: number;
  readonly overflow: Overflow;
  readonly batching: boolean;
  readonly idempotencyWindowMs: number;
  /** For what is queued when the process ends; `null` for nothing of that kind. Milliseconds. */
  readonly flushOnExitMs: number | null;
  /** Makes a complete notification of what is passed to `notify()`. */
  readonly normalise: (input: unknown, context: NormaliseContext) => Notification;
  /** Of the times in routes, and of those in summaries. */
  readonly timeZone: string;
  readonly inhibit: readonly InhibitRule[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly tell: (event: DeliveryEvent) => void;
  /** Mistakes in the environment. */
  readonly problems: readonly string[];
}

const DEFAULTS = {
  service: "Tocsin",
  timeoutMs: 10_000,
  queueSize: 100,
  overflow: "digest",
  connections: 64,
  idempotencyWindowMs: 86_400_000,
  digestAfterMs: 300_000,
  flushOnExitMs: 2_000,
} as const;

/**
 * Joins options and environment (options win), fills in defaults and checks everything.
 *
 * @throws {@link ConfigError} `CONFIG_NOTIFIER`, `CONFIG_RETRY_POLICY`, `CONFIG_RATE_LIMIT`, `CONFIG_BREAKER`, `CONFIG_BAN_GUARD` or `CONFIG_ROUTES`, naming each bad option.
 */
export function defineNotifierOptions(options: NotifierOptions): NotifierSettings {
  const { settings: env, problems } = readEnvironment(options.env ?? process.env);
  const given = {
    timeoutMs: options.timeoutMs ?? env.timeoutMs ?? DEFAULTS.timeoutMs,
    queueSize: options.queueSize ?? env.queueSize ?? DEFAULTS.queueSize,
    overflow: options.overflow ?? DEFAULTS.overflow,
    connections: options.connections ?? DEFAULTS.connections,
    idempotencyWindowMs: options.idempotencyWindowMs ?? DEFAULTS.idempotencyWindowMs,
    divertAfterMs: options.divertAfterMs ?? DEFAULT_FALLBACK_POLICY.divertAfterMs,
    recovery: options.recovery ?? env.recovery ?? DEFAULT_RECOVERY,
  };
  const digestAfterMs = options.digestAfterMs ?? DEFAULTS.digestAfterMs;
  checkOptions({ ...given, digestAfterMs });
  const localLimit = defineLocalLimit({ ...present("limit", env.rateLimitPerMinute), ...options.rateLimit });
  const batching = options.batching ?? true;
  const routing = defineRouting(options);
  return {
    ...given,
    queueSize: boundOf(given, { localLimit, batching, digestAfterMs }),
    clock: options.clock ?? createSystemClock(),
    logger: options.logger === undefined ? createConsoleLogger(env.logLevel) : createDiscreetLogger(options.logger),
    enabled: options.enabled ?? env.enabled,
    batching,
    ...openStoreOf(options),
    validateOnStart: options.validateOnStart ?? true,
    wanted: { ...wantedDestinations(options, env), routes: routing.routes },
    timeZone: routing.timeZone,
    inhibit: routing.inhibit,
    maintenance: routing.maintenance,
    style: {
      service: options.service ?? DEFAULTS.service,
      username: options.username ?? null,
      avatarUrl: options.avatarUrl ?? null,
    },
    allowedHosts: options.allowedHosts ?? env.allowedHosts,
    bot: { token: env.botToken, channelId: env.monitorChannelId, apiUrl: env.apiUrl },
    limits: options.limits ?? {},
    localLimit,
    retry: defineRetryPolicy({ ...present("maxAttempts", env.maxAttempts), ...options.retry }),
    breaker: defineBreakerPolicy(options.breaker),
    banGuard: defineBanGuardPolicy(options.banGuard),
    fallback: { divertAfterMs: given.divertAfterMs },
    flushOnExitMs: flushOnExitOf(options),
    normalise: normaliseNotification,
    tell: options.onEvent ?? (() => {}),
    problems,
  };
}

function flushOnExitOf({ flushOnExit, thread = false }: NotifierOptions): number | null {
  const wanted = flushOnExit ?? thread;
  if (wanted === false) return null;
  const timeoutMs = wanted === true ? DEFAULTS.flushOnExitMs : (wanted.timeoutMs ?? DEFAULTS.flushOnExitMs);
  const problems = rangeProblems({ "flushOnExit.timeoutMs": timeoutMs }, { "flushOnExit.timeoutMs": MORE_THAN_0 });
  if (problems.length > 0) throw new ConfigError("CONFIG_NOTIFIER", problems);
  return timeoutMs;
}

function openStoreOf({ store }: NotifierOptions): Pick<NotifierSettings, "store" | "storeError"> {
  if (store === undefined) return { store: null, storeError: null };
  if (typeof store === "function") return openedBy(store);
  if (!isSqliteFile(store)) return { store, storeError: null };
  const remedy = "open it with openSqliteStore() of @tocsin/core/sqlite, or set thread: true";
  throw new ConfigError("CONFIG_NOTIFIER", [`store names a file, which only a thread opens by itself: ${remedy}`]);
}

/** A file that cannot be used must not keep the program from starting, nor its alerts from leaving; a mistake in the code must. */
function openedBy(open: () => Store): Pick<NotifierSettings, "store" | "storeError"> {
  try {
    return { store: open(), storeError: null };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return { store: null, storeError: error instanceof Error ? error : new Error(String(error)) };
  }
}

interface Checked extends FallbackPolicy {
  readonly timeoutMs: number;
  readonly queueSize: number;
  readonly connections: number;
  readonly idempotencyWindowMs: number;
  readonly digestAfterMs: number;
  readonly overflow: Overflow;
  readonly recovery: Recovery;
}

function checkOptions(given: Checked): void {
  const problems = rangeProblems(given, {
    timeoutMs: MORE_THAN_0,
    queueSize: WHOLE_FROM_1,
    connections: WHOLE_FROM_1,
    divertAfterMs: MORE_THAN_0_OR_INFINITE,
    idempotencyWindowMs: MORE_THAN_0_OR_INFINITE,
    digestAfterMs: MORE_THAN_0_OR_INFINITE,
  });
  const { overflow, recovery } = given;
  if (!OVERFLOWS.includes(overflow))
    problems.push(`overflow must be one of ${OVERFLOWS.join(", ")}, got ${JSON.stringify(overflow)}`);
  if (!RECOVERIES.includes(recovery))
    problems.push(`recovery must be one of ${RECOVERIES.join(", ")}, got ${JSON.stringify(recovery)}`);
  if (problems.length > 0) throw new ConfigError("CONFIG_NOTIFIER", problems);
}

export interface RoutingOptions extends Pick<NotifierSettings, "timeZone" | "inhibit" | "maintenance"> {
  readonly routes: readonly DefinedRoute[];
}

/** @throws {@link ConfigError} `CONFIG_ROUTES`, naming each mistake by its place */
export function defineRouting(options: ChangeableOptions): RoutingOptions {
  const { timeZone = localTimeZone() } = options;
  const { routes, problems: ofRoutes } = defineRoutes(options.routes ?? [], timeZone);
  const { rules: inhibit, problems: ofRules } = defineInhibition(options.inhibit ?? []);
  const { windows: maintenance, problems: ofWindows } = defineMaintenance(options.maintenance ?? []);
  const problems = [...ofRoutes, ...ofRules, ...ofWindows];
  if (openZone(timeZone) === null)
    problems.push(`timeZone: there is no ${JSON.stringify(timeZone)}; write an IANA name, e.g. Europe/Berlin, or UTC`);
  if (problems.length > 0) throw new ConfigError("CONFIG_ROUTES", problems);
  return { routes, timeZone, inhibit, maintenance };
}

function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** How many may wait: no more than the queue takes, and before a digest no more than the lane carries in time. */
function boundOf(
  { queueSize, overflow }: Pick<NotifierSettings, "queueSize" | "overflow">,
  pace: { readonly localLimit: LocalLimit; readonly batching: boolean; readonly digestAfterMs: number },
): number {
  if (overflow !== "digest") return queueSize;
  const { limit, intervalMs } = pace.localLimit;
  const carried = (pace.digestAfterMs / intervalMs) * limit * (pace.batching ? DISCORD_LIMITS.embeds : 1);
  return Math.min(queueSize, Math.max(1, Math.floor(carried)));
}

function wantedDestinations(options: NotifierOptions, env: EnvironmentSettings): Omit<Wanted, "routes"> {
  return {
    named: namedDestinations(options),
    // An empty string means "none", as in an empty variable.
    byDefault: options.webhookUrl === undefined ? env.webhookUrl : options.webhookUrl || null,
    fallback: options.fallback === undefined ? env.fallbackUrl : options.fallback || null,
    fallbacks: new Map<string, Destination>(given(options.fallbacks ?? {})),
    byType: new Map<string, Destination>([...monitorOf(env), ...env.webhooks, ...given(options.webhooks ?? {})]),
    bySeverity: new Map<Severity, Destination>([...env.severities, ...given(options.severities ?? {})]),
    variableOf: env.variableOf,
  };
}

export function namedDestinations({ destinations = {} }: ChangeableOptions): Wanted["named"] {
  return new Map(given(destinations));
}

/** A bot and its channel are there for what is monitored (E6), unless something else is named for that. */
function monitorOf({ botToken, monitorChannelId }: EnvironmentSettings): [string, Destination][] {
  return botToken === null || monitorChannelId === null ? [] : [["monitoring", "discord-bot:"]];
}

function given<Key extends string>(record: Readonly<Partial<Record<Key, Destination>>>): [Key, Destination][] {
  const entries = Object.entries<Destination | undefined>(record) as [Key, Destination | undefined][];
  return entries.filter((entry): entry is [Key, Destination] => Boolean(entry[1]));
}

function present<Key extends string>(key: Key, value: number | null): Partial<Record<Key, number>> {
  return value === null ? {} : ({ [key]: value } as Partial<Record<Key, number>>);
}
