/** After a restart: what the outbox still holds goes back into its lanes. */
import type { Intake } from "./intake.ts";
import type { Lanes } from "./lane/lanes.ts";
import { limitersOf } from "./lane/limits.ts";
import type { LaneBacklog, Outbox } from "./outbox.ts";
import type { Paging } from "./paging.ts";

/** Discord's most, and nobody else allows more. */
const MOST_PER_MESSAGE = 10;

/** Of the limits that Discord is known to have: 30 per minute and channel. */
const LONGEST_WINDOW_MS = 60_000;

/** How long after its sender's death a request may arrive. */
const ON_ITS_WAY_MS = 1_000;

export interface RestoreParts {
  /** What waits, lane by lane: asked for once, because a store counts it. */
  readonly backlog: readonly LaneBacklog[];
  readonly lanes: Lanes;
  readonly intake: Intake;
  readonly paging: Paging;
}

/** @returns what waits for destinations that are no longer configured; it stays in the outbox */
export function restoreBacklog({ backlog, lanes, intake, paging }: RestoreParts): readonly LaneBacklog[] {
  const homeless: LaneBacklog[] = [];
  for (const one of backlog) {
    const lane = lanes.get(one.lane);
    if (lane === undefined) {
      homeless.push(one);
      continue;
    }
    for (const [place, record] of paging.begin(lane, one.waiting).entries()) {
      // What was under way when the process died may have arrived: one message, and that held no more than this many. What must not be
      // sent twice says so itself.
      if (place < MOST_PER_MESSAGE && !record.notification.atMostOnce) record.possibleRepeat = true;
      if (!intake.fold(lane, record)) lane.queue.push(record);
    }
  }
  return homeless;
}

/**
 * Counts in each lane's windows what earlier processes sent shortly before: the remote has not forgotten it. What was under way when one
 * of them died is unknown and may still be on its way, so each lane that has something to send is taken to have sent it then,
 * to arrive within a second.
 *
 * @param starts when processes began of late, this one included: each but the first began because another had died
 */
export function restoreWindows(
  { outbox, backlog, lanes }: Pick<RestoreParts, "backlog" | "lanes"> & { readonly outbox: Outbox },
  starts: readonly number[],
): void {
  const now = starts.at(-1) ?? 0;
  for (const { lane, endedAt } of outbox.recentRequests(now - LONGEST_WINDOW_MS)) count(lanes, lane, endedAt);
  for (const { lane } of backlog) for (const startedAt of starts) count(lanes, lane, startedAt + ON_ITS_WAY_MS);
}

function count(lanes: Lanes, name: string, at: number): void {
  const lane = lanes.get(name);
  if (lane === undefined) return;
  for (const limiter of limitersOf(lane, lanes.egressOf(lane)?.gate ?? null)) limiter.count(at);
}
