/** Where deliveries stand in their lane: the order of sending. Pure. */
import type { DeliveryRecord, Place } from "./outbox.ts";

export function placeOf({ notification, id }: DeliveryRecord): Place {
  return { priority: notification.priority, id };
}

export function isBehind({ notification, id }: DeliveryRecord, place: Place): boolean {
  return notification.priority < place.priority || (notification.priority === place.priority && id > place.id);
}

/** Before all of this priority. */
export function frontOf(priority: number): Place {
  return { priority, id: "dlv_" };
}

/** Behind all of this priority: no id has this character. */
export function endOf(priority: number): Place {
  return { priority, id: "dlv_~" };
}
