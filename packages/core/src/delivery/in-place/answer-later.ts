/**
 * Ends that are told by both, a change and an answer: those that come together are changed first, one message after the other, and then
 * answered together. Answered one by one they would take as many messages again.
 *
 * Upstream   the head of a lane. Downstream the batch that goes next, which would else be the answer to the first change.
 */
import type { Lane } from "../lane/lane.ts";
import type { LaneQueue } from "../lane/queue.ts";
import type { DeliveryRecord } from "../outbox.ts";
import { decideTelling } from "./telling.ts";

/** As many as one message tells: no answer waits for more. */
const MAX_WAITING = 9;

/** Takes out the answers in front that wait for the change right behind them; none where no change is. Whoever calls puts them back. */
export function takeAnswersBeforeChange(
  lane: Lane,
  mayGo: (delivery: DeliveryRecord) => boolean,
): readonly DeliveryRecord[] {
  const { queue } = lane;
  const answers = takeAnswers(lane, queue.head());
  if (answers.length === 0) return answers;
  const next = queue.head();
  const isChange = next !== null && mayGo(next) && decideTelling(next, lane).how === "edit";
  if (answers.length <= MAX_WAITING && isChange && isOfOnePriority(answers[0], next)) return answers;
  putBackAll(queue, answers);
  return [];
}

/** In front again, and behind the answers that were there before it. */
export function putBack(lane: Lane, delivery: DeliveryRecord): void {
  const before = delivery.edited === 0 ? [] : takeAnswers(lane, delivery);
  lane.queue.putBack(delivery);
  putBackAll(lane.queue, before);
}

export function putBackAll(queue: LaneQueue, deliveries: readonly DeliveryRecord[]): void {
  // In reverse, so that the first is in front again.
  for (const delivery of deliveries.toReversed()) queue.putBack(delivery);
}

/** Those in front whose messages have been changed, of the priority of this one. */
function takeAnswers(lane: Lane, like: DeliveryRecord | null): readonly DeliveryRecord[] {
  const answers: DeliveryRecord[] = [];
  for (let head = lane.queue.head(); head !== null && answers.length <= MAX_WAITING; head = lane.queue.head()) {
    const isAnswer = head.edited > 0 && decideTelling(head, lane).how !== "edit";
    if (!isAnswer || !isOfOnePriority(like ?? undefined, head)) break;
    answers.push(lane.queue.take()!);
  }
  return answers;
}

function isOfOnePriority(one: DeliveryRecord | undefined, other: DeliveryRecord): boolean {
  return one !== undefined && one.notification.priority === other.notification.priority;
}
