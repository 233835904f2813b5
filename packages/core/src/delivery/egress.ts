/**
 * The way out to one remote: all requests of this address pass here, highest priority first, within the remote's limit for an
 * address, and not at all while the address is banned.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { BanGuard } from "./ban-guard.ts";
import { createHeap } from "./lane/heap.ts";
import type { Lane, WaitReason } from "./lane/lane.ts";
import type { Gate } from "./pacing/gate.ts";

export interface Egress {
  readonly key: string;
  readonly gate: Gate;
  readonly guard: BanGuard;
  /** Whether a lane that asks now goes at once: nobody is in line, and nothing holds anybody back. */
  isFree(now: number): boolean;
  /** Admits this lane as soon as there is room; lanes of higher priority come first. */
  request(lane: Lane, now: number): void;
  /** Looks again whether the first in line may go; to be called when a request has ended. */
  admit(now: number): void;
  stop(): void;
}

export interface EgressParts {
  readonly key: string;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly guard: BanGuard;
  /** Starts the lane's next request, if it still has one to start. */
  readonly start: (lane: Lane, now: number) => void;
}

/** A place in the line; void once the lane's version has moved on. */
interface Ticket {
  readonly lane: Lane;
  readonly version: number;
  readonly priority: number;
  readonly order: number;
}

export function createEgress({ key, clock, gate, guard, start }: EgressParts): Egress {
  const line = createHeap<Ticket>(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.order < b.order),
  );
  let order = 0;
  let timer: Timer | null = null;
  let timerAt = Number.POSITIVE_INFINITY;

  function admit(now: number): void {
    for (let first = line.peek(); first !== undefined; first = line.peek()) {
      const isVoid = first.version !== first.lane.version;
      const wait = isVoid ? null : egressWait({ gate, guard }, now);
      if (wait !== null) return sleepUntil(wait.until);
      line.pop();
      if (!isVoid) start(first.lane, now);
    }
    sleepUntil(Number.POSITIVE_INFINITY);
  }

  /** An infinite wait ends with a request under way, which calls `admit`. */
  function sleepUntil(at: number): void {
    if (at === timerAt) return;
    timer?.cancel();
    timerAt = at;
    timer = at === Number.POSITIVE_INFINITY ? null : clock.schedule(at, onDue);
  }

  function onDue(): void {
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    admit(clock.now());
  }

  return {
    key,
    gate,
    guard,
    isFree: (now) => line.size === 0 && egressWait({ gate, guard }, now) === null,
    request(lane, now) {
      const priority = lane.queue.head()?.notification.priority ?? 0;
      line.push({ lane, version: lane.version, priority, order: order++ });
      admit(now);
    },
    admit,
    stop: () => sleepUntil(Number.POSITIVE_INFINITY),
  };
}

/** Until when the egress lets nobody through, and why; `null` when it is free. */
export function egressWait(
  { gate, guard }: Pick<Egress, "gate" | "guard">,
  now: number,
): { until: number; because: WaitReason } | null {
  const guarded = guard.nextAt(now);
  const pacedAt = gate.nextAt(now);
  if (guarded.because !== "free" && guarded.at > now && guarded.at >= pacedAt)
    return { until: guarded.at, because: guarded.because };
  if (pacedAt > now) return { until: pacedAt, because: gate.blockedUntil > now ? "told-to-wait" : "paced-egress" };
  return null;
}
