/**
 * Of what waits, no more is in memory than the policy says, in a lane and over all lanes.
 *
 * What is more important than what waits already is always held, and so is what has stood back: of those at most as many as may wait at
 * all. The bound of the policy is for the rest, which is what a flood consists of. While the store owes writes nothing can be left to it, and what has gathered then is let go of by sending it.
 */
import { isStoodBack } from "../../../src/delivery/in-place/stand-back.ts";
import type { DeliveryRecord } from "../../../src/delivery/outbox.ts";
import { LANES } from "../lanes.ts";
import { pagingOf } from "../plan.ts";
import type { ObservedProcess, Scene } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import type { Watch } from "./watch.ts";

/** Digests take nobody's place. */
const MAX_DIGESTS = 6;
/** Ends that stand back in one lane. */
const MAX_BEHIND = 200;
const ALL = "all lanes";

export function watchMemory(scene: Scene): Watch {
  const { plan } = scene;
  const { mostHeld, mostHeldInAll, fewestHeld, pageSize } = pagingOf(plan);
  // What was under way comes back, and the page that comes next is read while a few are left.
  const slack = plan.perMessage + pageSize + MAX_DIGESTS;
  let allowances = new Map<string, number>();
  let last: ObservedProcess | null = null;

  /** What could not be let go of is allowed until it has gone. */
  function beyond(where: string, held: number, { bound, isFree }: { bound: number; isFree: boolean }): Violation[] {
    const allowed = Math.max(bound, allowances.get(where) ?? 0);
    // What is under way meanwhile may come back.
    const gathered = held + plan.perMessage * (where === ALL ? LANES.length : 1);
    allowances.set(where, isFree ? Math.min(allowed, Math.max(bound, held)) : Math.max(allowed, gathered));
    if (!isFree || held <= allowed) return [];
    return [violation("memory stays within its bound", `${held} of ${where} are held, where ${allowed} may be`)];
  }

  return () => {
    const { process } = scene;
    if (last !== process) allowances = new Map();
    last = process;
    const { engine, outbox, isAlive } = process;
    if (!isAlive() || (engine.book.held <= mostHeld && allowances.size === 0)) return [];
    const isFree = outbox.isCaughtUp && !process.isBlind();
    const lanes = engine.status().map(({ destination }) => {
      const all = engine.heldAt(destination);
      return { destination, all: all.length, held: floodIn(all) };
    });
    const mostAtAll = process.mayWait + Math.min(plan.queueSize, MAX_BEHIND) + slack;
    const inAll = lanes.reduce((sum, { held }) => sum + held, 0);
    return [
      ...lanes.flatMap(({ destination, all }) => beyond(`all ${destination}`, all, { bound: mostAtAll, isFree })),
      ...lanes.flatMap(({ destination, held }) => beyond(destination, held, { bound: mostHeld + slack, isFree })),
      ...beyond(ALL, inAll, { bound: mostHeldInAll + lanes.length * (fewestHeld + slack), isFree }),
    ];
  };
}

/** Of the least important that are held. */
function floodIn(all: readonly DeliveryRecord[]): number {
  const held = all.filter((one) => !isStoodBack(one));
  const least = held.at(-1)?.notification.priority;
  return held.filter(({ notification }) => notification.priority === least).length;
}
