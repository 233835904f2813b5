/** After a restart: what the outbox still holds goes back into its lanes. */
import type { Book } from "./book.ts";
import type { Intake } from "./intake.ts";
import type { Lanes } from "./lane/lanes.ts";
import type { DeliveryRecord, LaneBacklog, Outbox, Place } from "./outbox.ts";

/** Read from the outbox at a time. */
const PAGE_SIZE = 1_000;
/** Discord's most, and nobody else allows more. */
const MOST_PER_MESSAGE = 10;

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
      if (place++ < MOST_PER_MESSAGE) record.possibleRepeat = true;
      book.enter(record, null);
      if (!intake.fold(lane, record)) lane.queue.push(record);
    }
  }
  return homeless;
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
