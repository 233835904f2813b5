/**
 * The front of a lane: what of it is held in memory, less what is not worth telling any more.
 *
 * What only the store holds comes in while the store has everything; while it owes writes the lane is looked at again later.
 */
import type { AttemptError } from "./channel.ts";
import { type Lane, whyNotTold } from "./lane/lane.ts";
import type { DeliveryRecord } from "./outbox.ts";
import type { Paging } from "./paging.ts";
import type { FailureReason } from "./result.ts";

export interface Front {
  /** Brings in what comes next and takes out what is expired, or the end of something whose beginning was not told. */
  prepare(lane: Lane, now: number): void;
  /** Takes everything out, what only the store holds included. */
  clear(lane: Lane, reason: FailureReason, error: AttemptError | null): void;
}

export interface FrontParts {
  readonly paging: Paging;
  readonly drop: (delivery: DeliveryRecord, reason: FailureReason, error: AttemptError | null) => void;
  /** What would be too loud now. */
  readonly putOff: (delivery: DeliveryRecord) => void;
  readonly lookLater: (lane: Lane) => void;
}

export function createFront({ paging, drop, putOff, lookLater }: FrontParts): Front {
  function weed(lane: Lane, now: number): void {
    for (let head = lane.queue.head(); head !== null; head = lane.queue.head()) {
      const reason = whyNotTold(lane, head, now);
      if (reason === null) return;
      lane.queue.take();
      if (reason === "quiet-hours") putOff(head);
      else drop(head, reason, null);
    }
  }

  return {
    prepare(lane, now) {
      let refilled: "done" | "later";
      do {
        refilled = paging.refill(lane);
        weed(lane, now);
        // A whole page may have expired.
      } while (lane.queue.size === 0 && lane.heldTo !== null && refilled === "done");
      if (refilled === "later") lookLater(lane);
    },
    clear(lane, reason, error) {
      let refilled = paging.refill(lane);
      for (let next = lane.queue.take(); next !== null; next = lane.queue.take()) {
        drop(next, reason, error);
        // It may be now that the store cannot be read.
        refilled = paging.refill(lane);
      }
      if (refilled === "later") lookLater(lane);
    },
  };
}
