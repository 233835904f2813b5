/**
 * The notifier whose store, queue and channels live in a thread of their own. This is the program's side: it makes notifications complete,
 * posts them, holds them until the thread answers for them, and answers at once what can be answered from the status that the
 * thread published last.
 *
 * Upstream   applications. Downstream the thread (worker.ts), through the supervisor.
 */

import { createHttpTransport } from "../channel/http/transport.ts";
import { redactSecrets } from "../channel/redact-secrets.ts";
import type { PauseOutcome, PauseRequest } from "../delivery/pause.ts";
import { ConfigError } from "../errors/config-error.ts";
import { HEALTH_PREFIX } from "../health/memory.ts";
import { createHealthTrackers, type HealthTrackers } from "../health/trackers.ts";
import type { DeadLetterSelection } from "../history/dead-letters.ts";
import type { NotificationInput } from "../notification/notification.ts";
import type { FlushOptions, FlushReport, Notifier, PreparedNotification, ReplayReport } from "../notifier/api.ts";
import { resolveDestinations } from "../notifier/destinations.ts";
import { type ExitingProcess, installExitFlush } from "../notifier/exit-flush.ts";
import { Inspection } from "../notifier/inspection.ts";
import type { DestinationOutcome } from "../notifier/live-destinations.ts";
import { LocalNotifier } from "../notifier/local-notifier.ts";
import { DEFAULT_FLUSH_TIMEOUT_MS, NotifierBase } from "../notifier/notifier-base.ts";
import type { NotifierOptions } from "../notifier/options.ts";
import type { Receipt } from "../notifier/receipt.ts";
import type { ReconfigureOutcome } from "../notifier/reconfigure.ts";
import { createRouter, NO_MATTERS } from "../notifier/router.ts";
import { defineNotifierOptions, type NotifierSettings } from "../notifier/settings.ts";
import { createQuietTimes } from "../route/quiet-times.ts";
import type { QuietHoursChange } from "../withhold/held-changes.ts";
import type { Silence, SilenceInput } from "../withhold/silence.ts";
import { crossing } from "./crossing.ts";
import { ThreadExitFlusher } from "./exit-flusher.ts";
import { Link } from "./link.ts";
import { Mirror } from "./mirror.ts";
import { Posting } from "./posting.ts";
import { type StartThread, startThread } from "./thread.ts";
import { createThreadMemory } from "./thread-memory.ts";

/** A thread that does not answer at all is not waited for longer than this beyond the time that was asked for. */
const GRACE_MS = 1_000;

/**
 * Where nothing is to be sent, no thread is needed.
 *
 * @throws {@link ConfigError} `CONFIG_THREAD` when an option cannot go to a thread; the other mistakes as without one.
 */
export function createThreadNotifier(options: NotifierOptions): Notifier {
  const data = crossing(options);
  const { store: _, ...rest } = options;
  const settings = defineNotifierOptions(rest);
  if (!settings.enabled) return new LocalNotifier(settings);
  const subscriptions = {
    wantsEvents: options.onEvent !== undefined,
    wantsDebug: settings.logger.isLevelEnabled?.("debug") ?? true,
  };
  return new ThreadNotifier({
    settings,
    hasStore: data.store !== null,
    start: (listener) => startThread(data, subscriptions, listener),
    process,
  });
}

export interface ThreadNotifierParts {
  readonly settings: NotifierSettings;
  readonly hasStore: boolean;
  readonly start: StartThread;
  readonly process: ExitingProcess;
}

export class ThreadNotifier extends NotifierBase implements Notifier {
  readonly problems: readonly string[];
  readonly #settings: NotifierSettings;
  readonly #posting: Posting;
  readonly #link: Link;
  readonly #mirror: Mirror;
  protected readonly inspection: Inspection;
  protected readonly trackers: HealthTrackers;
  readonly #forgetProcess: () => void;

