/**
 * Puts what waits in a lane into one message, as far as it goes together: in order, with the same pings, and within what the channel
 * says fits. A message may hold several notifications; each keeps a verdict of its own.
 *
 * What changes the same earlier message goes together as well: ten alerts that were told in one message are over in one request.
 */
import type { Notification } from "../../notification/notification.ts";
import { resolvedForm } from "../../notification/recovery.ts";
import type { SendRequest } from "../channel.ts";
import { putBackAll, takeAnswersBeforeChange } from "../in-place/answer-later.ts";
import { isStoodBack } from "../in-place/stand-back.ts";
import { decideTelling, type Telling } from "../in-place/telling.ts";
import type { DeliveryRecord } from "../outbox.ts";
import { type Lane, whyNotTold } from "./lane.ts";

/** What one request tells, and for each delivery where. */
export interface Batch {
  readonly deliveries: readonly [DeliveryRecord, ...DeliveryRecord[]];
  readonly tellings: readonly [Telling, ...Telling[]];
}

/** Takes the head and what may share its message out of the queue. One or more. */
export function takeBatch(lane: Lane, { batching, now }: { readonly batching: boolean; readonly now: number }): Batch {
  const { queue } = lane;
  const mayGo = (one: DeliveryRecord): boolean => one.notBefore <= now && whyNotTold(lane, one, now) === null;
  const later = batching ? takeAnswersBeforeChange(lane, mayGo) : [];
  const first = queue.take()!;
  const deliveries: [DeliveryRecord, ...DeliveryRecord[]] = [first];
  const tellings: [Telling, ...Telling[]] = [decideTelling(first, lane)];
  for (let next = queue.head(); batching && next !== null; next = queue.head()) {
    const telling = decideTelling(next, lane);
    if (!mayGo(next)) break;
    if (!goTogether(tellings[0], telling)) break;
    if (telling.how !== "edit" && !fitIn(lane, deliveries, next)) break;
    queue.take();
    deliveries.push(next);
    tellings.push(telling);
  }
  putBackAll(queue, later);
  if (batching && isStoodBack(first)) gather(lane, { deliveries, tellings }, now);
  return { deliveries, tellings };
}

/** Whatever else has stood back to change the same message. */
function gather(lane: Lane, batch: { deliveries: DeliveryRecord[]; tellings: Telling[] }, now: number): void {
  const [telling] = batch.tellings;
  if (telling?.how !== "edit") return;
  const isOfSame = (one: DeliveryRecord): boolean =>
    isStoodBack(one) && whyNotTold(lane, one, now) === null && goTogether(telling, decideTelling(one, lane));
  for (const one of lane.queue.takeAll(isOfSame)) {
    batch.deliveries.push(one);
    batch.tellings.push(decideTelling(one, lane));
  }
}

/** The request that tells them. */
export function requestOf({ deliveries, tellings }: Batch, now: number): SendRequest {
  const [{ notification: first, attempts: attempt, degrade }, ...others] = deliveries;
  const [telling] = tellings;
  if (telling.how === "edit") {
    const { message } = telling;
    const [head, ...rest] = changed({ deliveries, tellings });
    return { notifications: [head!, ...rest], attempt, degrade: message.degrade, now, edit: message };
  }
  const notifications = [first, ...others.map(({ notification }) => notification)] as const;
  if (tellings.every(({ how }) => how !== "answer")) return { notifications, attempt, degrade, now };
  const answers = tellings.map((one) => (one.how === "answer" ? one.to : null));
  return { notifications, attempt, degrade, now, answers };
}

/** What the message that they change tells from then on: of each that is over, its resolved form; the rest as it was. */
export function changed({ deliveries, tellings }: Batch): readonly Notification[] {
  const [first] = tellings;
  const notifications = first.how === "edit" ? [...first.message.notifications] : [];
  for (const [index, telling] of tellings.entries()) {
    if (telling.how !== "edit") continue;
    const { place, since } = telling;
    notifications[place] = resolvedForm(notifications[place]!, deliveries[index]!.notification, since);
  }
  return notifications;
}

function goTogether(a: Telling, b: Telling): boolean {
  if (a.how === "edit" && b.how === "edit") return a.message.id === b.message.id;
  return a.how !== "edit" && b.how !== "edit" && threadOf(a) === threadOf(b);
}

function threadOf(telling: Telling): string | null {
  return telling.how === "answer" ? telling.to.threadId : null;
}

function fitIn(
  { channel }: Lane,
  batch: readonly [DeliveryRecord, ...DeliveryRecord[]],
  next: DeliveryRecord,
): boolean {
  const [first] = batch;
  if (channel.fits === undefined || !isSociable(first) || !isSociable(next) || !samePolicy(first, next)) return false;
  return channel.fits([...batch, next].map(({ notification }) => notification));
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
