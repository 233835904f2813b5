/** After a restart: what the outbox still holds goes back into its lanes. */
import type { Book } from "./book.ts";
import type { Intake } from "./intake.ts";
import type { Lanes } from "./lane/lanes.ts";
import { limitersOf } from "./lane/limits.ts";
import type { DeliveryRecord, LaneBacklog, Outbox, Place } from "./outbox.ts";

/** Read from the outbox at a time. */
const PAGE_SIZE = 1_000;
/** Discord's most, and nobody else allows more. */
const MOST_PER_MESSAGE = 10;

/** Of the limits that Discord is known to have: 30 per minute and channel. */
const LONGEST_WINDOW_MS = 60_000;

/** How long after its sender's death a request may arrive. */
const ON_ITS_WAY_MS = 1_000;

export interface RestoreParts {
  readonly outbox: Outbox;
  readonly book: Book;
  readonly lanes: Lanes;
  readonly intake: Intake;
}

/** @returns what waits for destinations that are no longer configured; it stays in the outbox */
export function restoreBacklog({ outbox, book, lanes, intake }: RestoreParts): readonly LaneBacklog[] {
  const homeless: LaneBacklog[] = [];
  for (const backlog of outbox.backlog()) {
    const lane = lanes.get(backlog.lane);
    if (lane === undefined) {
      homeless.push(backlog);
      continue;
    }
    let place = 0;
    for (const record of waitingIn(outbox, lane.name)) {
      // What was under way when the process died may have arrived: one message, and that held no more than this many.
      const wasStarted = record.possibleRepeat;
      if (place++ < MOST_PER_MESSAGE) record.possibleRepeat = true;
      book.enter(record, null);
      if (wasStarted && record.notification.atMostOnce) intake.refuse(record, "ambiguous-at-most-once", null);
      else if (!intake.fold(lane, record)) lane.queue.push(record);
    }
  }
  return homeless;
}

/**
 * Counts in each lane's windows what an earlier process sent shortly before: the remote has not forgotten it. What was under way when
 * that process died is unknown and may still be on its way, so each lane that had something to send is taken to have sent it, to arrive
 * within the next second.
 */
export function restoreWindows({ outbox, lanes }: Pick<RestoreParts, "outbox" | "lanes">, now: number): void {
  for (const { lane, endedAt } of outbox.recentRequests(now - LONGEST_WINDOW_MS)) count(lanes, lane, endedAt);
  for (const { lane } of outbox.backlog()) count(lanes, lane, now + ON_ITS_WAY_MS);
}

function count(lanes: Lanes, name: string, at: number): void {
  const lane = lanes.get(name);
  if (lane === undefined) return;
  for (const limiter of limitersOf(lane, lanes.egressOf(lane)?.gate ?? null)) limiter.count(at);
}

function* waitingIn(outbox: Outbox, lane: string): Iterable<DeliveryRecord> {
  let after: Place | null = null;
  for (;;) {
    const page = outbox.page(lane, after, PAGE_SIZE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_SIZE) return;
    after = { priority: last.notification.priority, id: last.id };
  }
}
