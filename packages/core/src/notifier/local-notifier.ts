/** The notifier of this thread, which does everything itself. */

import { createHttpTransport, type HttpTransport } from "../channel/http/transport.ts";
import { redactSecrets } from "../channel/redact-secrets.ts";
import { createReleasableClock, type ReleasableClock } from "../clock/releasable.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import { createForgetfulMemory, createMemoryOutbox } from "../delivery/outbox.ts";
import type { PauseOutcome, PauseRequest } from "../delivery/pause.ts";
import { createSteadfastStore } from "../delivery/steadfast-store.ts";
import { createHealthTrackers, type HealthTrackers } from "../health/trackers.ts";
import type { DeadLetterSelection } from "../history/dead-letters.ts";
import type { NotificationInput } from "../notification/notification.ts";
import type { QuietHoursChange } from "../withhold/held-changes.ts";
import type { Silence, SilenceInput } from "../withhold/silence.ts";
import type { FlushOptions, FlushReport, Notifier, PreparedNotification, ReplayReport } from "./api.ts";
import type { ChannelParts } from "./destination-forms.ts";
import { checkDestinations } from "./destination-health.ts";
import { type Destination, type ResolvedDestinations, resolveDestinations } from "./destinations.ts";
import { Inspection } from "./inspection.ts";
import {
  createLiveDestinations,
  type DestinationOptions,
  type DestinationOutcome,
  type LiveDestinations,
  type RemoveOptions,
} from "./live-destinations.ts";
import { installLocalExitFlush } from "./local-exit-flush.ts";
import { logEvent } from "./logging.ts";
import { DEFAULT_FLUSH_TIMEOUT_MS, NotifierBase } from "./notifier-base.ts";
import { type EngineParts, openEngine } from "./open-engine.ts";
import type { ChangeableOptions } from "./options.ts";
import type { Receipt } from "./receipt.ts";
import { Reception } from "./reception.ts";
import { type ReconfigureOutcome, reconfigure } from "./reconfigure.ts";
import { createRouting, type Routing, type RoutingParts } from "./routing.ts";
import type { NotifierSettings } from "./settings.ts";
import { createVerdicts, type Verdicts } from "./verdicts.ts";

export class LocalNotifier extends NotifierBase implements Notifier {
  readonly #settings: NotifierSettings;
  readonly #engine: DeliveryEngine;
  readonly #destinations: ResolvedDestinations;
  readonly #live: LiveDestinations;
  readonly #channelParts: ChannelParts & { readonly transport: HttpTransport };
  readonly #reception: Reception;
  readonly #verdicts: Verdicts;
  protected readonly inspection: Inspection;
  protected readonly trackers: HealthTrackers;
  readonly #routing: Routing;
  readonly #waits: ReleasableClock;
  readonly #forgetProcess: () => void;
  #storeError: Error | null = null;

