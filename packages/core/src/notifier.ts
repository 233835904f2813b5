/**
 * The door that applications use: `createNotifier()`, `notify()`, `send()`, `flush()`, `close()`.
 *
 * Mistakes of the programmer (an option out of range) throw here, at construction. Mistakes of the environment, and everything
 * that happens later, never throw: they are logged, listed in `problems`, and told in results.
 */

import type { FlushOptions, FlushReport, Notifier, NotifierStatus, PreparedNotification, ReplayReport } from "./api.ts";
import { createHttpTransport, type HttpTransport } from "./channel/http/transport.ts";
import { redactSecrets } from "./channel/redact-secrets.ts";
import { createIdSource } from "./clock/id.ts";
import type { ConfigurationReport } from "./configuration.ts";
import type { ChannelCheck } from "./delivery/channel.ts";
import { DeliveryEngine } from "./delivery/engine.ts";
import type { DeliveryEvent } from "./delivery/events.ts";
import { createForgetfulMemory, createMemoryOutbox } from "./delivery/outbox.ts";
import type { DeliveryResult, FailureReason } from "./delivery/result.ts";
import { createSteadfastOutbox } from "./delivery/steadfast-outbox.ts";
import type { HealthReport } from "./destination-health.ts";
import { type Destinations, resolveDestinations } from "./destinations.ts";
import type { HealthOptions } from "./health/options.ts";
import type { HealthTracker } from "./health/tracker.ts";
import { createHealthTrackers, type HealthTrackers } from "./health/trackers.ts";
import type { DeadLetterSelection } from "./history/dead-letters.ts";
import { createIdempotency, type Idempotency } from "./idempotency.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { Inspection } from "./inspection.ts";
import { logEvent } from "./logging.ts";
import { normaliseNotification } from "./notification/normalise.ts";
import type { Notification, NotificationId, NotificationInput } from "./notification/notification.ts";
import { defineNotifierOptions, type NotifierOptions, type NotifierSettings } from "./options.ts";
import { createPipeline } from "./pipeline.ts";
import type { RateLimitInfo, RateLimitStatus } from "./rate-limits.ts";
import { OpenReceipt, type Receipt } from "./receipt.ts";
import { createRefusals, type Refusals, refusedReceipt } from "./refusal.ts";
import { decideRoute, type RouteDecision } from "./route/route.ts";
import { createSelfReports } from "./self-report.ts";
import { createVerdicts, type Verdicts } from "./verdicts.ts";

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

class LocalNotifier implements Notifier {
  readonly problems: readonly string[];
  readonly #settings: NotifierSettings;
  readonly #engine: DeliveryEngine;
  readonly #destinations: Destinations;
  readonly #transport: HttpTransport;
  readonly #nextId: () => NotificationId;
  readonly #accept: (input: unknown) => OpenReceipt;
  readonly #idempotency: Idempotency;
  readonly #refusals: Refusals;
  readonly #verdicts: Verdicts;
  readonly #inbox: Inbox;
  readonly #inspection: Inspection;
  readonly #trackers: HealthTrackers;
  #storeError: Error | null = null;
  readonly #selfReports = createSelfReports();
  #closing: Promise<FlushReport> | null = null;

  constructor(settings: NotifierSettings) {
    this.#settings = settings;
    const { clock, connections, timeoutMs } = settings;
    this.#nextId = createIdSource<NotificationId>("ntf", clock);
    this.#idempotency = createIdempotency(settings.idempotencyWindowMs);
    this.#refusals = createRefusals(settings);
    this.#verdicts = createVerdicts(settings.store?.history ?? { find: () => Promise.resolve(null) });
    this.#transport = createHttpTransport({ clock, connections, timeoutMs });
    this.#destinations = resolveDestinations(settings.wanted, { ...settings, transport: this.#transport });
    this.problems = [...settings.problems, ...this.#destinations.problems].map(redactSecrets);
    for (const line of [...this.problems, ...this.#destinations.notes]) settings.logger.warn(line);
    const outbox = createSteadfastOutbox(settings.store?.outbox ?? createMemoryOutbox(), {
      clock,
      onHealth: (error) => this.#onStoreHealth(error),
    });
    this.#engine = new DeliveryEngine({
      ...settings,
      outbox,
      memory: settings.store?.memory ?? createForgetfulMemory(),
      onEvent: (event) => this.#onEvent(event),
    });
    this.#inbox = createInbox(this.#engine);
    this.#inspection = new Inspection({
      settings,
      outbox,
      engine: this.#engine,
      destinations: this.#destinations,
      problems: this.problems,
      current: () => ({
        inbox: this.#inbox.size,
        storeError: this.#storeError,
        isClosed: this.#closing !== null,
      }),
    });
    this.#trackers = createHealthTrackers(this, settings);
    const { channels, fallbackOf } = this.#destinations;
    for (const [name, channel] of channels) this.#engine.addLane(name, channel, fallbackOf.get(name) ?? null);
    this.#goOn();
    this.#accept = createPipeline({
      normalise: (input) => normaliseNotification(input, { id: this.#nextId(), now: clock.now() }),
      route: (notification) => decideRoute(notification, this.#destinations.table),
      deliver: (notification, decision) => this.#deliver(notification, decision),
    });
    if (settings.enabled && settings.validateOnStart) void this.check();
  }

