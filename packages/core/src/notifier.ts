/**
 * The door that applications use: `createNotifier()`, `notify()`, `send()`, `flush()`, `close()`.
 *
 * Mistakes of the programmer (an option out of range) throw here, at construction. Mistakes of the environment, and everything
 * that happens later, never throw: they are logged, listed in `problems`, and told in results.
 */
import { createDiscordTransport, type DiscordTransport } from "./channel/discord-webhook/transport.ts";
import { createIdSource } from "./clock/id.ts";
import type { ChannelCheck } from "./delivery/channel.ts";
import { DeliveryEngine } from "./delivery/engine.ts";
import type { DeliveryEvent } from "./delivery/events.ts";
import type { Enqueued } from "./delivery/intake.ts";
import type { LaneStatus } from "./delivery/lane/status.ts";
import { createForgetfulMemory, createMemoryOutbox } from "./delivery/outbox.ts";
import type { DeliveryResult, FailureReason } from "./delivery/result.ts";
import { SAY } from "./delivery/tracker.ts";
import { type Destinations, resolveDestinations } from "./destinations.ts";
import { createIdempotency, type Idempotency } from "./idempotency.ts";
import { logEvent } from "./logging.ts";
import { normaliseNotification } from "./notification/normalise.ts";
import type { Notification, NotificationId, NotificationInput } from "./notification/notification.ts";
import { defineNotifierOptions, type NotifierOptions, type NotifierSettings } from "./options.ts";
import { createPipeline } from "./pipeline.ts";
import { OpenReceipt, type Receipt } from "./receipt.ts";
import { decideRoute, type RouteDecision } from "./route/route.ts";
import { createSelfReports } from "./self-report.ts";

export interface FlushOptions {
  /** How long to wait for what is queued. @defaultValue 5_000 */
  readonly timeoutMs?: number;
}

export interface FlushReport {
  /** Nothing was left. */
  readonly drained: boolean;
  /** Deliveries that had not been concluded when time was up. */
  readonly open: number;
}

export interface NotifierStatus {
  readonly enabled: boolean;
  /** Deliveries accepted and not concluded. */
  readonly open: number;
  readonly destinations: readonly LaneStatus[];
}

export interface Notifier {
  /** Takes a notification and returns at once. Never throws for anything that happens at run time. */
  notify(input: NotificationInput): Receipt;
  /** Takes a notification and waits for what becomes of it. Never rejects. */
  send(input: NotificationInput): Promise<DeliveryResult>;
  /** Waits until nothing is queued. */
  flush(options?: FlushOptions): Promise<FlushReport>;
  /** Takes nothing more, waits for what is queued, then ends. What was left is settled as `closed`. */
  close(options?: FlushOptions): Promise<FlushReport>;
  /** Asks every destination whether it is usable, without posting anything. */
  check(): Promise<ReadonlyMap<string, ChannelCheck>>;
  status(): NotifierStatus;
  /** Where a notification like this would go, and why. */
  explain(input: NotificationInput): RouteDecision;
  /** Forgets what the remotes said of their limits. */
  resetRateLimits(): void;
  /** Mistakes found in the environment and in URLs, each with what to do. Free of secrets. */
  readonly problems: readonly string[];
}

const DEFAULT_FLUSH_TIMEOUT_MS = 5_000;

/**
 * Makes a notifier from options and environment; options win.
 *
 * @throws {@link ConfigError} when an option is out of its range; all mistakes are named at once.
 *
 * @example
 * const notifier = createNotifier();
 * notifier.notify({ type: "error", title: "Import failed", message: "a.csv is empty", fields: { file: "a.csv" } });
 * await notifier.close();
 */
export function createNotifier(options: NotifierOptions = {}): Notifier {
  return new LocalNotifier(defineNotifierOptions(options));
}

/** What waits for the next turn of the event loop, together with whom to tell. */
type Posted = Enqueued & { readonly receipt: OpenReceipt };

class LocalNotifier implements Notifier {
  readonly problems: readonly string[];
  readonly #settings: NotifierSettings;
  readonly #engine: DeliveryEngine;
  readonly #destinations: Destinations;
  readonly #transport: DiscordTransport;
  readonly #nextId: () => NotificationId;
  readonly #accept: (input: unknown) => OpenReceipt;
  readonly #idempotency: Idempotency;
  readonly #selfReports = createSelfReports();
  #inbox: Posted[] = [];
  #closing: Promise<FlushReport> | null = null;
  #saidNotConfigured = false;

  constructor(settings: NotifierSettings) {
    this.#settings = settings;
    const { clock, connections, timeoutMs } = settings;
    this.#nextId = createIdSource<NotificationId>("ntf", clock);
    this.#idempotency = createIdempotency(settings.idempotencyWindowMs);
    this.#transport = createDiscordTransport({ clock, connections, timeoutMs });
    this.#destinations = resolveDestinations(settings.wanted, { ...settings, transport: this.#transport });
    this.problems = [...settings.problems, ...this.#destinations.problems];
    for (const problem of this.problems) settings.logger.warn(problem);
    this.#engine = new DeliveryEngine({
      ...settings,
      outbox: createMemoryOutbox(),
      memory: createForgetfulMemory(),
      onEvent: (event) => this.#onEvent(event),
    });
    const { channels, fallbackOf } = this.#destinations;
    for (const [name, channel] of channels) this.#engine.addLane(name, channel, fallbackOf.get(name) ?? null);
    this.#accept = createPipeline({
      normalise: (input) => normaliseNotification(input, { id: this.#nextId(), now: clock.now() }),
      route: (notification) => decideRoute(notification, this.#destinations.table),
      deliver: (notification, decision) => this.#deliver(notification, decision),
    });
    if (settings.enabled && settings.validateOnStart) void this.check();
  }