  constructor(settings: NotifierSettings) {
    super();
    this.#settings = settings;
    // What waits in the engine and for the store; somebody waits for the rest.
    this.#waits = createReleasableClock(settings.clock);
    const { clock } = this.#waits;
    this.#channelParts = { ...settings, transport: createHttpTransport(settings) };
    this.#destinations = resolveDestinations(settings.wanted, this.#channelParts);
    for (const line of [...this.problems, ...this.#destinations.notes]) settings.logger.warn(line);
    const store = createSteadfastStore({
      outbox: settings.store?.outbox ?? createMemoryOutbox(),
      memory: settings.store?.memory ?? createForgetfulMemory(),
      clock,
      onHealth: (error) => this.#onStoreHealth(error),
    });
    const { outbox, memory } = store;
    this.#verdicts = createVerdicts(settings.store?.history ?? { find: () => Promise.resolve(null) });
    const onEvent = (event: DeliveryEvent): void => this.#onEvent(event);
    const common = { settings, outbox, destinations: this.#destinations };
    const holdBack: EngineParts["holdBack"] = (...one) => this.#routing.held.takeOver(...one);
    this.#engine = openEngine({ ...common, clock, memory, onEvent, holdBack });
    this.#live = createLiveDestinations({
      ...common,
      ...settings,
      engine: this.#engine,
      parts: this.#channelParts,
      held: () => this.#routing.heldChanges,
      check: (destination) => void (settings.enabled && settings.validateOnStart && this.check({ destination })),
      isClosed: () => this.#reception.isClosed,
    });
    const post: RoutingParts["post"] = (notification, destination) => this.#reception.tell(notification, destination);
    const about = { ...common, engine: this.#engine, memory };
    this.#routing = createRouting({ ...about, post, onEvent });
    this.#reception = new Reception({ ...about, ...this.#routing, verdicts: this.#verdicts });
    this.inspection = new Inspection({
      ...about,
      ...this.#routing,
      ask: (only) => checkDestinations({ ...settings, ...about, ...this.#destinations }, only),
      current: () => ({
        inbox: this.#reception.waiting,
        storeError: this.#storeError?.message ?? null,
        isClosed: this.#reception.isClosed,
        troubles: [],
        problems: this.problems,
        maintenance: this.#routing.maintenance,
      }),
    });
    this.trackers = createHealthTrackers(this, {
      ...settings,
      memory: settings.store && memory,
      awaitsMemory: false,
    });
    if (settings.storeError !== null) this.#onStoreHealth(settings.storeError);
    this.#goOn();
    this.#forgetProcess = installLocalExitFlush(settings, {
      open: () => this.getQueueSize(),
      unaccepted: () => this.#reception.unaccepted,
      flush: (within) => this.flush(within),
    });
    if (settings.enabled && settings.validateOnStart) void this.check();
  }

  /** Goes on from where an earlier process stopped. */
  #goOn(): void {
    this.#engine.restore((found) => this.#routing.held.restore(found.lane) || this.#live.miss(found));
  }

  #onStoreHealth(error: Error | null): void {
    const { logger } = this.#settings;
    if (error === null) logger.info("the store works again, and has everything");
    else if (this.#storeError === null) logger.error(`the store fails, going on in memory: ${error.message}`);
    this.#storeError = error;
  }

  get problems(): readonly string[] {
    return [...this.#settings.problems, ...this.#destinations.problems].map(redactSecrets);
  }

  get enabled(): boolean {
    return this.#settings.enabled;
  }

  prepare(input: NotificationInput): PreparedNotification {
    return this.#reception.prepare(input);
  }

  async replay(selection: DeadLetterSelection, options: { readonly force?: boolean } = {}): Promise<ReplayReport> {
    const { store } = this.#settings;
    if (store === null) return { replayed: [], refused: [] };
    const { records, refused } = await store.deadLetters.replay(selection, options);
    for (const record of records) this.#engine.intake.adopt(record);
    return { replayed: records.map(({ id }) => id), refused };
  }

  notify(input: NotificationInput): Receipt {
    return this.#reception.take(input);
  }

  async flush({ timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS }: FlushOptions = {}): Promise<FlushReport> {
    this.#reception.handOver();
    const done = new AbortController();
    const { clock } = this.#settings;
    const untilAt = clock.now() + timeoutMs;
    const idle = this.#engine.book.whenIdle(() => this.#engine.pausedBeyond(untilAt)).then(() => done.abort());
    await Promise.race([idle, clock.sleep(timeoutMs, done.signal).catch(() => {})]);
    return { drained: this.#engine.book.open === 0, open: this.#engine.book.open };
  }

  protected async end(options: FlushOptions): Promise<FlushReport> {
    this.trackers.end();
    this.#reception.close();
    this.#routing.held.close();
    const report = await this.flush(options);
    this.#engine.close();
    this.#forgetProcess();
    await Promise.all([...this.#destinations.channels.values(), this.#live].map((channel) => channel.close()));
    await this.#channelParts.transport.close();
    await this.#settings.store?.close();
    return report;
  }

  pause(request: PauseRequest = {}): Promise<PauseOutcome> {
    return this.#engine.pauses.pause(request);
  }

  resume(request: Pick<PauseRequest, "destination"> = {}): Promise<PauseOutcome> {
    return this.#engine.pauses.resume(request);
  }

  setDestination(name: string, destination: Destination, options?: DestinationOptions): Promise<DestinationOutcome> {
    return this.#live.set(name, destination, options);
  }

  removeDestination(name: string, options?: RemoveOptions): Promise<boolean> {
    this.#reception.handOver();
    return this.#live.remove(name, options);
  }

  async reconfigure(options: ChangeableOptions): Promise<ReconfigureOutcome> {
    if (this.#reception.isClosed) return { ok: false, problems: ["The notifier has been closed."] };
    this.#reception.handOver();
    const { wanted, recovery } = this.#settings;
    return reconfigure(options, {
      ...{ wanted, recovery, parts: this.#channelParts, destinations: this.#destinations, engine: this.#engine },
      ...{ live: this.#live, routing: this.#routing, held: this.#routing.heldChanges },
    });
  }

  getQueueSize(): number {
    return this.#engine.book.open + this.#reception.waiting;
  }

  silence(input: SilenceInput): Promise<Silence> {
    return this.#routing.silences.add(input);
  }

  unsilence(id: string): Promise<boolean> {
    return this.#routing.silences.remove(id);
  }

  changeQuietHours(change: QuietHoursChange): Promise<number> {
    return this.#routing.heldChanges.changeHours(change);
  }

  silences(): readonly Silence[] {
    return this.#routing.silences.list();
  }

  unref(): void {
    this.#waits.release();
  }

  resetRateLimits(): void {
    this.#engine.resetLimits();
  }

  #onEvent(event: DeliveryEvent): void {
    try {
      logEvent(this.#settings.logger, event);
      this.#reception.reportTrouble(event);
      this.#verdicts.hear(event);
      this.#settings.tell(event);
    } catch {
      // A listener that fails is the listener's trouble.
    }
  }
}
