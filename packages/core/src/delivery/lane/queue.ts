/**
 * What waits in one lane: higher priority first, first in first out within a priority.
 *
 * The delivery under way is not in here: it is taken, and put back in front when it has to be tried again.
 */
import type { DeliveryRecord } from "../outbox.ts";
import { createFifo, type Fifo } from "./fifo.ts";

export interface LaneQueue {
  readonly size: number;
  /** The next to go, or `null`. */
  head(): DeliveryRecord | null;
  /** The last to go, or `null`. */
  last(): DeliveryRecord | null;
  take(): DeliveryRecord | null;
  push(delivery: DeliveryRecord): void;
  /** Back in front of its priority. */
  putBack(delivery: DeliveryRecord): void;
  /** The newest that waits under this key, or `null`. */
  findByKey(key: string): DeliveryRecord | null;
  /** Puts the newer one where the older waits; when it is of another priority, behind its equals. */
  replace(older: DeliveryRecord, newer: DeliveryRecord): void;
  /** Takes out all that the test holds for, in the order in which they came. */
  takeAll(test: (delivery: DeliveryRecord) => boolean): readonly DeliveryRecord[];
  /** Takes out the one that has waited longest. */
  takeOldest(): DeliveryRecord | null;
  /** Takes out the one that has waited longest in the lowest priority. */
  takeLowest(): DeliveryRecord | null;
  lowestPriority(): number | null;
  /** In the order of sending. */
  [Symbol.iterator](): Iterator<DeliveryRecord>;
}

/** A place in the queue; empty once what stood there has moved on. */
interface Slot {
  delivery: DeliveryRecord | null;
}

interface Level {
  readonly priority: number;
  readonly slots: Fifo<Slot>;
}

export function createLaneQueue(): LaneQueue {
  return new PriorityQueue();
}

class PriorityQueue implements LaneQueue {
  /** Highest priority first. */
  readonly #levels: Level[] = [];
  readonly #slotByKey = new Map<string, Slot>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  head(): DeliveryRecord | null {
    return this.#front(0)?.delivery ?? null;
  }

  last(): DeliveryRecord | null {
    if (this.#front(-1) === null) return null;
    let last: DeliveryRecord | null = null;
    for (const { delivery } of this.#levels.at(-1)!.slots) last = delivery ?? last;
    return last;
  }

  take(): DeliveryRecord | null {
    return this.#takeOut(this.#front(0));
  }

  push(delivery: DeliveryRecord): void {
    this.#putIn(delivery, "push");
  }

  putBack(delivery: DeliveryRecord): void {
    this.#putIn(delivery, "unshift");
  }

  findByKey(key: string): DeliveryRecord | null {
    return this.#slotByKey.get(key)?.delivery ?? null;
  }

  replace(older: DeliveryRecord, newer: DeliveryRecord): void {
    const slot = this.#slotByKey.get(older.notification.key ?? "");
    if (slot?.delivery === older && levelOf(older) === levelOf(newer)) {
      slot.delivery = newer;
      return;
    }
    if (slot?.delivery === older) this.#takeOut(slot);
    this.#putIn(newer, "push");
  }

  takeAll(test: (delivery: DeliveryRecord) => boolean): readonly DeliveryRecord[] {
    const taken: DeliveryRecord[] = [];
    for (const { slots } of this.#levels) {
      for (const slot of slots) {
        if (slot.delivery !== null && test(slot.delivery)) taken.push(this.#takeOut(slot)!);
      }
    }
    return taken.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  takeOldest(): DeliveryRecord | null {
    this.#clearEmptyLevels();
    const fronts = this.#levels.flatMap(({ slots }) => slots.peek() ?? []);
    const oldest = fronts.reduce<Slot | null>(
      (best, slot) => (best === null || slot.delivery!.id < best.delivery!.id ? slot : best),
      null,
    );
    return this.#takeOut(oldest);
  }

  takeLowest(): DeliveryRecord | null {
    return this.#takeOut(this.#front(-1));
  }

  lowestPriority(): number | null {
    const lowest = this.#front(-1)?.delivery ?? null;
    return lowest === null ? null : levelOf(lowest);
  }

  *[Symbol.iterator](): Iterator<DeliveryRecord> {
    for (const { slots } of this.#levels) for (const { delivery } of slots) if (delivery !== null) yield delivery;
  }

  #clearEmptyLevels(): void {
    for (let place = this.#levels.length - 1; place >= 0; place--) this.#clearFront(place);
  }

  /** The first slot of the first (0) or last (-1) level that holds something. */
  #front(end: 0 | -1): Slot | null {
    for (let left = this.#levels.length; left > 0; left--) {
      const slot = this.#clearFront(end === 0 ? 0 : this.#levels.length - 1);
      if (slot !== null) return slot;
    }
    return null;
  }

  /** Drops empty slots in front of a level, and the level itself when nothing is left of it. The last one stays: most lanes have only ever one. */
  #clearFront(place: number): Slot | null {
    const { slots } = this.#levels[place]!;
    for (let slot = slots.peek(); slot !== null; slot = slots.peek()) {
      if (slot.delivery !== null) return slot;
      slots.shift();
    }
    if (this.#levels.length > 1) this.#levels.splice(place, 1);
    return null;
  }

  #takeOut(slot: Slot | null): DeliveryRecord | null {
    const delivery = slot?.delivery ?? null;
    if (slot === null || delivery === null) return null;
    slot.delivery = null;
    this.#size--;
    const { key } = delivery.notification;
    if (key !== null && this.#slotByKey.get(key) === slot) this.#slotByKey.delete(key);
    return delivery;
  }

  #putIn(delivery: DeliveryRecord, side: "push" | "unshift"): void {
    const slot = { delivery };
    this.#levelFor(levelOf(delivery)).slots[side](slot);
    this.#size++;
    const { key } = delivery.notification;
    // The newest of a key is the one that the next is folded into; one put back is older than any that waits.
    if (key !== null && (side === "push" || !this.#slotByKey.has(key))) this.#slotByKey.set(key, slot);
  }

  #levelFor(priority: number): Level {
    let place = 0;
    while (place < this.#levels.length && this.#levels[place]!.priority > priority) place++;
    const found = this.#levels[place];
    if (found?.priority === priority) return found;
    const level = { priority, slots: createFifo<Slot>() };
    this.#levels.splice(place, 0, level);
    return level;
  }
}

function levelOf({ notification }: DeliveryRecord): number {
  return notification.priority;
}
