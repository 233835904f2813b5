/**
 * Writes down what the store says it keeps, over all processes of a run, so that after every step what the engine does can be held
 * against what the store has said, and what a new process finds against what earlier ones were told.
 *
 * It stands between the engine's side and the store: of what is asked for it notes what is confirmed. What was asked for and never
 * confirmed before a process died may be there or not.
 */
import type {
  AttemptRecord,
  DeliveryId,
  DeliveryRecord,
  Durable,
  Outbox,
  Settlement,
} from "../../src/delivery/outbox.ts";
import type { SettledRecord } from "./disk.ts";
import { type Violation, violation } from "./violation.ts";

/** A verdict, with the outcomes of all tries that the store has of it. */
export interface Verdict extends SettledRecord {
  readonly tries: readonly AttemptRecord["outcome"][];
}

export class Ledger {
  /** Confirmed to be kept, and not confirmed to be settled. */
  readonly #waiting = new Map<DeliveryId, string>();
  /** The same, by lane. */
  readonly #counts = new Map<string, number>();
  /** In the order in which they were asked for, confirmed or not. */
  readonly asked: SettledRecord[] = [];
  /** In the order in which they were confirmed. */
  readonly verdicts: Verdict[] = [];
  /** Where the store contradicts itself. */
  readonly contradictions: Violation[] = [];
  readonly #settled = new Set<DeliveryId>();
  /** `lane/notification` of all that was ever confirmed. */
  readonly #places = new Map<string, DeliveryId>();
  readonly #notifications = new Set<string>();
  readonly #tries = new Map<DeliveryId, AttemptRecord["outcome"][]>();
  /** Asked for by the process that lives, and not confirmed. */
  #unconfirmed = { appended: new Set<DeliveryId>(), settled: new Map<DeliveryId, Settled>() };
  /** As a process has found it at its start, though nobody was told: until the next write is confirmed, a loss of power may undo it. */
  readonly #found = new Map<DeliveryId, Settled | null>();
  #unanswered = 0;
  /** By lane, the writes that keep how a request ended and are not confirmed. */
  #trying = new Map<string, number>();

  /** Whether everything that was asked for has been answered. */
  get isQuiet(): boolean {
    return this.#unanswered === 0;
  }

