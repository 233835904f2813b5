/**
 * Ends that a storm would put into a digest, although they only have to change the messages of their beginnings: they stand back behind
 * everything else instead, so that no message stays red, and none that is new waits for a change.
 *
 * Upstream   a lane that has more than it is to carry. Downstream its queue, whose last priority they have.
 *
 * Pure but for the delivery that is given.
 */
import { MAX_PRIORITY } from "../../notification/bounds.ts";
import type { Lane } from "../lane/lane.ts";
import type { DeliveryRecord } from "../outbox.ts";
import { decideTelling } from "./telling.ts";

/** Between two of their changes, so that they leave half of the channel's 30 a minute to whatever is new. */
const CHANGE_EVERY_MS = 4_000;

export function isStoodBack({ notification: { phase, priority } }: DeliveryRecord): boolean {
  return phase === "resolved" && priority === -MAX_PRIORITY;
}

/** With four seconds for each message they are through within a quarter of an hour. */
const MAX_BEHIND = 200;

/** How many more ends a lane lets stand back: in all as many as may wait for anything else. The rest is for the digest. */
export function roomBehind({ queue, heldTo }: Pick<Lane, "queue" | "heldTo">, queueSize: number): number {
  // What only the store holds stands behind everything that is held.
  if (heldTo !== null) return 0;
  return Math.min(queueSize, MAX_BEHIND) - [...queue].filter(isStoodBack).length;
}

/** Parts what a digest was to tell: ends that can stand back, at most so many, and what it tells. */
export function partEnds(
  absorbed: readonly DeliveryRecord[],
  lane: Lane,
  room: number,
): { readonly behind: readonly DeliveryRecord[]; readonly told: readonly DeliveryRecord[] } {
  const behind: DeliveryRecord[] = [];
  const told: DeliveryRecord[] = [];
  const begun = new Set(absorbed.filter(({ notification }) => notification.phase === "firing").map(keyOf));
  for (const delivery of absorbed) {
    const { phase } = delivery.notification;
    // What begins again afterwards is told in its order.
    const canWait = phase === "resolved" && behind.length < room && !begun.has(keyOf(delivery));
    if (canWait && decideTelling(delivery, lane).how === "edit") behind.push(delivery);
    else told.push(delivery);
  }
  return { behind, told };
}

/** Behind everything else from now on, or, with a priority, among its equals again. */
export function moveTo(delivery: DeliveryRecord, priority = -MAX_PRIORITY): void {
  delivery.notification = { ...delivery.notification, priority };
}

/** The next of them leaves others the time to go first. */
export function spaceOut({ queue }: Pick<Lane, "queue">, now: number): void {
  const next = queue.head();
  if (next !== null && isStoodBack(next)) next.notBefore = Math.max(next.notBefore, now + CHANGE_EVERY_MS);
}

function keyOf({ notification: { key } }: DeliveryRecord): string | null {
  return key;
}
