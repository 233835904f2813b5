/** What a notifier offers to applications. */

import type { ChannelCheck } from "../delivery/channel.ts";
import type { LaneStatus } from "../delivery/lane/status.ts";
import type { DeliveryId, DeliveryRecord } from "../delivery/outbox.ts";
import type { Pause, PauseOutcome, PauseRequest } from "../delivery/pause.ts";
import type { DeliveryResult } from "../delivery/result.ts";
import type { HealthTracker } from "../health/health-tracker.ts";
import type { HealthOptions } from "../health/options.ts";
import type { DeadLetterSelection, Replay } from "../history/dead-letters.ts";
import type { NotificationId, NotificationInput } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";
import type { QuietHoursChange } from "../withhold/held-changes.ts";
import type { Maintenance } from "../withhold/maintenance.ts";
import type { Silence, SilenceInput } from "../withhold/silence.ts";
import type { ConfigurationReport } from "./configuration.ts";
import type { HealthReport } from "./destination-health.ts";
import type { Destination } from "./destinations.ts";
import type { DestinationOptions, DestinationOutcome, RemoveOptions } from "./live-destinations.ts";
import type { ChangeableOptions } from "./options.ts";
import type { RateLimitInfo, RateLimitStatus } from "./rate-limits.ts";
import type { Receipt } from "./receipt.ts";
import type { ReconfigureOutcome } from "./reconfigure.ts";

export interface FlushOptions {
  /** How long to wait for what is queued, in milliseconds. @defaultValue 5_000 */
  readonly timeoutMs?: number;
}

export interface FlushReport {
  /** Whether everything has been concluded. */
  readonly drained: boolean;
  /** Deliveries that had not been concluded when time was up. */
  readonly open: number;
}

export interface NotifierStatus {
  readonly enabled: boolean;
  /** Deliveries accepted and not concluded. */
  readonly open: number;
  readonly store: {
    readonly isDurable: boolean;
    /** Writes that have failed and are still to be made. */
    readonly pendingWrites: number;
    /** Why it fails, or `null`. */
    readonly error: string | null;
  };
  /** The pause of all destinations, or `null`; each one's own is in `destinations`. */
  readonly pause: Pause | null;
  readonly destinations: readonly LaneStatus[];
}

/** A notification that the caller stores in a transaction of its own, together with what caused it. */
export interface PreparedNotification {
  readonly id: NotificationId;
  /** For `appendWithin()` of the store, inside the transaction; none when there is nowhere to go. */
  readonly records: readonly DeliveryRecord[];
  /** To be called when the transaction has been committed: sends it. */
  admit(): Receipt;
  /** To be called when the transaction has been rolled back. */
  withdraw(): void;
}

export interface ExplainOptions {
  /** Asks for another time: a Date, ISO 8601 text, or epoch milliseconds. @defaultValue now */
  readonly at?: Date | string | number | undefined;
}

export interface ReplayReport {
  /** The new deliveries. */
  readonly replayed: readonly DeliveryId[];
  readonly refused: Replay["refused"];
}

/** Made by `createNotifier()`. */
export interface Notifier {
  /** Accepts a notification and returns at once. Never throws for anything that happens at run time. */
  notify(input: NotificationInput): Receipt;
  /** Accepts a notification and resolves to its final result. Never rejects. */
  send(input: NotificationInput): Promise<DeliveryResult>;
  /**
   * Prepares a notification to be stored in a transaction of your own; nothing is sent before `admit()`. For programs that share the
   * store's database.
   *
   * @throws ConfigError `CONFIG_THREAD` with `thread: true`: the store is in the thread.
   */
  prepare(input: NotificationInput): PreparedNotification;
  /** Waits until nothing is queued, except for what a pause holds for longer. Resolves when time is up, too. */
  flush(options?: FlushOptions): Promise<FlushReport>;
  /** Accepts nothing more, flushes, and releases everything. What was not sent in time is settled as `closed`. */
  close(options?: FlushOptions): Promise<FlushReport>;
  /**
   * Lets the process end although notifications are queued; by default they keep it alive until they have been sent or given up. With
   * `flushOnExit` they are still sent when the process ends. Without `thread: true` a request that is under way keeps the process
   * alive until it ends, for `timeoutMs` at most.
   */
  unref(): void;

  /** Whether anything is sent at all (`enabled`, `DISCORD_NOTIFICATIONS_ENABLED`). */
  readonly enabled: boolean;
  /** Mistakes found in the environment and in URLs, each with what to do. Free of secrets. */
  readonly problems: readonly string[];
  /**
   * Queue, store and destinations as they are now.
   *
   * With `thread: true` this and everything else that is answered synchronously is what the thread published last: at most 0.1 s old while
   * something happens, plus the time for which your event loop was busy; in quiet times, what it was at the call before.
   */
  status(): NotifierStatus;
  /** Deliveries accepted and not concluded. */
  getQueueSize(): number;
  /** Whether the configuration can work: its mistakes, and what leads where. Sends no request. */
  validateConfiguration(): ConfigurationReport;
  /** Asks all destinations, or this one, whether they are usable, without posting anything. Never rejects. */
  check(only?: { readonly destination: string }): Promise<ReadonlyMap<string, ChannelCheck>>;
  /** Asks all destinations, and reports whether notifications can arrive and what prevents it. Posts nothing, never rejects. */
  healthCheck(): Promise<HealthReport>;
  /** Whether notifications can arrive, as far as is known without asking: for probes that come every few seconds. */
  isHealthy(): boolean;
  /** How much may be sent right now, by alert type: by your own limit, and by what the destination's headers say. */
  getRateLimitStatus(): RateLimitStatus;
  /** What is known of Discord's limits, with the names and units of its headers. */
  getRateLimitInfo(): RateLimitInfo;
  /** Forgets what the destinations said about their limits. */
  resetRateLimits(): void;

