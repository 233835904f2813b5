/** Deliveries for tests: name what matters, the rest is plain. */
import type { DeliveryId, DeliveryRecord } from "../src/delivery/outbox.ts";
import { aNotification } from "./notifications.ts";

/** A delivery with the id `dlv_<name>`, to the lane `a`. */
export function aDelivery(name: string, overrides: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    id: `dlv_${name}` as DeliveryId,
    lane: "a",
    notification: aNotification(),
    enqueuedAt: 0,
    attempts: 0,
    failures: 0,
    notBefore: 0,
    degrade: [],
    possibleRepeat: false,
    alone: false,
    edited: 0,
    matters: [],
    elsewhere: [],
    ...overrides,
  };
}
