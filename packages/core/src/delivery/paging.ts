/**
 * Keeps the memory of a long lane within bounds: of what waits, only the front is held; the rest is in the outbox and comes in, page by
 * page, as the lane moves on.
 *
 * Must stay true: whatever is not held stands behind everything that is, in sending order. A newcomer that belongs in
 * front is therefore always held.
 *
 * So the bound of the policy is one of what comes at the end of its lane, which is what a flood consists of. What is more important than
 * the last that is held is bounded by what may wait at all (`queueSize`: 100, unless somebody wants more), together with the digests of
 * the lane; besides them stand at most 200 ends that have stood back, and what comes back from a request that has failed. To let go of
 * what is held already would put its last change, which may not be written yet, at the mercy of the next read.
 */
import type { Book } from "./book.ts";
import type { Lane } from "./lane/lane.ts";
import type { DeliveryRecord, Outbox, Place } from "./outbox.ts";
import { isBehind, placeOf } from "./place.ts";
import { createRear, type Rear } from "./rear.ts";

export interface PagingPolicy {
  /** Most that a lane holds of the least important that it holds. @defaultValue 2_000, about 3 MB of typical notifications */
  readonly mostHeld: number;
  /** When all lanes together hold so many, each holds no more than `fewestHeld` of what comes. @defaultValue 5_000, about 8 MB */
  readonly mostHeldInAll: number;
  /** The next page comes in when fewer are left: a few messages' worth. @defaultValue 100 */
  readonly fewestHeld: number;
  /** Deliveries read at a time: so many that they cost a few milliseconds, because after a restart each lane reads a page before its first request. @defaultValue 250 */
  readonly pageSize: number;
}

export const DEFAULT_PAGING_POLICY = {
  mostHeld: 2_000,
  mostHeldInAll: 5_000,
  fewestHeld: 100,
  pageSize: 250,
} as const satisfies PagingPolicy;

export interface PagingParts extends Partial<PagingPolicy> {
  readonly outbox: Outbox;
  readonly book: Book;
}

export interface Paging {
  /** Whether this newcomer is left to the outbox. */
  keepsBack(lane: Lane, record: DeliveryRecord): boolean;
  /**
   * Brings in what comes next, when little is left. While the store owes writes it would give back what has been told already, so
   * nothing comes in. @returns whether the lane has to be looked at again because of that
   */
  refill(lane: Lane): "done" | "later";
  /**
   * Takes up a lane whose backlog is in the outbox, perhaps after others have come.
   *
   * @param waiting in the outbox, those that are held included
   * @returns what is held of it from now on, in sending order; `null` when it cannot be read now
   */
  begin(lane: Lane, waiting: number): readonly DeliveryRecord[] | null;
  /** What gives way first of what is not held. */
  readonly rear: Rear;
}

export function createPaging({ outbox, book, ...overrides }: PagingParts): Paging {
  const { mostHeld, mostHeldInAll, fewestHeld, pageSize } = { ...DEFAULT_PAGING_POLICY, ...overrides };
  const rear = createRear({ outbox, book, pageSize });

  function takeIn(lane: Lane, page: readonly DeliveryRecord[]): readonly DeliveryRecord[] {
    const last = page.at(-1);
    const isAll = last === undefined || page.length < pageSize;
    lane.heldTo = isAll ? null : placeOf(last);
    // What was folded stands further in front than its place in the outbox, and is held already.
    const fresh = page.filter(({ id }) => !book.holds(id));
    for (const record of fresh) book.takeBack(record);
    lane.beyond -= fresh.length;
    if (isAll && lane.beyond !== 0) {
      book.countAbsent(-lane.beyond);
      lane.beyond = 0;
    }
    return fresh;
  }

  /** `null` when the store cannot be read: it has said so itself. */
  function read(name: string, after: Place | null): readonly DeliveryRecord[] | null {
    try {
      return outbox.page(name, after, pageSize);
    } catch {
      return null;
    }
  }

  return {
    keepsBack(lane, record) {
      if (lane.heldTo === null) {
        // Only a store that has everything may be the only one that has it.
        const isMuch = lane.queue.size >= (book.held > mostHeldInAll ? fewestHeld : mostHeld);
        const last = isMuch && outbox.isCaughtUp ? lane.queue.last() : null;
        if (last === null || !isBehind(record, placeOf(last))) return false;
        lane.heldTo = placeOf(last);
      } else if (!isBehind(record, lane.heldTo)) return false;
      lane.beyond++;
      book.letGo(record);
      rear.joined(lane, record);
      return true;
    },
    refill(lane) {
      // A page may hold nothing new: then the next one has to be looked at as well.
      while (lane.heldTo !== null && lane.queue.size < fewestHeld) {
        const page = outbox.isCaughtUp ? read(lane.name, lane.heldTo) : null;
        if (page === null) return "later";
        for (const record of takeIn(lane, page)) lane.queue.push(record);
      }
      return "done";
    },
    begin(lane, waiting) {
      const page = read(lane.name, null);
      if (page === null) return null;
      const queued = new Set([...lane.queue].map(({ id }) => id));
      // What is under way or being settled is counted among them, and stands in front; the last page puts right what does not.
      const leaving = page.filter(({ id }) => book.holds(id) && !queued.has(id)).length;
      const beyond = Math.max(0, waiting - lane.queue.size - leaving);
      book.countAbsent(beyond - lane.beyond);
      lane.beyond = beyond;
      return takeIn(lane, page);
    },
    rear,
  };
}
