/**
 * Has alerts told (A5). The queue is the outbox of the notification store: the deliveries of an alert are written in the
 * transaction of its row, so that none is lost and storing readings never waits for Discord.
 *
 *   prepared   the message is made, and waits for the journal's transaction.
 *   committed  handed to delivery, which sends it and repeats what failed.
 *   ended      what became of it is written to the row; also for what an earlier process committed, and for dead letters that
 *              somebody has replayed.
 *
 * When it has stopped, what is committed is left in the outbox for the next start.
 *
 * Upstream   alerting and the journal. Downstream the notifier; outcomes go back through the journal.
 */
import type { DeliveryEvent, Notifier, PreparedNotification, RouteDecision } from "@tocsin/core";
import type { History, HistoryEntry } from "@tocsin/core/sqlite";
import {
  type Clock,
  type DeliveryResult,
  FAILURE_SENTENCES,
  type NotificationId,
  type NotificationInput,
} from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { AlertDelivery, AlertRecord, AlertRecordId, AlertStore, NewAlert } from "./alert.ts";
import type { AlertLife } from "./alert-life.ts";
import { composeAlert, composeAlertEnd, type Manner } from "./alert-text.ts";
import type { Journal } from "./journal.ts";

export interface AlertWorkerOptions {
  readonly clock: Clock;
  readonly store: Pick<AlertStore, "idOf" | "untold">;
  readonly history: Pick<History, "find">;
  readonly journal: Pick<Journal, "outcome" | "flush">;
  readonly notifier: Pick<Notifier, "prepare" | "explain">;
  /** Whether ends are told as well, so that a message says that it is a beginning. Those of beginnings that still wait always are. */
  readonly tellsEnds: boolean;
  readonly logger: Logger;
}

export interface AlertWorker {
  /** Makes the message of an alert. */
  prepare(record: AlertRecord, manner: Manner): NewAlert;
  /** Makes the message of its end; `null` where nobody is told of it. */
  prepareEnd(record: AlertRecord, life: AlertLife, quietHours: readonly string[]): NewAlert | null;
  /** They have been committed. */
  committed(alerts: readonly NewAlert[]): void;
  /** Listens to delivery. */
  onEvent(event: DeliveryEvent): void;
  /** Notes what became of the alerts that an earlier process left open. */
  start(): Promise<void>;
  /** What has been found by now is still handed over, if it can be committed in `timeoutMs`; after that nothing. */
  stop(options: { readonly timeoutMs: number }): Promise<void>;
}

const ROWS_AT_ONCE = 200;