  /** How many wait in lanes of which this holds. */
  waitingIn(isMeant: (lane: string) => boolean): number {
    return [...this.#counts].reduce((sum, [lane, count]) => (isMeant(lane) ? sum + count : sum), 0);
  }

  /** Whether the store has confirmed this notification at this destination, and has not lost it. */
  knows(lane: string, notificationId: string): boolean {
    const id = this.#places.get(placeOf(lane, notificationId));
    return id !== undefined && (this.#waiting.has(id) || this.#settled.has(id));
  }

  /** Whether the store was ever given this notification. */
  hasSeen(notificationId: string): boolean {
    return this.#notifications.has(notificationId);
  }

  /** Whether the store has not answered yet to how the last request of this lane ended. */
  isLearning(lane: string): boolean {
    return (this.#trying.get(lane) ?? 0) > 0;
  }

  /** The same outbox, noted down. */
  watch(outbox: Outbox): Outbox {
    return {
      ...outbox,
      append: (deliveries, onCommitted) => {
        const copies = deliveries.map(copyOf);
        for (const { id, notification } of copies) {
          this.#unconfirmed.appended.add(id);
          this.#notifications.add(notification.id);
        }
        return this.#note(outbox.append(deliveries, onCommitted), () => copies.map((one) => this.#appended(one)));
      },
      postpone: (postponements) => {
        const tries = postponements.map(({ attempt }) => attempt);
        const learnt = this.#learns(postponements.map(({ delivery }) => delivery.lane));
        return this.#note(outbox.postpone(postponements), () => tries.map((one) => this.#tried(one)), learnt);
      },
      amend: (delivery) => this.#note(outbox.amend(delivery), () => {}),
      settle: (settlements) => {
        const copies = settlements.map(({ delivery, result, attempt }) => ({
          delivery: copyOf(delivery),
          result,
          attempt,
        }));
        for (const one of copies) {
          this.#unconfirmed.settled.set(one.delivery.id, one);
          this.asked.push(one);
        }
        const learnt = this.#learns(
          copies.flatMap(({ delivery, attempt }) => (attempt === null ? [] : [delivery.lane])),
        );
        return this.#note(outbox.settle(settlements), () => copies.map((one) => this.#isSettled(one)), learnt);
      },
    };
  }

  /**
   * A process that has just begun finds `found` waiting, which has to agree with what earlier ones were told: all that they were
   * told is kept, and nothing that they were told is settled. What they were told nothing of is noted as it is found.
   */
  reopened(found: readonly DeliveryRecord[]): void {
    const there = new Set(found.map(({ id }) => id));
    for (const id of this.#waiting.keys()) if (!there.has(id)) this.#isMissing(id);
    for (const record of found) if (!this.#waiting.has(record.id)) this.#isThere(record);
    this.#unconfirmed = { appended: new Set(), settled: new Map() };
    this.#unanswered = 0;
    this.#trying = new Map();
  }

  #isMissing(id: DeliveryId): void {
    const verdict = this.#unconfirmed.settled.get(id);
    if (verdict === undefined && !this.#found.has(id))
      return this.#contradict("nothing accepted is lost", `${id} was kept, and is not there any more`);
    this.#endsWaiting(id);
    if (verdict === undefined) return;
    this.#settled.add(id);
    this.#found.set(id, verdict);
  }

  #isThere(record: DeliveryRecord): void {
    const { id } = record;
    if (this.#settled.has(id) && !this.#found.has(id))
      return this.#contradict("what is settled stays settled", `${id} had its verdict, and waits again`);
    if (!this.#settled.delete(id) && !this.#unconfirmed.appended.has(id))
      return this.#contradict("nothing is settled that was not recorded", `${id} waits, and was never appended`);
    this.#appended(copyOf(record));
    this.#found.set(id, null);
  }

  #note(done: Durable, confirmed: () => unknown, answered = (): void => {}): Durable {
    this.#unanswered++;
    const end = (): void => {
      this.#unanswered--;
      answered();
    };
    const isConfirmed = (): void => {
      end();
      // Nothing reaches the disk before what was written earlier.
      for (const verdict of this.#found.values()) if (verdict !== null) this.#conclude(verdict);
      this.#found.clear();
      confirmed();
    };
    if (done === undefined) return void isConfirmed();
    return done.then(isConfirmed, (error: unknown) => {
      end();
      throw error;
    });
  }

  /** @returns to be called when the store has answered */
  #learns(lanes: readonly string[]): () => void {
    const trying = this.#trying;
    const count = (by: number): void => {
      for (const lane of lanes) trying.set(lane, (trying.get(lane) ?? 0) + by);
    };
    count(1);
    return () => count(-1);
  }

  #appended({ id, lane, notification }: Copy): void {
    this.#unconfirmed.appended.delete(id);
    if (this.#settled.has(id)) return;
    if (!this.#waiting.has(id)) this.#counts.set(lane, (this.#counts.get(lane) ?? 0) + 1);
    this.#waiting.set(id, lane);
    this.#places.set(placeOf(lane, notification.id), id);
  }

  /** @returns whether it waited */
  #endsWaiting(id: DeliveryId): boolean {
    const lane = this.#waiting.get(id);
    if (lane === undefined) return false;
    this.#counts.set(lane, this.#counts.get(lane)! - 1);
    return this.#waiting.delete(id);
  }

  #tried({ deliveryId, outcome }: AttemptRecord): void {
    const tries = this.#tries.get(deliveryId);
    if (tries === undefined) this.#tries.set(deliveryId, [outcome]);
    else tries.push(outcome);
  }

  #isSettled(verdict: Settled): void {
    const { id } = verdict.delivery;
    this.#unconfirmed.settled.delete(id);
    if (this.#settled.has(id)) return;
    // Sent before it was confirmed to be kept: of two confirmations under way the later may come first, and stands for both.
    if (this.#unconfirmed.appended.has(id)) this.#appended(verdict.delivery);
    if (!this.#endsWaiting(id))
      this.#contradict("nothing is settled that was not recorded", `${id} was settled and never appended`);
    this.#settled.add(id);
    this.#conclude(verdict);
  }

  #conclude({ delivery, result, attempt }: Settled): void {
    if (attempt !== null) this.#tried(attempt);
    this.verdicts.push({ delivery, result, tries: this.#tries.get(delivery.id) ?? [] });
  }

  #contradict(invariant: Violation["invariant"], detail: string): void {
    this.contradictions.push(violation(invariant, detail));
  }
}

interface Settled extends SettledRecord {
  readonly attempt: Settlement["attempt"];
}

type Copy = SettledRecord["delivery"];

/** The engine goes on changing its records. */
function copyOf({ id, lane, attempts, notification: { id: notificationId, labels } }: DeliveryRecord): Copy {
  return { id, lane, attempts, notification: { id: notificationId, labels } };
}

function placeOf(lane: string, notificationId: string): string {
  return `${lane}/${notificationId}`;
}
