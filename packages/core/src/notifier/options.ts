/** The options of `createNotifier`, documented. settings.ts joins them with the environment, fills in defaults and checks them. */
import type { WebhookLimits } from "../channel/discord-webhook/limits.ts";
import type { Clock } from "../clock/clock.ts";
import type { Environment } from "../config/environment.ts";
import type { BanGuardPolicy } from "../delivery/ban-guard.ts";
import type { BreakerPolicy } from "../delivery/breaker/breaker.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { Overflow } from "../delivery/overflow.ts";
import type { LocalLimit } from "../delivery/pacing/local-limit.ts";
import type { RetryPolicy } from "../delivery/retry/retry-policy.ts";
import type { AlertType, Severity } from "../notification/notification.ts";
import type { Recovery } from "../notification/recovery.ts";
import type { Store } from "../store/store.ts";
import type { InhibitOptions } from "../withhold/inhibition.ts";
import type { MaintenanceOptions } from "../withhold/maintenance.ts";
import type { Destination } from "./destinations.ts";
import type { Logger } from "./logging.ts";
import type { RouteOptions } from "./route-options.ts";

/** A file for the store of a notifier with `thread: true`. The other settings are those of `openSqliteStore()`. */
export interface SqliteFile {
  /** Path of the file. */
  readonly sqlite: string;
  /** How long a notification is kept after its creation. More than 0; `Infinity` for ever. @defaultValue 604_800_000 (7 days) */
  readonly keepMs?: number;
  /** Folder for what leaves the database; `null` for none. @defaultValue `<name of the file>.archive` beside it */
  readonly archiveFolder?: string | null;
}

export function isSqliteFile(store: NonNullable<NotifierOptions["store"]>): store is SqliteFile {
  return "sqlite" in store;
}

/** What `reconfigure()` can change while the notifier runs. */
export type ChangeableOptions = Pick<
  NotifierOptions,
  "destinations" | "routes" | "inhibit" | "maintenance" | "timeZone"
>;