  /** Goes on from where an earlier process stopped. */
  #goOn(): void {
    for (const { lane, waiting } of this.#engine.restore()) {
      this.#settings.logger.warn(
        `${waiting} notifications wait in the store for "${lane}", which is no longer configured; configure it again, or discard them`,
      );
    }
  }

  #onStoreHealth(error: Error | null): void {
    const { logger } = this.#settings;
    if (error === null) logger.info("the store works again, and has everything");
    else if (this.#storeError === null) logger.error(`the store fails, going on in memory: ${error.message}`);
    this.#storeError = error;
  }

  get enabled(): boolean {
    return this.#settings.enabled;
  }

  prepare(input: NotificationInput): PreparedNotification {
    const { clock } = this.#settings;
    const notification = normaliseNotification(input, { id: this.#nextId(), now: clock.now() });
    const { to } = decideRoute(notification, this.#destinations.table);
    const refusal = this.#whyRefused(to);
    const receipt =
      refusal === null
        ? new OpenReceipt(notification.id, this.#verdicts)
        : this.#refusals.refuse(notification, refusal);
    if (refusal !== null) return { id: notification.id, records: [], admit: () => receipt, withdraw: () => {} };
    const { records, admit, withdraw } = this.#engine.intake.prepare({
      notification,
      lanes: to,
      listener: receipt,
    });
    return {
      id: notification.id,
      records,
      admit: () => {
        admit();
        receipt.accept();
        return receipt;
      },
      withdraw,
    };
  }

  async replay(selection: DeadLetterSelection, options: { readonly force?: boolean } = {}): Promise<ReplayReport> {
    const { store } = this.#settings;
    if (store === null) return { replayed: [], refused: [] };
    const { records, refused } = await store.deadLetters.replay(selection, options);
    for (const record of records) this.#engine.intake.adopt(record);
    return { replayed: records.map(({ id }) => id), refused };
  }

  notify(input: NotificationInput): Receipt {
    try {
      return this.#accept(input);
    } catch (cause) {
      // Not known to happen; an alert that cannot be taken must still not take the program down.
      this.#settings.logger.error(
        `a notification could not be taken: ${cause instanceof Error ? cause.message : cause}`,
      );
      return refusedReceipt(this.#nextId(), "internal-error");
    }
  }

  send(input: NotificationInput): Promise<DeliveryResult> {
    return this.notify(input).settled;
  }

  async flush({ timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS }: FlushOptions = {}): Promise<FlushReport> {
    this.#inbox.empty();
    const done = new AbortController();
    const idle = this.#engine.book.whenIdle().then(() => done.abort());
    await Promise.race([idle, this.#settings.clock.sleep(timeoutMs, done.signal).catch(() => {})]);
    return { drained: this.#engine.book.open === 0, open: this.#engine.book.open };
  }

  close(options: FlushOptions = {}): Promise<FlushReport> {
    this.#closing ??= this.#end(options);
    return this.#closing;
  }

  async #end(options: FlushOptions): Promise<FlushReport> {
    this.#trackers.end();
    const report = await this.flush(options);
    this.#engine.close();
    await Promise.all([...this.#destinations.channels.values()].map((channel) => channel.close()));
    await this.#transport.close();
    await this.#settings.store?.close();
    return report;
  }

  health(options: HealthOptions = {}): HealthTracker {
    return this.#trackers.open(options);
  }

  check(): Promise<ReadonlyMap<string, ChannelCheck>> {
    return this.#inspection.check();
  }

  healthCheck(): Promise<HealthReport> {
    return this.#inspection.healthCheck();
  }

  isHealthy(): boolean {
    return this.#inspection.isHealthy();
  }

  validateConfiguration(): ConfigurationReport {
    return this.#inspection.validateConfiguration();
  }

  status(): NotifierStatus {
    return this.#inspection.status();
  }

  getQueueSize(): number {
    return this.#engine.book.open + this.#inbox.size;
  }

  getRateLimitStatus(): RateLimitStatus {
    return this.#inspection.rateLimitStatus();
  }

  getRateLimitInfo(): RateLimitInfo {
    return this.#inspection.rateLimitInfo();
  }

  explain(input: NotificationInput): RouteDecision {
    return this.#inspection.explain(input);
  }

  resetRateLimits(): void {
    this.#engine.resetLimits();
  }

  #deliver(notification: Notification, { to }: RouteDecision): OpenReceipt {
    const refusal = this.#whyRefused(to);
    if (refusal !== null) return this.#refusals.refuse(notification, refusal);
    const { idempotencyKey: key } = notification;
    const first = key === null ? null : this.#idempotency.find(key, notification.createdAt);
    if (first !== null) return first;
    const receipt = new OpenReceipt(notification.id, this.#verdicts);
    if (key !== null) this.#idempotency.add(key, receipt, notification.createdAt);
    this.#inbox.post({ notification, lanes: to, receipt });
    return receipt;
  }

  #whyRefused(to: readonly string[]): FailureReason | null {
    if (this.#closing !== null) return "closed";
    if (!this.#settings.enabled) return "disabled";
    return to.length === 0 ? "no-destination" : null;
  }

  /** Tells the fallback of a destination that is in trouble. */
  #reportTrouble(event: DeliveryEvent): void {
    const report = this.#selfReports.consider(event);
    const lane = report && this.#destinations.fallbackOf.get(report.about);
    if (!report || !lane || this.#closing !== null) return;
    const id = this.#nextId();
    this.#selfReports.markAsReport(id);
    const notification = normaliseNotification(report.input, { id, now: this.#settings.clock.now() });
    this.#inbox.post({ notification, lanes: [lane], receipt: new OpenReceipt(id, this.#verdicts) });
  }

  #onEvent(event: DeliveryEvent): void {
    try {
      logEvent(this.#settings.logger, event);
      this.#reportTrouble(event);
      this.#verdicts.hear(event);
      this.#settings.tell(event);
    } catch {
      // A listener that fails is the listener's trouble.
    }
  }
}
