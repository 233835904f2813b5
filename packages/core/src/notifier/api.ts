/** What a notifier offers to applications. */

import type { ChannelCheck } from "../delivery/channel.ts";
import type { LaneStatus } from "../delivery/lane/status.ts";
import type { DeliveryId, DeliveryRecord } from "../delivery/outbox.ts";
import type { Pause, PauseOrder, PauseOutcome } from "../delivery/pause.ts";
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
import type { RateLimitInfo, RateLimitStatus } from "./rate-limits.ts";
import type { Receipt } from "./receipt.ts";

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
  readonly store: {
    readonly isDurable: boolean;
    /** Writes that the store still owes because it failed. */
    readonly owed: number;
    /** Why it fails, or `null`. */
    readonly error: string | null;
  };
  /** The pause of all destinations, or `null`; each one's own is in `destinations`. */
  readonly pause: Pause | null;
  readonly destinations: readonly LaneStatus[];
}

/** A notification whose deliveries somebody else makes durable, together with what caused it. */
export interface PreparedNotification {
  readonly id: NotificationId;
  /** For `appendWithin()` of the store, inside the transaction; none when there is nowhere to go. */
  readonly records: readonly DeliveryRecord[];
  /** The transaction has been committed: sends it. */
  admit(): Receipt;
  /** The transaction has been undone. */
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

export interface Notifier {
  /** Takes a notification and returns at once. Never throws for anything that happens at run time. */
  notify(input: NotificationInput): Receipt;
  /** Takes a notification and waits for what becomes of it. Never rejects. */
  send(input: NotificationInput): Promise<DeliveryResult>;
  /**
   * Makes a notification ready to be kept in a transaction of your own: nothing is sent before `admit()`. For programs that share the
   * store's database.
   *
   * @throws ConfigError `CONFIG_THREAD` with `thread: true`: the store is in the thread.
   */
  prepare(input: NotificationInput): PreparedNotification;
  /** Sends dead letters again; those that newer news has overtaken only with `force`. */
  replay(selection: DeadLetterSelection, options?: { readonly force?: boolean }): Promise<ReplayReport>;
  /**
   * From now on nothing leaves for this destination, or for any: what comes is accepted and waits, what is critical too. In force at
   * once, over restarts with a durable store, and until `untilAt` or `resume()`. Never rejects.
   *
   * @example
   * await notifier.pause({ destination: "default", untilAt: Date.now() + 3_600_000, by: "Ann", reason: "maintenance" });
   */
  pause(order?: PauseOrder): Promise<PauseOutcome>;
  /** Lifts the pause of this destination, or that of all: each leaves the other in force. What has waited goes in order, within the limits. */
  resume(order?: Pick<PauseOrder, "destination">): Promise<PauseOutcome>;
  /**
   * Adds a destination under a name of its own, for notifications that name it (`destination`), or has the one that was set under that name lead
   * elsewhere; at once, in this process only. What waits for it stays in order and goes where it leads from now on; with a durable store
   * also what has waited since before a restart. A text that is of no use changes nothing, and the outcome says why. Never rejects otherwise.
   *
   * @throws ConfigError `CONFIG_THREAD` (as a rejection) with `thread: true`: there the destinations are those of the options.
   *
   * @example
   * await notifier.setDestination("team-a", url, { fallback: "default" });
   * notifier.notify({ destination: "team-a", title: "Disk full" });
   */
  setDestination(name: string, destination: Destination, options?: DestinationOptions): Promise<DestinationOutcome>;
  /**
   * Takes away a destination that was set so, at once; also one that only waits in a durable store since a restart. It accepts nothing more, what waits for it goes to
   * its fallback, or ends as `destination-removed`; what is under way is finished. Resolves then, to whether there was one of that name. With
   * `waitMs` what waits may still go there for so long.
   *
   * @throws ConfigError `CONFIG_THREAD` (as a rejection) with `thread: true`
   */
  removeDestination(name: string, options?: RemoveOptions): Promise<boolean>;
  /** Waits until nothing is queued, apart from what a pause holds for longer. */
  flush(options?: FlushOptions): Promise<FlushReport>;
  /** Takes nothing more, waits for what is queued, then ends. What was left is settled as `closed`. */
  close(options?: FlushOptions): Promise<FlushReport>;
  /**
   * Watches over the components of your program, and tells when one is down, still down, and back. With `thread: true` what it knows of them
   * does not survive a restart.
   *
   * @throws ConfigError `CONFIG_HEALTH`, naming each bad setting.
   */
  trackHealth(options?: HealthOptions): HealthTracker;
  /** Asks every destination, or one of them, whether it is usable, without posting anything. */
  check(only?: { readonly destination: string }): Promise<ReadonlyMap<string, ChannelCheck>>;
  /** Asks every destination, and tells whether notifications can arrive and what keeps them from it. Posts nothing, never rejects. */
  healthCheck(): Promise<HealthReport>;
  /** The same as far as it is known without asking: at once, for probes that come every few seconds. */
  isHealthy(): boolean;
  /** Whether what is configured can work: mistakes, and what leads where. Asks nobody. */
  validateConfiguration(): ConfigurationReport;
  /**
   * With `thread: true` this, and whatever else is answered at once, is what the thread published last: at most 0.1 s ago while something
   * happens, plus the time for which your event loop was busy; in quiet times, what it was when somebody looked before.
   */
  status(): NotifierStatus;
  /** Deliveries accepted and not concluded. */
  getQueueSize(): number;
  /** How much may be sent right now, by alert type: of your own limit, and by what the destination's headers say. */
  getRateLimitStatus(): RateLimitStatus;
  /** What is known of Discord's limits, in the words and units of its headers. */
  getRateLimitInfo(): RateLimitInfo;
  /** Where a notification like this would go, and why: what each route says, and what keeps it back. Tells nobody anything. */
  explain(input: NotificationInput, options?: ExplainOptions): RouteDecision;
  /**
   * From now on nothing that matches is told, until its time is up; the end of what was told before still is. What is kept back is in
   * history. Survives a restart with a durable store.
   *
   * @throws ConfigError `CONFIG_SILENCE` (as a rejection), naming each mistake
   */
  silence(input: SilenceInput): Promise<Silence>;
  /** Ends a silence. Resolves to whether there was one of that id. */
  unsilence(id: string): Promise<boolean>;
  /**
   * Other quiet hours for what already waits under hours of its own (`notify({ quietHours })`), because somebody has changed them: from now
   * on it waits for the end of these, and is told at once when it is not quiet by them. The hours of its route count as ever. Resolves to
   * how many it concerns, once a durable store has it.
   *
   * @throws ConfigError `CONFIG_QUIET_HOURS` (as a rejection), naming each mistake
   *
   * @example
   * await notifier.changeQuietHours({ matchers: "team=night", quietHours: "08:00-16:00 Europe/Berlin" });
   */
  changeQuietHours(change: QuietHoursChange): Promise<number>;
  /** Those in force, the oldest first. */
  silences(): readonly Silence[];
  /** Maintenance windows that are not over, those in force and those to come, the earliest first. */
  maintenance(): readonly Maintenance[];
  /** Forgets what the remotes said of their limits. */
  resetRateLimits(): void;
  /**
   * From now on nothing here keeps the process alive. Before, what is queued does until it has been sent or given up, and an idle notifier does
   * not. With `flushOnExit` what is queued then is still sent when the process ends. Without `thread: true` a request that is under way keeps the process
   * for as long as it takes, `timeoutMs` at most.
   */
  unref(): void;
  /** Whether anything is sent at all (`enabled`, `DISCORD_NOTIFICATIONS_ENABLED`). */
  readonly enabled: boolean;
  /** Mistakes found in the environment and in URLs, each with what to do. Free of secrets. */
  readonly problems: readonly string[];
}
