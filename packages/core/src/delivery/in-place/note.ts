/**
 * What a request that arrived changes of what stands at its destination.
 *
 * Upstream   the end of a request. To be called in the turn in which the verdict is written.
 */
import { beginningOf } from "../../notification/recovery.ts";
import type { MessageAddress } from "../channel.ts";
import { type Batch, changed } from "../lane/batch.ts";
import type { Lane } from "../lane/lane.ts";
import type { DeliveryRecord } from "../outbox.ts";
import { routeRecovery, wantsEdit } from "./telling.ts";
import { withoutBytes } from "./told.ts";

/** @param address of the message that tells the batch; `null` where the destination names none */
export function noteTold(
  lane: Lane,
  batch: Batch,
  about: { readonly address: MessageAddress | null; now: number },
): void {
  const { deliveries, tellings } = batch;
  const { told } = lane;
  if (tellings[0].how === "edit") told.hold({ ...tellings[0].message, notifications: changed(batch) });
  else noteMessage(lane, batch, about);
  for (const [index, { notification, matters }] of deliveries.entries()) {
    noteDigested(lane, matters, about.now);
    const { key, phase } = notification;
    const telling = tellings[index]!;
    if (key !== null && phase === "resolved" && (telling.how !== "edit" || telling.isLast)) told.end(key);
  }
}

/** Its end is told elsewhere from now on: who takes over has to know of its beginning, or would not tell it. */
export function moveMatter(key: string, { from, to }: { readonly from: Lane; readonly to: Lane | null }): void {
  const matter = from.told.matter(key);
  if (matter === null) return;
  const { since } = matter;
  if (to !== null && !to.told.has(key)) to.told.tell(key, null, { label: to.channel.label, recovery: null, since });
  from.told.end(key);
}

/** What a digest tells has no part of its own in it. */
function noteDigested({ told, channel: { label } }: Lane, matters: DeliveryRecord["matters"], now: number): void {
  for (const [key, phase] of matters) {
    if (phase === "firing") told.tell(key, null, { label, recovery: null, since: now });
    else told.end(key);
  }
}

function noteMessage(
  lane: Lane,
  { deliveries }: Batch,
  { address, now }: { readonly address: MessageAddress | null; readonly now: number },
): void {
  const begun = deliveries.filter(({ notification: { key, phase } }) => key !== null && phase === "firing");
  if (begun.length === 0) return;
  const { label, inPlace } = lane.channel;
  for (const delivery of begun) {
    const part = address && { ...address, place: deliveries.indexOf(delivery) };
    const { notification } = delivery;
    const about = { label, recovery: routeRecovery(delivery, lane), since: beginningOf(notification) };
    lane.told.tell(notification.key!, part, about);
  }
  const willChange = begun.some((delivery) => wantsEdit(routeRecovery(delivery, lane) ?? lane.recovery));
  if (address === null || !willChange || !inPlace?.includes("edit")) return;
  const notifications = deliveries.map(({ notification }) => withoutBytes(notification));
  lane.told.hold({ ...address, at: now, degrade: deliveries[0]!.degrade, notifications });
}