  constructor({ settings, hasStore, start, process }: ThreadNotifierParts) {
    super();
    this.#settings = settings;
    // Nothing is ever sent through these: they say where notifications go, and what is wrong with where they should.
    const transport = createHttpTransport(settings);
    const destinations = resolveDestinations(settings.wanted, { ...settings, transport });
    this.problems = [...settings.problems, ...destinations.problems].map(redactSecrets);
    this.#mirror = new Mirror({ ...settings, refresh: () => this.#link.post({ kind: "publish" }) });
    this.#posting = new Posting({ settings, post: (message) => this.#link.post(message) });
    this.#link = new Link({
      settings,
      start,
      hasStore,
      ledger: this.#posting.ledger,
      mirror: this.#mirror,
      onEnd: () => this.#onLinkEnd(),
    });
    // The thread gives each destination a second beyond the time for a request.
    const checkMs = settings.timeoutMs + 2 * GRACE_MS;
    this.inspection = new Inspection({
      settings,
      destinations,
      engine: this.#mirror,
      outbox: this.#mirror,
      router: createRouter({
        ...destinations,
        ...settings,
        silences: this.#mirror,
        quietTimes: createQuietTimes(settings),
        ...NO_MATTERS,
      }),
      ask: async (only) => (await this.#within(checkMs, this.#link.ask("check", only))) ?? new Map(),
      current: () => ({
        inbox: this.#posting.ledger.unaccepted,
        storeError: this.#mirror.storeError,
        isClosed: this.#posting.isClosed,
        troubles: this.#link.troubles,
        problems: this.problems,
        maintenance: settings.maintenance,
      }),
    });
    this.trackers = createHealthTrackers(this, {
      ...settings,
      memory: hasStore ? createThreadMemory(this.#link, HEALTH_PREFIX) : null,
      awaitsMemory: true,
    });
    this.#link.start();
    this.#forgetProcess = this.#installExitFlush(process, hasStore);
  }

  #installExitFlush(process: ExitingProcess, hasStore: boolean): () => void {
    const { flushOnExitMs } = this.#settings;
    if (flushOnExitMs === null) return () => {};
    return installExitFlush({
      process,
      flushesAtExit: true,
      write: (line) => console.error(`tocsin: ${line}`),
      flusher: new ThreadExitFlusher({ link: this.#link, posting: this.#posting, timeoutMs: flushOnExitMs, hasStore }),
    });
  }

  /** What only this side still had is lost, and whoever waits for it is told. */
  #onLinkEnd(): void {
    this.#posting.end("thread-ended");
    this.#posting.ledger.settleAll("thread-ended");
  }

  get enabled(): boolean {
    return this.#settings.enabled;
  }

  notify(input: NotificationInput): Receipt {
    return this.#posting.take(input);
  }

  /** @throws ConfigError `CONFIG_THREAD` always: the transaction is here, and the store is there. */
  prepare(): PreparedNotification {
    throw new ConfigError("CONFIG_THREAD", [
      "prepare() shares a transaction with the store, which is in the thread: leave out thread for it",
    ]);
  }

  replay(selection: DeadLetterSelection, { force = false }: { readonly force?: boolean } = {}): Promise<ReplayReport> {
    return this.#link.ask("replay", { selection, force });
  }

  flush({ timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS }: FlushOptions = {}): Promise<FlushReport> {
    return this.#drain("flush", timeoutMs);
  }

  protected async end({ timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS }: FlushOptions): Promise<FlushReport> {
    this.trackers.end();
    this.#posting.end("closed");
    const report = await this.#drain("close", timeoutMs);
    this.#forgetProcess();
    await this.#link.end();
    this.#posting.ledger.settleAll("closed");
    return report;
  }

  async #drain(topic: "flush" | "close", timeoutMs: number): Promise<FlushReport> {
    const report = await this.#within(timeoutMs + GRACE_MS, this.#link.ask(topic, { timeoutMs }));
    const open = this.getQueueSize();
    return report ?? { drained: open === 0, open };
  }

  /** The same, or `null` when it fails, or takes longer than it may. */
  async #within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer | null> {
    const answered = new AbortController();
    const late = this.#settings.clock.sleep(ms, answered.signal).then(() => null);
    const first = await Promise.race([answer, late]).catch(() => null);
    answered.abort();
    late.catch(() => {});
    return first;
  }

  pause(request: PauseRequest = {}): Promise<PauseOutcome> {
    return this.#link.ask("pause", request).catch(() => "not-kept");
  }

  resume(request: Pick<PauseRequest, "destination"> = {}): Promise<PauseOutcome> {
    return this.#link.ask("resume", request).catch(() => "not-kept");
  }

  /** @throws ConfigError `CONFIG_THREAD` always, as the next two: a thread that follows another knows the options only. */
  async setDestination(): Promise<DestinationOutcome> {
    throw fixedDestinations("setDestination()");
  }

  async removeDestination(): Promise<boolean> {
    throw fixedDestinations("removeDestination()");
  }

  async reconfigure(): Promise<ReconfigureOutcome> {
    throw fixedDestinations("reconfigure()");
  }

  getQueueSize(): number {
    return this.#mirror.open + this.#posting.ledger.unaccepted;
  }

  silence(input: SilenceInput): Promise<Silence> {
    return this.#link.ask("silence", input);
  }

  unsilence(id: string): Promise<boolean> {
    return this.#link.ask("unsilence", id).catch(() => false);
  }

  changeQuietHours(change: QuietHoursChange): Promise<number> {
    return this.#link.ask("change-quiet-hours", change);
  }

  silences(): readonly Silence[] {
    return this.#mirror.list();
  }

  unref(): void {
    this.#link.unref();
  }

  resetRateLimits(): void {
    this.#link.post({ kind: "reset-rate-limits" });
  }
}

function fixedDestinations(what: string): ConfigError {
  return new ConfigError("CONFIG_THREAD", [
    `${what} works without a thread only: name every destination in the options, or leave out thread`,
  ]);
}
