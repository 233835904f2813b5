/**
 * What waits in one lane: higher priority first, first in first out within a priority.
 *
 * The delivery under way is not in here: it is taken, and put back in front when it has to be tried again.
 */
import type { DeliveryRecord } from "../outbox.ts";

export interface LaneQueue {
  readonly size: number;
  /** The next to go, or `null`. */
  head(): DeliveryRecord | null;
  take(): DeliveryRecord | null;
  push(delivery: DeliveryRecord): void;
  /** Back in front of its priority. */
  putBack(delivery: DeliveryRecord): void;
  /** Takes out the one that has waited longest. */
  takeOldest(): DeliveryRecord | null;
  /** Takes out the one that has waited longest in the lowest priority. */
  takeLowest(): DeliveryRecord | null;
  lowestPriority(): number | null;
}

interface Level {
  readonly priority: number;
  readonly waiting: Fifo;
}

export function createLaneQueue(): LaneQueue {
  /** Highest priority first; empty levels are removed, so that first and last always hold something. */
  const levels: Level[] = [];
  let size = 0;

  function levelFor(priority: number): Level {
    let place = 0;
    while (place < levels.length && levels[place]!.priority > priority) place++;
    const found = levels[place];
    if (found?.priority === priority) return found;
    const level = { priority, waiting: createFifo() };
    levels.splice(place, 0, level);
    return level;
  }

  function takeFrom(level: Level | undefined): DeliveryRecord | null {
    const delivery = level?.waiting.shift() ?? null;
    if (level === undefined || delivery === null) return null;
    size--;
    if (level.waiting.peek() === null) levels.splice(levels.indexOf(level), 1);
    return delivery;
  }

  return {
    get size() {
      return size;
    },
    head: () => levels[0]?.waiting.peek() ?? null,
    take: () => takeFrom(levels[0]),
    push(delivery) {
      levelFor(delivery.notification.priority).waiting.push(delivery);
      size++;
    },
    putBack(delivery) {
      levelFor(delivery.notification.priority).waiting.unshift(delivery);
      size++;
    },
    takeOldest() {
      let oldest: Level | undefined;
      for (const level of levels) {
        if (oldest === undefined || level.waiting.peek()!.id < oldest.waiting.peek()!.id) oldest = level;
      }
      return takeFrom(oldest);
    },
    takeLowest: () => takeFrom(levels.at(-1)),
    lowestPriority: () => levels.at(-1)?.priority ?? null,
  };
}

interface Fifo {
  push(delivery: DeliveryRecord): void;
  unshift(delivery: DeliveryRecord): void;
  shift(): DeliveryRecord | null;
  peek(): DeliveryRecord | null;
}

/** An array with a moving start: `Array.shift` on a long queue moves every element. */
function createFifo(): Fifo {
  let items: (DeliveryRecord | undefined)[] = [];
  let first = 0;
  return {
    push(delivery) {
      items.push(delivery);
    },
    unshift(delivery) {
      if (first > 0) items[--first] = delivery;
      else items.unshift(delivery);
    },
    shift() {
      const delivery = items[first];
      if (delivery === undefined) return null;
      items[first++] = undefined;
      if (first === items.length) {
        items = [];
        first = 0;
      } else if (first > 1_024 && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return delivery;
    },
    peek: () => items[first] ?? null,
  };
}
