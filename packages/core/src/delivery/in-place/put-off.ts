/**
 * Ends deliveries that would make noise in quiet hours: their message cannot be changed any more, or has been and is to be answered as well. The
 * rest of them waits with whatever else waits for the end of quiet hours.
 *
 * Upstream   lanes, whose head would be too loud, or which have no room for changes. Downstream whoever holds things in quiet hours.
 */
import type { Clock } from "../../clock/clock.ts";
import type { Book } from "../book.ts";
import type { DeliveryRecord } from "../outbox.ts";
import type { DestinationResult } from "../result.ts";
import { quietUntil } from "./telling.ts";

/** Takes a delivery of this lane over until then (epoch milliseconds). */
export type HoldBack = (delivery: DeliveryRecord, until: number) => void;

export interface PutOffParts {
  readonly clock: Clock;
  readonly book: Pick<Book, "conclude">;
  readonly holdBack: HoldBack;
}

export function createPutOff({ clock, book, holdBack }: PutOffParts): (delivery: DeliveryRecord) => void {
  return (delivery) => {
    const now = clock.now();
    // Both in the same turn, so that a store keeps both or neither.
    holdBack(delivery, quietUntil(delivery, delivery.lane) ?? now);
    void book.conclude([{ delivery, result: resultOf(delivery), attempt: null, settledAt: now }]);
  };
}

/** Its own notification goes on elsewhere, and tells it there. */
function resultOf({ lane: destination, attempts, edited, notification }: DeliveryRecord): DestinationResult {
  if (edited === 0) return { destination, status: "folded", attempts, into: notification.id };
  const inPlace = { how: "edit", because: "as-configured" } as const;
  return { destination, status: "delivered", attempts, messageId: null, possibleRepeat: false, inPlace };
}
