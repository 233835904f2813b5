/**
 * The program's own book of what it has posted to the thread: everything is held until the thread answers for it, so that nothing is lost
 * when the thread dies.
 *
 * With a durable store that is when it has been accepted; without one, when it has been settled, because what is only in the memory
 * of the thread dies with it.
 */
import type { DeliveryResult, FailureReason } from "../delivery/result.ts";
import { untriedResult } from "../delivery/tracker.ts";
import type { Notification, NotificationId } from "../notification/notification.ts";
import type { OpenReceipt } from "../notifier/receipt.ts";
import type { ToThread } from "./protocol.ts";

interface Entry {
  readonly receipt: OpenReceipt;
  /** `null` once the store has it. */
  notification: Notification | null;
  isAccepted: boolean;
}

export class Ledger {
  readonly #entries = new Map<NotificationId, Entry>();
  #unaccepted = 0;
  #cutOff = 0;

  /** Notifications without a verdict. */
  get size(): number {
    return this.#entries.size;
  }

  /** Of them, those that the thread has not confirmed. */
  get unaccepted(): number {
    return this.#unaccepted;
  }

  /** Those that are lost if this process ends now: that no store has, and that have not been sent or were closed down with the thread. */
  get volatile(): number {
    let count = this.#cutOff;
    for (const { notification } of this.#entries.values()) if (notification !== null) count++;
    return count;
  }

  add(notification: Notification, receipt: OpenReceipt): void {
    this.#entries.set(notification.id, { receipt, notification, isAccepted: false });
    this.#unaccepted++;
  }

  /** @param isDurable whether it survives the thread from now on */
  accept(id: NotificationId, isDurable: boolean): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (isDurable) entry.notification = null;
    if (entry.isAccepted) return;
    entry.isAccepted = true;
    this.#unaccepted--;
    entry.receipt.accept();
  }

  settle(id: NotificationId, result: DeliveryResult): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    if (!entry.isAccepted) this.#unaccepted--;
    if (result.reason === "closed" && entry.notification !== null) this.#cutOff++;
    entry.receipt.settle(result);
    entry.receipt.accept();
  }

  /** Nobody will answer for what is left. */
  settleAll(reason: FailureReason): void {
    for (const id of this.#entries.keys()) this.settle(id, untriedResult(id, reason));
  }

  /** What a new thread is to be told, in the order in which it was posted. */
  *again(): Iterable<ToThread> {
    for (const [id, { notification }] of this.#entries) {
      yield notification === null ? { kind: "follow", id } : { kind: "take", notification, again: true };
    }
  }
}
