/**
 * Wakes lanes when their waits are over: one timer, set to the next due instant, and none when nothing waits.
 *
 * A plan for a lane is void once the lane's `version` has moved on; void plans are dropped when they surface.
 */
import type { Clock, Timer } from "../../clock/clock.ts";
import { createHeap } from "./heap.ts";

export interface Sleeper {
  version: number;
}

export interface Schedule<Item extends Sleeper> {
  /** Wakes `item` at `at`, unless its version changes before. An infinite wait needs no timer: something else will wake it. */
  wakeAt(at: number, item: Item): void;
  stop(): void;
}

interface Plan<Item> {
  readonly at: number;
  readonly item: Item;
  readonly version: number;
}

export function createSchedule<Item extends Sleeper>(
  clock: Clock,
  wake: (items: readonly Item[], now: number) => void,
): Schedule<Item> {
  const plans = createHeap<Plan<Item>>((a, b) => a.at < b.at);
  let timer: Timer | null = null;
  let timerAt = Number.POSITIVE_INFINITY;

  function dropVoid(): void {
    for (let top = plans.peek(); top !== undefined && top.item.version !== top.version; top = plans.peek()) plans.pop();
  }

  function arm(): void {
    dropVoid();
    const at = plans.peek()?.at ?? Number.POSITIVE_INFINITY;
    if (at === timerAt) return;
    timer?.cancel();
    timerAt = at;
    timer = at === Number.POSITIVE_INFINITY ? null : clock.schedule(at, onDue);
  }

  function onDue(): void {
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    const now = clock.now();
    const due: Item[] = [];
    for (let top = plans.peek(); top !== undefined && top.at <= now; top = plans.peek()) {
      plans.pop();
      if (top.item.version === top.version) due.push(top.item);
    }
    if (due.length > 0) wake(due, now);
    arm();
  }

  return {
    wakeAt(at, item) {
      if (at === Number.POSITIVE_INFINITY) return;
      plans.push({ at, item, version: item.version });
      if (at < timerAt) arm();
    },
    stop() {
      timer?.cancel();
      timer = null;
      timerAt = Number.POSITIVE_INFINITY;
    },
  };
}
