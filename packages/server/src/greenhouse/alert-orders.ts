/** What people order about an alert: they have seen it, they have not, it is over. */
import { type Clock, stepAlert } from "@tocsin/core/stages";
import type { AlertStore, AlertSummary } from "./alert.ts";
import type { AlertBook, Entry } from "./alert-book.ts";
import { type Person, present } from "./alert-life.ts";
import { DEFAULT_POLICY, endByHand } from "./alert-policy.ts";
import { alertNotFound, alertOver, storageUnavailable } from "./errors.ts";
import type { Journal } from "./journal.ts";

export interface AlertOrdersOptions {
  readonly clock: Clock;
  readonly book: AlertBook;
  readonly journal: Pick<Journal, "failing" | "flush">;
  readonly store: Pick<AlertStore, "find">;
}

/** Each resolves, when it has been written, to the alert as it is then. All throw GreenhouseError `alert-not-found`, `alert-over`, `storage-unavailable`. */
export interface AlertOrders {
  /** No more reminders. Whoever was first stays the one who has acknowledged it. */
  acknowledge(id: string, person: Person): Promise<AlertSummary>;
  /** Reminders again. */
  unacknowledge(id: string, person: Person): Promise<AlertSummary>;
  /**
   * It is over. The next reading beyond the threshold begins a new alert, after the cooldown; a device that is silent has to be heard of
   * before its silence is an alert again.
   */
  resolve(id: string, person: Person): Promise<AlertSummary>;
}

export function createAlertOrders({ clock, book, journal, store }: AlertOrdersOptions): AlertOrders {
  async function order(id: string, carryOut: (entry: Entry, now: number) => void): Promise<AlertSummary> {
    if (journal.failing) throw storageUnavailable();
    const entry = book.findAlert(id);
    if (entry === undefined) throw (await store.find(id)) === null ? alertNotFound(id) : alertOver(id);
    carryOut(entry, Math.floor(clock.now()));
    await journal.flush();
    const found = await store.find(id);
    if (found === null) throw alertNotFound(id);
    return found;
  }

  function step(entry: Entry, kind: "acknowledge" | "unacknowledge", now: number) {
    return stepAlert(DEFAULT_POLICY, entry.state, { kind, now });
  }

  return {
    acknowledge: (id, person) =>
      order(id, (entry, now) => {
        // What has not fired yet has nobody to be reminded.
        if (entry.life !== null && present(entry.life).phase === "pending") throw alertOver(id, "has not fired yet");
        book.apply(entry, step(entry, "acknowledge", now), { now, person });
      }),
    unacknowledge: (id, person) =>
      order(id, (entry, now) => void book.apply(entry, step(entry, "unacknowledge", now), { now, person })),
    resolve: (id, person) =>
      order(id, (entry, now) => {
        const isOffline = entry.life?.finding.kind === "offline";
        book.apply(entry, endByHand(entry.state, now), { now, person, reason: "resolved-by-hand" });
        if (isOffline) book.close(entry, now);
      }),
  };
}