export function createAlertWorker(options: AlertWorkerOptions): AlertWorker {
  const { clock, store, history, journal, notifier, logger } = options;
  const uncommitted = new Map<AlertRecordId, PreparedNotification>();
  const ended = createEndedNotifications((id) => void lookUp(id));
  let stopped = false;

  function note(id: AlertRecordId, delivery: AlertDelivery, { error, at }: { error: string | null; at: number }): void {
    journal.outcome(id, { delivery, error, settledAt: Math.floor(at) });
  }

  function settle(id: AlertRecordId | null, { status, error, reason }: DeliveryResult): void {
    // Not told yet because the server is ending, or because of quiet hours: it is still in the outbox.
    if (id === null || reason === "closed" || status === "deferred") return;
    note(id, status, { error: error ?? null, at: clock.now() });
  }

  function made(record: AlertRecord, input: NotificationInput, decision: RouteDecision): NewAlert {
    const delivery = isDeferred(decision) ? "deferred" : "queued";
    const message = notifier.prepare(input);
    if (stopped) message.withdraw();
    else uncommitted.set(record.id, message);
    const { alertId, finding, deviceId, plantId, reason } = record;
    logger.info({ alertId, finding, deviceId, plantId, reason, notificationId: message.id }, "Alert");
    return { record: { ...record, delivery, notificationId: message.id }, message };
  }

  /** Asks history where delivery does not say: it knows what every process has done. */
  async function lookUp(notificationId: NotificationId, alertId = alertOf(options, notificationId)): Promise<void> {
    if (alertId === null) return;
    try {
      const entry = await history.find(notificationId);
      if (entry === null) note(alertId, "failed", { error: FORGOTTEN, at: clock.now() });
      else if (entry.status !== "waiting") note(alertId, entry.status, verdictOf(entry));
    } catch (error) {
      logger.error({ err: error, alertId }, UNREADABLE);
    }
  }

  return {
    prepare(record, manner) {
      const input = composeAlert(record, manner);
      const decision = notifier.explain(input);
      // Whatever waits for the end of quiet hours is told there with its end.
      const isBeginning = options.tellsEnds || isDeferred(decision);
      return made(record, isBeginning ? { ...input, phase: "firing" } : input, decision);
    },
    prepareEnd(record, life, quietHours) {
      const end = composeAlertEnd(life, quietHours);
      const decision = notifier.explain(end);
      const isTold = options.tellsEnds || decision.deferred.some(({ by }) => by === "beginning");
      return isTold ? made(record, end, decision) : null;
    },
    committed(alerts) {
      for (const { record, message } of alerts) {
        if (message === null || !uncommitted.delete(record.id)) continue;
        const receipt = message.admit();
        // There is nowhere to send it: delivery never hears of it.
        if (message.records.length === 0) void receipt.settled.then((result) => settle(record.id, result));
      }
    },
    onEvent(event) {
      if (event.type === "concluded") ended.concluded(event.notificationId);
      if (event.type !== "settled") return;
      ended.settled(event.notificationId);
      settle(alertOf(options, event.notificationId), event.result);
    },
    async start() {
      let after = "";
      for (;;) {
        const rows = await store.untold({ after, limit: ROWS_AT_ONCE });
        for (const { id, notificationId } of rows) if (notificationId !== null) await lookUp(notificationId, id);
        if (rows.length < ROWS_AT_ONCE) return;
        after = rows.at(-1)!.id;
      }
    },
    async stop({ timeoutMs }) {
      const over = new AbortController();
      const late = clock.sleep(timeoutMs, over.signal).catch(() => undefined);
      await Promise.race([journal.flush(), late]);
      over.abort();
      stopped = true;
      for (const { withdraw } of uncommitted.values()) withdraw();
      uncommitted.clear();
    },
  };
}

/** Events come until the notifier has ended, when the database may be closed already. */
function alertOf({ store, logger }: AlertWorkerOptions, notificationId: NotificationId): AlertRecordId | null {
  try {
    return store.idOf(notificationId);
  } catch (error) {
    logger.error({ err: error, notificationId }, UNREADABLE);
    return null;
  }
}

function isDeferred({ to, deferred }: RouteDecision): boolean {
  return to.length === 0 && deferred.length > 0;
}

const UNREADABLE = "What became of an alert cannot be read; the next start tries again";
const FORGOTTEN = "Its notification is not in the history any more.";

/**
 * Delivery tells the verdict (`settled`) only of notifications that it has taken itself. Of others, from before a restart or
 * from among the dead letters, it tells just that a delivery has ended (`concluded`): those are to be looked up.
 */
function createEndedNotifications(lookUp: (id: NotificationId) => void) {
  const unexplained = new Set<NotificationId>();

  function flush(): void {
    const ids = [...unexplained];
    unexplained.clear();
    for (const id of ids) lookUp(id);
  }

  return {
    concluded(id: NotificationId): void {
      // The verdict, if there is one, follows in the same turn.
      if (unexplained.size === 0) queueMicrotask(flush);
      unexplained.add(id);
    },
    settled: (id: NotificationId): void => void unexplained.delete(id),
  };
}

function verdictOf({ notification, skipped, deliveries }: HistoryEntry): { error: string | null; at: number } {
  const at = Math.max(notification.createdAt, ...deliveries.map(({ settledAt }) => settledAt ?? 0));
  if (skipped !== null) return { error: FAILURE_SENTENCES[skipped], at };
  const failure = deliveries.flatMap(({ result, sequel }) =>
    result !== null && "reason" in result && sequel === null ? [result] : [],
  )[0];
  if (failure === undefined) return { error: null, at };
  return { error: failure.error?.message ?? FAILURE_SENTENCES[failure.reason], at };
}
