/**
 * Counts in each lane's windows what earlier processes sent shortly before: the remote has not forgotten it. What was under way when one
 * of them died is unknown and may still be on its way, so each lane that has something to send is taken to have sent it then,
 * to arrive within a second.
 *
 * Where that cannot be read, nobody knows what is left of any limit: then nothing leaves until it can be read, or until even what was sent
 * last has left the longest of a lane's windows. That is a minute at Discord; a refusal would have taken as long.
 *
 * Upstream the store, which is asked again meanwhile. Downstream the lanes, which wait.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { Facts } from "./facts.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import { limitersOf } from "./lane/limits.ts";
import type { LaneBacklog, Outbox } from "./outbox.ts";

/** Of the limits that Discord is known to have: 30 per minute and channel. */
const LONGEST_WINDOW_MS = 60_000;

/** How long after its sender's death a request may arrive. */
const ON_ITS_WAY_MS = 1_000;

const FIRST_RETRY_MS = 1_000;

export interface WindowsParts {
  readonly clock: Clock;
  readonly outbox: Pick<Outbox, "backlog" | "recentRequests">;
  readonly lanes: Lanes;
  /** Which limits are shared is remembered there. */
  readonly facts: Pick<Facts, "isRecalled">;
  readonly beganAt: number;
  readonly isClosed: () => boolean;
  readonly look: (lane: Lane) => void;
}

export interface Windows {
  /** @param backlogs `null` when not even that can be read */
  begin(starts: () => readonly number[], backlogs: readonly LaneBacklog[] | null): void;
  /** Of a destination that comes later. */
  claim(lane: Lane): void;
  /** This waits, as could be read now. */
  ask(backlogs: readonly LaneBacklog[] | null): void;
  /** The store may be readable again. */
  askNow(): void;
}

export function createWindows({ clock, outbox, lanes, facts, beganAt, isClosed, look }: WindowsParts): Windows {
  /** Of lanes that are not there, which instants count in their windows. */
  const uncounted = new Map<string, number[]>();
  let isKnown = true;
  let startsOf: () => readonly number[] = () => [];
  let retryMs = FIRST_RETRY_MS;
  let timer: Timer | null = null;

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

  function hold(lane: Lane): void {
    const { egress, pool, bucket } = lane.channel.limits;
    const intervals = [egress, pool, bucket].map((limit) => limit?.spec.intervalMs ?? 0);
    const longestMs = Math.max(...intervals);
    if (longestMs > 0) lane.unknownUntil = beganAt + ON_ITS_WAY_MS + longestMs;
  }

  /** @returns whether it could be read */
  function read(backlogs: readonly LaneBacklog[] | null): boolean {
    if (!facts.isRecalled || backlogs === null) return false;
    try {
      // What this process has sent itself is counted already.
      const earlier = outbox.recentRequests(beganAt - LONGEST_WINDOW_MS).filter(({ endedAt }) => endedAt <= beganAt);
      for (const { lane, endedAt } of earlier) count(lane, endedAt);
    } catch {
      return false;
    }
    for (const { lane } of backlogs) for (const startedAt of startsOf()) count(lane, startedAt + ON_ITS_WAY_MS);
    return true;
  }

  function backlogOrNull(): readonly LaneBacklog[] | null {
    try {
      return outbox.backlog();
    } catch {
      return null;
    }
  }

  function ask(backlogs: readonly LaneBacklog[] | null): void {
    if (isKnown || isClosed()) return;
    // In the end nothing of what was sent before counts any more.
    isKnown = clock.now() > beganAt + ON_ITS_WAY_MS + LONGEST_WINDOW_MS || read(backlogs);
    // Whoever asks for the rest says when it is there.
    if (!isKnown && facts.isRecalled && backlogs !== null) return plan();
    if (!isKnown) return;
    for (const lane of lanes.all()) {
      lane.unknownUntil = 0;
      look(lane);
    }
  }

  function plan(): void {
    if (timer !== null) return;
    timer = clock.schedule(clock.now() + retryMs, () => {
      timer = null;
      ask(backlogOrNull());
    });
    // A process with nothing else to do may end.
    timer.unref?.();
    retryMs *= 2;
  }

  return {
    begin(starts, backlogs) {
      startsOf = starts;
      isKnown = read(backlogs);
      if (isKnown) return;
      for (const lane of lanes.all()) hold(lane);
      if (facts.isRecalled && backlogs !== null) plan();
    },
    claim(lane) {
      for (const at of uncounted.get(lane.name) ?? []) countIn(lane, at);
      uncounted.delete(lane.name);
      if (!isKnown) hold(lane);
    },
    ask,
    askNow() {
      if (!isKnown && !isClosed()) ask(backlogOrNull());
    },
  };
}
