/**
 * Puts what waits in a lane into one message, as far as it goes together: in order, with the same pings, and within what the channel
 * says fits. A message may hold several notifications; each keeps a verdict of its own.
 */
import type { SendRequest } from "../channel.ts";
import type { DeliveryRecord } from "../outbox.ts";
import { type Lane, whyNotTold } from "./lane.ts";

/** Takes the head and what may share its message out of the queue. One or more. */
export function takeBatch(
  lane: Lane,
  { batching, now }: { readonly batching: boolean; readonly now: number },
): readonly [DeliveryRecord, ...DeliveryRecord[]] {
  const { queue, channel } = lane;
  const first = queue.take()!;
  const batch: [DeliveryRecord, ...DeliveryRecord[]] = [first];
  if (!batching || channel.fits === undefined || !isSociable(first)) return batch;
  for (let next = queue.head(); next !== null; next = queue.head()) {
    if (!isSociable(next) || next.notBefore > now || whyNotTold(lane, next, now) !== null || !samePolicy(first, next))
      break;
    if (!channel.fits([...batch, next].map(({ notification }) => notification))) break;
    queue.take();
    batch.push(next);
  }
  return batch;
}

export function requestOf(deliveries: readonly DeliveryRecord[], now: number): SendRequest {
  const [first, ...others] = deliveries as readonly [DeliveryRecord, ...DeliveryRecord[]];
  return {
    notifications: [first.notification, ...others.map(({ notification }) => notification)],
    attempt: first.attempts,
    degrade: first.degrade,
    now,
  };
}

/** Text above the embeds and files belong to a message of their own, and so does what was refused before. */
function isSociable({ alone, degrade, notification }: DeliveryRecord): boolean {
  return !alone && degrade.length === 0 && notification.content === null && notification.files.length === 0;
}

function samePolicy({ notification: a }: DeliveryRecord, { notification: b }: DeliveryRecord): boolean {
  return (
    a.atMostOnce === b.atMostOnce &&
    a.mentions.length === b.mentions.length &&
    a.mentions.every((mention, index) => mention === b.mentions[index])
  );
}