export interface NotifierOptions {
  /**
   * Whether store, queue and sending run in a worker thread (docs/threads.md): a notification costs your program one message, and sending goes on
   * while your event loop is busy. All other options have to be plain data then: destinations as text, the store as
   * {@link SqliteFile}, no `clock`. @defaultValue false
   */
  readonly thread?: boolean;
  /** Environment variables, for settings that no option sets. @defaultValue process.env */
  readonly env?: Environment;
  /** Name of the program, shown in footers. @defaultValue "Tocsin" */
  readonly service?: string;
  /**
   * Where accepted notifications, history and dead letters are kept, e.g. `openSqliteStore()` of `@tocsin/core/sqlite`. The notifier
   * closes it. As a function, `() => openSqliteStore(…)`, it may fail: then the notifier goes on in memory, and says so in the log and in
   * `status()`. With `thread: true` the name of a file, `{ sqlite: "alerts.db" }`. @defaultValue memory: a crash loses what is queued
   */
  readonly store?: Store | (() => Store) | SqliteFile;
  /** Default destination, for types without one of their own. @defaultValue `DISCORD_WEBHOOK_URL` */
  readonly webhookUrl?: Destination;
  /** Destination by alert type. @defaultValue `DISCORD_WEBHOOK_<TYPE>` */
  readonly webhooks?: Readonly<Partial<Record<AlertType, Destination>>>;
  /** Destination by severity; takes precedence over that of the type. @defaultValue `DISCORD_WEBHOOK_SEVERITY_<SEVERITY>` */
  readonly severities?: Readonly<Partial<Record<Severity, Destination>>>;
  /** Named destinations, for `routes` and for notifications that name one. @defaultValue none */
  readonly destinations?: Readonly<Record<string, Destination>>;
  /**
   * Routes, tried in this order. What no route takes goes by severity and type, as above.
   * @defaultValue none
   */
  readonly routes?: readonly RouteOptions[];
  /** Inhibition: alerts that are folded under others while those fire, such as devices under their gateway. @defaultValue none */
  readonly inhibit?: readonly InhibitOptions[];
  /** Maintenance windows, in which matching notifications are withheld. @defaultValue none */
  readonly maintenance?: readonly MaintenanceOptions[];
  /** Time zone of times in routes that name none: an IANA name, e.g. `Europe/Berlin`. @defaultValue the machine's */
  readonly timeZone?: string;
  /**
   * Destination that takes over when another is disabled, out of reach for long, or has failed a message for good.
   * @defaultValue `DISCORD_WEBHOOK_FALLBACK`, else none
   */
  readonly fallback?: Destination;
  /** Fallbacks by alert type (`default` for the default destination); they take precedence over `fallback`. @defaultValue none */
  readonly fallbacks?: Readonly<Partial<Record<AlertType, Destination>>>;
  /**
   * How the end of a matter (`key`, `phase`) is told where its beginning stands: in a message of its own (`new`), by changing the first one
   * (`edit`, which notifies nobody), in one that points at it (`answer`), or `both`. A webhook's URL may say it for itself: `?recovery=both`.
   * @defaultValue `DISCORD_RECOVERY`, else "new"
   */
  readonly recovery?: Recovery;
  /** How long a destination may be out of reach before its fallback takes over. Milliseconds, more than 0. @defaultValue 300_000 */
  readonly divertAfterMs?: number;
  /** Hosts beside Discord's own that webhooks may point to, as `host:port`. @defaultValue `DISCORD_ALLOWED_HOSTS` */
  readonly allowedHosts?: readonly string[];
  /** User name that messages appear under. @defaultValue the webhook's own */
  readonly username?: string;
  /** Avatar that messages appear with. @defaultValue the webhook's own */
  readonly avatarUrl?: string;
  /** Your own limit per destination. @defaultValue 30 per minute (`DISCORD_RATE_LIMIT`), sliding window */
  readonly rateLimit?: Partial<LocalLimit>;
  /** Start values of Discord's limits; `null` lifts one. What its answers say wins. @defaultValue 5 per 2 s, 30 per 60 s, 50 per 1 s */
  readonly limits?: WebhookLimits;
  /** How failed attempts are repeated. @defaultValue 3 attempts (`DISCORD_RETRY_ATTEMPTS`), the first wait 1 s, each the double of the last */
  readonly retry?: Partial<RetryPolicy>;
  /** Circuit breaker of each destination. @defaultValue opens for 60 s after 5 failures in a row */
  readonly breaker?: Partial<BreakerPolicy>;
  /** Guard against a ban by Discord for too many invalid requests. @defaultValue slows from 1_000 in 10 minutes on, stops at 5_000 */
  readonly banGuard?: Partial<BanGuardPolicy>;
  /** For one request: connecting, sending and reading the answer. Milliseconds, more than 0. @defaultValue 10_000 (`DISCORD_TIMEOUT_SECONDS`) */
  readonly timeoutMs?: number;
  /** Notifications that may wait per destination. Whole number, 1 or more. @defaultValue 100 (`DISCORD_QUEUE_SIZE`) */
  readonly queueSize?: number;
  /** What happens when more comes than may wait. @defaultValue "digest": told in one message with the full list, so that nothing is lost */
  readonly overflow?: Overflow;
  /** Whether notifications that wait for the same destination may share a message, each in its own embed. @defaultValue true */
  readonly batching?: boolean;
  /**
   * How long an `idempotencyKey` gets the first receipt back: with a durable store also after a restart, as long as that keeps the
   * notification (7 days by default). Milliseconds, more than 0. @defaultValue 86_400_000 (a day)
   */
  readonly idempotencyWindowMs?: number;
  /**
   * Whether what is queued is sent before the process ends, however it ends: by `process.exit()`, an uncaught exception, SIGTERM or
   * SIGINT, or with nothing left to do (docs/threads.md). Takes at most `timeoutMs`, 2,000 by default; exit code and signal stay what they are,
   * and handlers of your own decide. @defaultValue true with `thread: true`, otherwise false
   */
  readonly flushOnExit?: boolean | { readonly timeoutMs?: number };
  /** Whether anything is sent at all. @defaultValue true (`DISCORD_NOTIFICATIONS_ENABLED`) */
  readonly enabled?: boolean;
  /** Whether destinations are checked at the start, without posting. @defaultValue true */
  readonly validateOnStart?: boolean;
  /** Called for everything that happens to notifications and destinations. What it throws is ignored. @defaultValue none */
  readonly onEvent?: (event: DeliveryEvent) => void;
  /** @defaultValue the console, from `LOG_LEVEL` up */
  readonly logger?: Logger;
  /**
   * With `overflow: "digest"`: what waits for longer than this at the destination's own rate is told in a digest even when the queue
   * is not full. Milliseconds, more than 0. @defaultValue 300_000
   */
  readonly digestAfterMs?: number;
  /** Connections per host. Whole number, 1 or more. @defaultValue 64 */
  readonly connections?: number;
  /** Time and random numbers, to be replaced in tests. @defaultValue the machine's */
  readonly clock?: Clock;
}
