/**
 * Sends the alerts that have been committed. The rows marked `queued` are its queue, so what was committed before a crash
 * is sent after it; the row is settled when the delivery is.
 *
 *   asleep   nothing is queued; costs nothing. → awake when alerts have been committed.
 *   awake    takes the oldest rows, as many as may be under way at once, and the next ones as those settle.
 *   stopped  takes nothing more; what is not settled stays queued for the next start.
 *
 * Upstream   journal. Downstream notifier ({@link AlertSink}); outcomes go back through the journal.
 */
import type { Clock, DeliveryResult, NotificationInput } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { AlertId, AlertRecord, AlertStore } from "./alert.ts";
import type { AlertSink } from "./alert-sink.ts";
import type { Journal } from "./journal.ts";

export interface AlertWorkerOptions {
  readonly clock: Clock;
  readonly store: AlertStore;
  readonly journal: Journal;
  readonly sink: AlertSink;
  readonly compose: (alert: AlertRecord) => NotificationInput;
  readonly logger: Logger;
}

export interface AlertWorker {
  /** Alerts may have been committed. */
  wake(): void;
  /** Takes nothing more and waits, for `timeoutMs` at most, for what is under way. */
  stop(options: { readonly timeoutMs: number }): Promise<void>;
}

/** Well under the notifier's queue (100 per channel by default): the rows wait in the database, not there. */
const MAX_UNDER_WAY = 32;
const LOOK_AGAIN_AFTER_MS = 5_000;

export function createAlertWorker(options: AlertWorkerOptions): AlertWorker {
  const { clock, store, journal, sink, compose, logger } = options;
  const underWay = new Map<AlertId, Promise<void>>();
  let taken = "";
  let looking = false;
  let wokenMeanwhile = false;
  let stopped = false;

  function wake(): void {
    if (stopped || underWay.size >= MAX_UNDER_WAY) return;
    wokenMeanwhile = looking;
    if (!looking) void look();
  }

  async function look(): Promise<void> {
    looking = true;
    try {
      const alerts = await store.queued({ after: taken, limit: MAX_UNDER_WAY - underWay.size });
      for (const alert of alerts) {
        if (stopped) break;
        taken = alert.id;
        underWay.set(alert.id, send(alert));
      }
    } catch (error) {
      logger.error({ err: error }, "Cannot read the queued alerts; trying again");
      clock.schedule(clock.now() + LOOK_AGAIN_AFTER_MS, wake);
    }
    looking = false;
    if (wokenMeanwhile) wake();
  }

  async function send(alert: AlertRecord): Promise<void> {
    // The row counts as taken before anything can settle.
    await Promise.resolve();
    try {
      const { id, settled } = sink.notify(compose(alert));
      settle(alert, id, await settled);
    } catch (error) {
      // The sink promises never to do this. If it does all the same, the next alert must still go.
      logger.error({ err: error, alertId: alert.id }, "An alert could not be handed over");
      settle(alert, "", { status: "failed", error: "It could not be handed over; see the log." });
    }
    underWay.delete(alert.id);
    wake();
  }

  function settle(
    alert: AlertRecord,
    notificationId: string,
    verdict: Pick<DeliveryResult, "status" | "error" | "reason">,
  ): void {
    // Not sent because the server is ending: it stays queued.
    if (verdict.reason === "closed") return;
    if (verdict.status === "skipped")
      logger.info({ alertId: alert.id }, "Discord webhook not configured, skipping alert");
    const { status: delivery, error = null } = verdict;
    journal.outcome(alert.id, { delivery, notificationId, error, settledAt: Math.floor(clock.now()) });
  }

  async function stop({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    stopped = true;
    const over = new AbortController();
    const late = clock.sleep(timeoutMs, over.signal).catch(() => undefined);
    await Promise.race([Promise.all(underWay.values()), late]);
    over.abort();
  }

  return {
    wake,
    stop,
  };
}
