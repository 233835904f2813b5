/**
 * After a restart: what the outbox still holds goes back into its lanes. What concerns a destination that is not there is kept for when
 * it comes. What cannot be read is asked for again, with growing waits, for as long as the process lives; what is new goes on meanwhile.
 */
import type { Facts } from "./facts.ts";
import type { Intake } from "./intake.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import type { LaneBacklog, Outbox } from "./outbox.ts";
import type { Paging } from "./paging.ts";
import { createUnread, type UnreadParts } from "./unread.ts";
import { createWindows } from "./windows.ts";

/** Discord's most, and nobody else allows more. */
const MAX_PER_MESSAGE = 10;

export interface RestoreParts extends UnreadParts {
  /** The lane's next turn may have changed. */
  readonly look: (lane: Lane) => void;
  readonly outbox: Outbox;
  readonly lanes: Lanes;
  readonly intake: Intake;
  readonly paging: Paging;
  readonly facts: Pick<Facts, "isRecalled">;
}

export interface Restore {
  /**
   * @param starts when processes began of late, this one included: each but the first began because another had died
   * @param onHomeless told, now or later, of each lane of the outbox whose destination is not configured: it stays in the outbox. What it
   * throws says that it could not be read.
   */
  begin(starts: () => readonly number[], onHomeless: (found: LaneBacklog) => void): void;
  /** Takes up what concerns a destination that comes later. */
  claim(lane: Lane): void;
  /** What was told of as homeless is told of once more: somebody may know by now what to do with it. */
  offer(lane: string): void;
  /** Whether something waits for a destination of this name, which has not come. */
  isAwaited(name: string): boolean;
  /** The store may be readable again. */
  askNow(): void;
}

export function createRestore(parts: RestoreParts): Restore {
  const { clock, outbox, lanes, intake, paging, look } = parts;
  const beganAt = clock.now();
  const unread = createUnread(parts, () => {
    windows.ask(takeUpAll());
    for (const lane of lanes.all()) look(lane);
  });
  let tellHomeless: (found: LaneBacklog) => void = () => {};
  const homeless = new Map<string, number>();
  const windows = createWindows({ ...parts, beganAt });

  function takeUp(lane: Lane, waiting: number): boolean {
    const records = paging.begin(lane, waiting);
    if (records === null) return false;
    for (const [place, record] of records.entries()) {
      // What was under way when the process died may have arrived: one message, and that held no more than this many. What must not be
      // sent twice says so itself.
      const isOld = record.enqueuedAt <= beganAt && place < MAX_PER_MESSAGE;
      if (isOld && !record.notification.atMostOnce) record.possibleRepeat = true;
    }
    // What has come since stands behind: behind what is not held as well.
    const since = lane.queue.takeAll(() => true).filter((record) => !paging.keepsBack(lane, record));
    for (const record of [...records, ...since].sort((a, b) => (a.id < b.id ? -1 : 1)))
      if (!intake.fold(lane, record)) lane.queue.push(record);
    return true;
  }

  function settle(backlog: LaneBacklog): boolean {
    const lane = lanes.find(backlog.lane);
    if (lane !== undefined) {
      const isTaken = takeUp(lane, backlog.waiting);
      // Nobody else looks at it any more.
      if (isTaken && lane.isRemoved) look(lane);
      return isTaken;
    }
    try {
      tellHomeless(backlog);
    } catch {
      return false;
    }
    homeless.set(backlog.lane, backlog.waiting);
    return true;
  }

  /** @returns what was counted; `null` when not even that can be read */
  function takeUpAll(): readonly LaneBacklog[] | null {
    let backlogs: readonly LaneBacklog[];
    try {
      // Asked for once, because a store counts it.
      backlogs = outbox.backlog();
    } catch {
      unread.fail(null);
      return null;
    }
    for (const backlog of backlogs) {
      if (!unread.wants(backlog.lane)) continue;
      if (settle(backlog)) unread.read(backlog);
      else unread.fail(backlog.lane);
    }
    unread.counted(backlogs);
    return backlogs;
  }

  return {
    begin(starts, onHomeless) {
      tellHomeless = onHomeless;
      windows.begin(starts, takeUpAll());
    },
    claim(lane) {
      const { name } = lane;
      windows.claim(lane);
      const waiting = homeless.get(name);
      if (waiting !== undefined && !takeUp(lane, waiting)) unread.fail(name);
      homeless.delete(name);
    },
    offer(lane) {
      const waiting = homeless.get(lane);
      if (waiting !== undefined && !settle({ lane, waiting })) unread.fail(lane);
    },
    isAwaited: (name) => homeless.has(name),
    askNow() {
      unread.ask();
      windows.askNow();
    },
  };
}
