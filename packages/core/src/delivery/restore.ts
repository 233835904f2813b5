/**
 * After a restart: what the outbox still holds goes back into its lanes. What concerns a destination that is not there is kept for when
 * it comes.
 */
import type { Intake } from "./intake.ts";
import type { Lane } from "./lane/lane.ts";
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
  readonly outbox: Outbox;
  readonly lanes: Lanes;
  readonly intake: Intake;
  readonly paging: Paging;
}

export interface Restore {
  /**
   * @param starts when processes began of late, this one included: each but the first began because another had died
   * @returns what waits for destinations that are not configured; it stays in the outbox
   */
  begin(starts: readonly number[]): readonly LaneBacklog[];
  /** Takes up what concerns a destination that comes later. */
  claim(lane: Lane): void;
  /** Whether something waits for a destination of this name, which has not come. */
  isAwaited(name: string): boolean;
}

export function createRestore({ outbox, lanes, intake, paging }: RestoreParts): Restore {
  const homeless = new Map<string, number>();
  /** Of lanes that are not there, which instants count in their windows. */
  const uncounted = new Map<string, number[]>();

  function takeUp(lane: Lane, waiting: number): void {
    for (const [place, record] of paging.begin(lane, waiting).entries()) {
      // What was under way when the process died may have arrived: one message, and that held no more than this many. What must not be
      // sent twice says so itself.
      if (place < MOST_PER_MESSAGE && !record.notification.atMostOnce) record.possibleRepeat = true;
      if (!intake.fold(lane, record)) lane.queue.push(record);
    }
  }

  function count(name: string, at: number): void {
    const lane = lanes.get(name);
    if (lane !== undefined) return countIn(lane, at);
    const instants = uncounted.get(name);
    if (instants === undefined) uncounted.set(name, [at]);
    else instants.push(at);
  }

  function countIn(lane: Lane, at: number): void {
    for (const limiter of limitersOf(lane, lanes.egressOf(lane)?.gate ?? null)) limiter.count(at);
  }

  /**
   * Counts in each lane's windows what earlier processes sent shortly before: the remote has not forgotten it. What was under way when one
   * of them died is unknown and may still be on its way, so each lane that has something to send is taken to have sent it then,
   * to arrive within a second.
   */
  function countAll(starts: readonly number[], backlogs: readonly LaneBacklog[]): void {
    const now = starts.at(-1) ?? 0;
    for (const { lane, endedAt } of outbox.recentRequests(now - LONGEST_WINDOW_MS)) count(lane, endedAt);
    for (const { lane } of backlogs) for (const startedAt of starts) count(lane, startedAt + ON_ITS_WAY_MS);
  }

  return {
    begin(starts) {
      // Asked for once, because a store counts it.
      const backlogs = outbox.backlog();
      countAll(starts, backlogs);
      for (const { lane: name, waiting } of backlogs) {
        const lane = lanes.get(name);
        if (lane === undefined) homeless.set(name, waiting);
        else takeUp(lane, waiting);
      }
      return backlogs.filter(({ lane }) => homeless.has(lane));
    },
    claim(lane) {
      const { name } = lane;
      for (const at of uncounted.get(name) ?? []) countIn(lane, at);
      uncounted.delete(name);
      const waiting = homeless.get(name);
      if (waiting !== undefined) takeUp(lane, waiting);
      homeless.delete(name);
    },
    isAwaited: (name) => homeless.has(name),
  };
}