  notify(input: NotificationInput): Receipt {
    try {
      return this.#accept(input);
    } catch (cause) {
      // Not known to happen; an alert that cannot be taken must still not take the program down.
      this.#settings.logger.error(
        `a notification could not be taken: ${cause instanceof Error ? cause.message : cause}`,
      );
      return this.#refused(this.#nextId(), "internal-error");
    }
  }

  send(input: NotificationInput): Promise<DeliveryResult> {
    return this.notify(input).settled;
  }

  async flush({ timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS }: FlushOptions = {}): Promise<FlushReport> {
    this.#empty();
    const done = new AbortController();
    const idle = this.#engine.whenIdle().then(() => done.abort());
    await Promise.race([idle, this.#settings.clock.sleep(timeoutMs, done.signal).catch(() => {})]);
    return { drained: this.#engine.open === 0, open: this.#engine.open };
  }

  close(options: FlushOptions = {}): Promise<FlushReport> {
    this.#closing ??= this.#end(options);
    return this.#closing;
  }

  async #end(options: FlushOptions): Promise<FlushReport> {
    const report = await this.flush(options);
    this.#engine.close();
    await Promise.all([...this.#destinations.channels.values()].map((channel) => channel.close()));
    await this.#transport.close();
    return report;
  }

  async check(): Promise<ReadonlyMap<string, ChannelCheck>> {
    const entries = [...this.#destinations.channels];
    const checks = await Promise.all(entries.map(([, channel]) => channel.check()));
    const found = new Map(entries.map(([name], index) => [name, checks[index]!] as const));
    for (const [name, check] of found) this.#heed(name, check);
    return found;
  }

  status(): NotifierStatus {
    return {
      enabled: this.#settings.enabled,
      open: this.#engine.open + this.#inbox.length,
      destinations: this.#engine.status(),
    };
  }

  explain(input: NotificationInput): RouteDecision {
    const { clock } = this.#settings;
    return decideRoute(
      normaliseNotification(input, { id: this.#nextId(), now: clock.now() }),
      this.#destinations.table,
    );
  }

  resetRateLimits(): void {
    this.#engine.resetLimits();
  }

  #deliver(notification: Notification, { to }: RouteDecision): OpenReceipt {
    if (this.#closing !== null) return this.#refused(notification.id, "closed");
    if (!this.#settings.enabled) return this.#refused(notification.id, "disabled");
    if (to.length === 0) {
      this.#sayNotConfigured();
      return this.#refused(notification.id, "no-destination");
    }
    const { idempotencyKey: key } = notification;
    const first = key === null ? null : this.#idempotency.find(key, notification.createdAt);
    if (first !== null) return first;
    const receipt = new OpenReceipt(notification.id);
    if (key !== null) this.#idempotency.add(key, receipt, notification.createdAt);
    this.#post({ notification, lanes: to, receipt });
    return receipt;
  }

  #post({
    notification,
    lanes,
    receipt,
  }: {
    notification: Notification;
    lanes: readonly string[];
    receipt: OpenReceipt;
  }): void {
    // Rendering and sending are not the caller's to pay for: they start when the caller has let go of the thread.
    if (this.#inbox.length === 0) queueMicrotask(() => this.#empty());
    this.#inbox.push({ notification, lanes, receipt, onSettled: (result) => receipt.settle(result) });
  }

  /** Hands all that has gathered to the engine, as one group. */
  #empty(): void {
    const posted = this.#inbox;
    if (posted.length === 0) return;
    this.#inbox = [];
    const acceptAll = (): void => {
      for (const { receipt } of posted) receipt.accept();
    };
    const durable = this.#engine.enqueue(posted);
    if (durable === undefined) acceptAll();
    else void durable.then(acceptAll);
  }

  #refused(id: NotificationId, reason: FailureReason): OpenReceipt {
    const receipt = new OpenReceipt(id);
    const status = reason === "no-destination" || reason === "disabled" ? "skipped" : "failed";
    receipt.settle({ success: false, status, id, attempts: 0, error: SAY[reason], reason, destinations: [] });
    receipt.accept();
    return receipt;
  }

  #sayNotConfigured(): void {
    const { logger } = this.#settings;
    const line = "Discord webhook not configured, skipping alert";
    // Once where everybody sees it; a storm of alerts must not become a storm of log lines.
    if (this.#saidNotConfigured) logger.debug(line);
    else logger.warn(line);
    this.#saidNotConfigured = true;
  }

  #heed(name: string, check: ChannelCheck): void {
    if (check.ok) {
      if (check.poolKey !== null) this.#engine.joinPool(name, check.poolKey);
      return this.#engine.enableLane(name);
    }
    if (check.kind === "misconfigured") this.#engine.disableLane(name, check.error);
    else this.#settings.logger.warn(`${name} could not be checked: ${check.error.message}`);
  }

  /** Tells the fallback of a destination that is in trouble. */
  #reportTrouble(event: DeliveryEvent): void {
    const report = this.#selfReports.consider(event);
    const lane = report && this.#destinations.fallbackOf.get(report.about);
    if (!report || !lane || this.#closing !== null) return;
    const id = this.#nextId();
    this.#selfReports.markAsReport(id);
    const notification = normaliseNotification(report.input, { id, now: this.#settings.clock.now() });
    this.#post({ notification, lanes: [lane], receipt: new OpenReceipt(id) });
  }

  #onEvent(event: DeliveryEvent): void {
    try {
      logEvent(this.#settings.logger, event);
      this.#reportTrouble(event);
      this.#settings.tell(event);
    } catch {
      // A listener that fails is the listener's trouble.
    }
  }
}
