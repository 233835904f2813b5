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
  /** Deliveries that have not been concluded, those that only the outbox holds included. */
  readonly open: number;
  /** Those of them that this process holds. */
  readonly held: number;
  /** Whether this process holds it. */
  holds(id: DeliveryId): boolean;
  /** From now on only the outbox holds it; whoever asked for its verdict is kept in mind. */
  letGo(record: DeliveryRecord): void;
  /** It is held again. */
  takeBack(record: DeliveryRecord): void;
  /** There are deliveries in the outbox that were never held. */
  countAbsent(count: number): void;
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
  /** Resolves when nothing is open but as many as are not worth waiting for, which is asked each time one is concluded. */
  whenIdle(apart?: () => number): Promise<void>;
}

export function createBook(outbox: Outbox, emit: (event: DeliveryEvent) => void): Book {
  return new OpenBook(outbox, emit);
}

class OpenBook implements Book {
  readonly #outbox: Outbox;
  readonly #emit: (event: DeliveryEvent) => void;
  /**
   * All that is held, with whoever waits for the verdict.
   *
   * A `Map` does not let go by itself: when it grows or clears up it leaves behind its old table with everything in it, and that, once it
   * has grown old, keeps all later tables and what was in them until the next full collection. So a tracker is emptied when it has
   * done its work; before, all that a lane had sent survived, at 4 µs a message.
   */
  readonly #held = new Map<DeliveryId, Tracker | null>();
  /** Of what only the outbox holds, whoever has asked for the verdict. */
  readonly #away = new Map<DeliveryId, Tracker>();
  #absent = 0;
  #idleWaiters: { readonly apart: () => number; readonly resolve: () => void }[] = [];

  constructor(outbox: Outbox, emit: (event: DeliveryEvent) => void) {
    this.#outbox = outbox;
    this.#emit = emit;
  }

  get open(): number {
    return this.#held.size + this.#absent;
  }

  get held(): number {
    return this.#held.size;
  }

  holds(id: DeliveryId): boolean {
    return this.#held.has(id);
  }

  enter(record: DeliveryRecord, tracker: Tracker | null): void {
    this.#held.set(record.id, tracker);
  }

  letGo({ id }: DeliveryRecord): void {
    const tracker = this.#strike(id);
    this.#absent++;
    if (tracker === null) return;
    if (tracker.listener?.isAwaited()) this.#away.set(id, tracker);
    else tracker.listener?.letGo();
  }

  takeBack({ id }: DeliveryRecord): void {
    this.#held.set(id, this.#away.get(id) ?? null);
    this.#away.delete(id);
    this.#absent--;
  }

  countAbsent(count: number): void {
    this.#absent += count;
  }

  withdraw({ id }: DeliveryRecord): void {
    this.#strike(id);
  }

  /** @returns who waits for its verdict */
  #strike(id: DeliveryId): Tracker | null {
    const tracker = this.#held.get(id) ?? null;
    this.#held.delete(id);
    return tracker;
  }

  conclude(settlements: readonly Settlement[]): Durable {
    const settled = this.#outbox.settle(settlements);
    if (settled === undefined) return this.#closeAll(settlements);
    return settled.then(() => this.#closeAll(settlements));
  }

  handOver({ delivery, result, attempt, settledAt }: Settlement, successor: DeliveryRecord): Durable {
    const tracker = this.#strike(delivery.id);
    this.#held.set(successor.id, tracker);
    // Held until the outbox knows: whoever reads it before still finds it waiting there.
    this.#held.set(delivery.id, null);
    const { id: notificationId } = delivery.notification;
    const told = { at: settledAt, destination: delivery.lane, deliveryId: delivery.id, notificationId };
    this.#emit({ type: "concluded", ...told, result });
    this.#emit({ type: "diverted", ...told, to: successor.lane });
    // Asked for in the same turn, so that a store keeps both or neither.
    const written = [this.#outbox.append([successor]), this.#outbox.settle([{ delivery, result, attempt, settledAt }])];
    const pending = written.filter((one) => one !== undefined);
    if (pending.length === 0) return void this.#held.delete(delivery.id);
    return Promise.all(pending).then(() => void this.#held.delete(delivery.id));
  }

  abandon(now: number): void {
    const trackers = [...this.#held.values(), ...this.#away.values()].filter((tracker) => tracker !== null);
    this.#held.clear();
    this.#away.clear();
    this.#absent = 0;
    const result: DestinationResult = { destination: "", status: "failed", attempts: 0, reason: "closed", error: null };
    for (const tracker of new Set(trackers)) this.#settle(tracker, [...tracker.results, result], now);
  }

  whenIdle(apart: () => number = () => 0): Promise<void> {
    return this.open <= apart()
      ? Promise.resolve()
      : new Promise((resolve) => this.#idleWaiters.push({ apart, resolve }));
  }

  #closeAll(settlements: readonly Settlement[]): undefined {
    for (const { delivery, result, settledAt } of settlements) this.#close(delivery, result, settledAt);
    if (this.#idleWaiters.length === 0) return;
    this.#idleWaiters = this.#idleWaiters.filter(({ apart, resolve }) => this.open > apart() || resolve());
  }

  #close(delivery: DeliveryRecord, result: DestinationResult, now: number): void {
    const { id: notificationId } = delivery.notification;
    const { lane: destination, id: deliveryId } = delivery;
    this.#emit({ type: "concluded", at: now, destination, deliveryId, notificationId, result });
    const tracker = this.#strike(deliveryId);
    if (tracker === null) return;
    tracker.missing--;
    tracker.results = tracker.results.length === 0 ? [result] : [...tracker.results, result];
    if (tracker.missing === 0) this.#settle(tracker, tracker.results, now);
  }

  #settle(tracker: Tracker, results: readonly DestinationResult[], now: number): void {
    const { id, listener } = tracker;
    tracker.listener = null;
    tracker.results = [];
    const verdict = combineResults(id, results);
    listener?.settle(verdict);
    this.#emit({ type: "settled", at: now, notificationId: id, result: verdict });
  }
}

/** The settlement of one that ends without a try. */
export function droppedNow(
  delivery: DeliveryRecord,
  { reason, error, now }: { readonly reason: FailureReason; readonly error: AttemptError | null; readonly now: number },
): Settlement {
  return { delivery, result: failedResult(delivery, reason, error), attempt: null, settledAt: now };
}
