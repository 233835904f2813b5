/**
 * The book of everything that is on its way: which notification each delivery belongs to, how many are open, and the act of
 * concluding one (outbox first, then the caller, then the event).
 */
import type { AttemptError } from "./channel.ts";
import type { DeliveryEvent } from "./events.ts";
import type { DeliveryId, DeliveryRecord, Durable, Outbox, Settlement } from "./outbox.ts";
import { type DestinationResult, type FailureReason, failedResult } from "./result.ts";
import { combineResults, type Tracker } from "./tracker.ts";

export interface Book {
  /** Deliveries that have not been concluded. */
  readonly open: number;
  /** `null` when nobody in this process waits for the verdict. */
  enter(record: DeliveryRecord, tracker: Tracker | null): void;
  /** Settles them for good. Done when the outbox has it; whoever waits is told then, not before. */
  conclude(settlements: readonly Settlement[]): Durable;
  /**
   * The delivery ends at its destination, and `successor` takes its place at another: whoever waits for the verdict waits for the
   * successor's. Done when the outbox has both.
   */
  handOver(settlement: Settlement, successor: DeliveryRecord): Durable;
  /** It was never accepted. */
  withdraw(record: DeliveryRecord): void;
  /** Tells whoever still waits that this process will not know; the outbox keeps what is open. */
  abandon(now: number): void;
  /** Resolves when nothing is open. */
  whenIdle(): Promise<void>;
}

export function createBook(outbox: Outbox, emit: (event: DeliveryEvent) => void): Book {
  const trackers = new Map<DeliveryId, Tracker>();
  let open = 0;
  let idleWaiters: (() => void)[] = [];

  function close(delivery: DeliveryRecord, result: DestinationResult, now: number): void {
    const { id: notificationId } = delivery.notification;
    emit({ type: "concluded", at: now, destination: delivery.lane, deliveryId: delivery.id, notificationId, result });
    const tracker = trackers.get(delivery.id);
    trackers.delete(delivery.id);
    open--;
    if (tracker !== undefined) report(tracker, result, now);
    if (open > 0) return;
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  function closeAll(settlements: readonly Settlement[]): undefined {
    for (const { delivery, result, settledAt } of settlements) close(delivery, result, settledAt);
  }

  function report(tracker: Tracker, result: DestinationResult, now: number): void {
    tracker.results.push(result);
    tracker.missing--;
    if (tracker.missing > 0) return;
    const verdict = combineResults(tracker.id, tracker.results);
    tracker.onSettled(verdict);
    emit({ type: "settled", at: now, notificationId: tracker.id, result: verdict });
  }

  return {
    get open() {
      return open;
    },
    enter(record, tracker) {
      if (tracker !== null) trackers.set(record.id, tracker);
      open++;
    },
    conclude(settlements) {
      const settled = outbox.settle(settlements);
      if (settled === undefined) return closeAll(settlements);
      return settled.then(() => closeAll(settlements));
    },
    handOver({ delivery, result, attempt, settledAt }, successor) {
      const tracker = trackers.get(delivery.id);
      trackers.delete(delivery.id);
      if (tracker !== undefined) trackers.set(successor.id, tracker);
      const { id: notificationId } = delivery.notification;
      const told = { at: settledAt, destination: delivery.lane, deliveryId: delivery.id, notificationId };
      emit({ type: "concluded", ...told, result });
      emit({ type: "diverted", ...told, to: successor.lane });
      // Asked for in the same turn, so that a store keeps both or neither.
      const written = [outbox.append([successor]), outbox.settle([{ delivery, result, attempt, settledAt }])];
      const pending = written.filter((one) => one !== undefined);
      return pending.length === 0 ? undefined : Promise.all(pending).then(() => {});
    },
    withdraw({ id }) {
      if (trackers.delete(id)) open--;
    },
    abandon(now) {
      const waiting = new Set(trackers.values());
      trackers.clear();
      for (const tracker of waiting) {
        const result: DestinationResult = {
          destination: "",
          status: "failed",
          attempts: 0,
          reason: "closed",
          error: null,
        };
        const verdict = combineResults(tracker.id, [...tracker.results, result]);
        tracker.onSettled(verdict);
        emit({ type: "settled", at: now, notificationId: tracker.id, result: verdict });
      }
    },
    whenIdle: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  };
}

/** The settlement of one that ends without a try. */
export function droppedNow(
  delivery: DeliveryRecord,
  { reason, error, now }: { readonly reason: FailureReason; readonly error: AttemptError | null; readonly now: number },
): Settlement {
  return { delivery, result: failedResult(delivery, reason, error), attempt: null, settledAt: now };
}
