/**
 * The rear of a long lane: the least important of what only the store holds, which gives way first when the lane is full.
 *
 * Found by stepping from one priority to the next, of which there are few, and taken page by page from the lowest: a burst that displaces
 * a thousand reads a few pages. Looked at only while the store has everything; until then what is held has to do.
 *
 * Upstream the outbox. Downstream the decision about a full lane.
 */
import type { Book } from "./book.ts";
import type { Lane } from "./lane/lane.ts";
import type { DeliveryRecord, Outbox, Place } from "./outbox.ts";
import { endOf, frontOf, isBehind, placeOf } from "./place.ts";

export interface Rear {
  /** The lowest priority of what only the store holds; `null` when that is nothing, or cannot be read now. */
  lowestPriority(lane: Lane): number | null;
  /** Takes over the longest waiting of that priority for which the test holds, a page at most: whoever takes them ends them. */
  take(lane: Lane, test: (delivery: DeliveryRecord) => boolean, most?: number): readonly DeliveryRecord[];
  /** It is left to the store from now on. */
  joined(lane: Lane, record: DeliveryRecord): void;
}

export interface RearParts {
  readonly outbox: Outbox;
  readonly book: Book;
  readonly pageSize: number;
}

/** A page of the lowest priority, less what has been taken. */
interface Found {
  readonly priority: number;
  rest: readonly DeliveryRecord[];
  /** Where to read on. */
  readonly after: Place;
}

type BareLane = Pick<Lane, "name" | "heldTo">;

export function createRear({ outbox, book, pageSize }: RearParts): Rear {
  const known = new WeakMap<Lane, Found>();

  /** What has been brought in meanwhile, or is being ended, is not to be had any more. */
  function isLeft(record: DeliveryRecord, heldTo: Place): boolean {
    return isBehind(record, heldTo) && !book.holds(record.id);
  }

  /** From this place on, the first page with something left of this priority. */
  function readLevel({ name, heldTo }: BareLane, priority: number, from: Place): Found | null {
    for (let after = from; heldTo !== null; ) {
      const page = outbox.page(name, after, pageSize).filter((record) => record.notification.priority === priority);
      const last = page.at(-1);
      if (last === undefined) return null;
      after = placeOf(last);
      const rest = page.filter((record) => isLeft(record, heldTo));
      if (rest.length > 0) return { priority, rest, after };
    }
    return null;
  }

  function priorities({ name, heldTo }: BareLane): readonly number[] {
    const found: number[] = [];
    for (let after = heldTo; after !== null; ) {
      const [next] = outbox.page(name, after, 1);
      if (next === undefined) break;
      found.push(next.notification.priority);
      after = endOf(next.notification.priority);
    }
    return found;
  }

  function readLowest(lane: BareLane): Found | null {
    const { heldTo } = lane;
    for (const priority of priorities(lane).toReversed()) {
      const from = heldTo?.priority === priority ? heldTo : frontOf(priority);
      const found = readLevel(lane, priority, from);
      if (found !== null) return found;
    }
    return null;
  }

  function find(lane: Lane): Found | null {
    const { heldTo } = lane;
    if (heldTo === null || !outbox.isCaughtUp) return null;
    let found = known.get(lane) ?? null;
    if (found !== null) found.rest = found.rest.filter((record) => isLeft(record, heldTo));
    if (found?.rest.length === 0) found = readLevel(lane, found.priority, found.after);
    found ??= readLowest(lane);
    if (found === null) known.delete(lane);
    else known.set(lane, found);
    return found;
  }

  /** The store says itself when it cannot be read. */
  function findOrNone(lane: Lane): Found | null {
    try {
      return find(lane);
    } catch {
      return null;
    }
  }

  return {
    lowestPriority: (lane) => findOrNone(lane)?.priority ?? null,
    take(lane, test, most = pageSize) {
      const found = findOrNone(lane);
      const taken = found?.rest.filter(test).slice(0, most) ?? [];
      if (found !== null) found.rest = found.rest.filter((record) => !taken.includes(record));
      for (const record of taken) book.takeBack(record);
      lane.beyond -= taken.length;
      return taken;
    },
    joined(lane, { notification }) {
      const found = known.get(lane);
      if (found !== undefined && notification.priority < found.priority) known.delete(lane);
    },
  };
}
