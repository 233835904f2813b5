/**
 * Gathers what is accepted within one turn of the event loop and hands it to delivery as one group, when the caller has let go of
 * the thread: rendering and sending are not the caller's to pay for.
 */
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { Enqueued } from "../delivery/intake.ts";
import type { SteadfastOutbox } from "../delivery/steadfast-store.ts";
import type { Notification } from "../notification/notification.ts";
import type { OpenReceipt } from "./receipt.ts";

export interface Posting {
  readonly notification: Notification;
  readonly lanes: readonly string[];
  /** Told when it is in the outbox, and what becomes of it. */
  readonly receipt: OpenReceipt;
}

export interface Inbox {
  readonly size: number;
  /** Posted, and not in the outbox yet. */
  readonly unaccepted: number;
  post(posting: Posting): void;
  /** Hands over at once what has gathered. */
  empty(): void;
}

export function createInbox(engine: Pick<DeliveryEngine, "enqueue">, outbox: Pick<SteadfastOutbox, "caughtUp">): Inbox {
  let posted: (Enqueued & { readonly listener: OpenReceipt })[] = [];

  let unaccepted = 0;

  function empty(): void {
    if (posted.length === 0) return;
    const group = posted;
    posted = [];
    const acceptAll = (): void => {
      unaccepted -= group.length;
      for (const { listener } of group) listener.accept();
    };
    const durable = engine.enqueue(group);
    if (durable === undefined) acceptAll();
    // While the store fails they are on their way already, and not accepted: they would be lost with the process.
    else void durable.then(() => outbox.caughtUp()).then(acceptAll);
  }

  return {
    get size() {
      return posted.length;
    },
    get unaccepted() {
      return unaccepted;
    },
    post({ notification, lanes, receipt }) {
      if (posted.length === 0) queueMicrotask(empty);
      posted.push({ notification, lanes, listener: receipt });
      unaccepted++;
    },
    empty,
  };
}