  /** Where a notification like this would go, and why: what each route says, and what withholds it. Sends nothing. */
  explain(input: NotificationInput, options?: ExplainOptions): RouteDecision;
  /**
   * Adds a destination, or replaces the one that was set under this name before; at once, and in this process only. What waits for
   * it keeps its order and goes to the new one, including what a durable store has kept for it since before a restart. A destination that
   * cannot be read changes nothing, and the outcome says why.
   *
   * @throws ConfigError `CONFIG_THREAD` (as a rejection) with `thread: true`: there the destinations are those of the options.
   *
   * @example
   * await notifier.setDestination("team-a", url, { fallback: "default" });
   * notifier.notify({ destination: "team-a", title: "Disk full" });
   */
  setDestination(name: string, destination: Destination, options?: DestinationOptions): Promise<DestinationOutcome>;
  /**
   * Removes a destination that was set with `setDestination()`, also one that exists only as a backlog in a durable store. It accepts nothing
   * more; what waits goes to its fallback or ends as `destination-removed`, at once or after `waitMs`. Resolves once nothing is under way
   * to it, to whether there was one of that name.
   *
   * @throws ConfigError `CONFIG_THREAD` (as a rejection) with `thread: true`
   */
  removeDestination(name: string, options?: RemoveOptions): Promise<boolean>;
  /**
   * Replaces the named destinations, routes, inhibition, maintenance and time zone of the options by these; what is left out is none, as in the options.
   * All of it or, with a mistake in it, nothing. Nothing that waits is lost: a destination that is gone hands it to the one that leads to the same
   * under another name, or else to its fallback (unless said otherwise: that of all, or the default destination).
   *
   * @throws ConfigError `CONFIG_THREAD` (as a rejection) with `thread: true`
   *
   * @example
   * const outcome = await notifier.reconfigure({ destinations: { ops: url }, routes: [{ to: "ops" }] });
   */
  reconfigure(options: ChangeableOptions): Promise<ReconfigureOutcome>;

  /**
   * Pauses one destination, or all: notifications, critical ones too, are accepted and wait. Takes effect at once and lasts until
   * `untilAt` or `resume()`, over restarts with a durable store. Never rejects.
   *
   * @example
   * await notifier.pause({ destination: "default", untilAt: Date.now() + 3_600_000, by: "Ann", reason: "maintenance" });
   */
  pause(request?: PauseRequest): Promise<PauseOutcome>;
  /**
   * Ends the pause of this destination, or the pause of all; either leaves the other in force. What has waited is sent in order, within the
   * limits. Never rejects.
   */
  resume(request?: Pick<PauseRequest, "destination">): Promise<PauseOutcome>;
  /**
   * Withholds notifications that match, until the silence ends; the resolution of an alert that was sent before is still sent. What is withheld is in
   * the history. Survives a restart with a durable store.
   *
   * @throws ConfigError `CONFIG_SILENCE` (as a rejection), naming each mistake
   */
  silence(input: SilenceInput): Promise<Silence>;
  /** Ends a silence early. Resolves to whether there was one of that id. */
  unsilence(id: string): Promise<boolean>;
  /** The silences in force, the oldest first. */
  silences(): readonly Silence[];
  /** The maintenance windows in force and to come, the earliest first. */
  maintenance(): readonly Maintenance[];
  /**
   * Changes the quiet hours of what already waits because of hours of its own (`notify({ quietHours })`): it waits for the end of the new ones, or
   * is sent at once when they are not in force. The quiet hours of routes are unaffected. Resolves to the number of notifications concerned,
   * once a durable store has it.
   *
   * @throws ConfigError `CONFIG_QUIET_HOURS` (as a rejection), naming each mistake
   *
   * @example
   * await notifier.changeQuietHours({ matchers: "team=night", quietHours: "08:00-16:00 Europe/Berlin" });
   */
  changeQuietHours(change: QuietHoursChange): Promise<number>;
  /** Sends dead letters again; those that a newer notification of the same key has made obsolete only with `force`. */
  replay(selection: DeadLetterSelection, options?: { readonly force?: boolean }): Promise<ReplayReport>;

  /**
   * Tracks the health of your program's components, and notifies when one goes down, stays down and recovers.
   *
   * @throws ConfigError `CONFIG_HEALTH`, naming each bad setting.
   */
  health(options?: HealthOptions): HealthTracker;
}
