/**
 * Wakes many at their instants with one timer: for the next instant only, none when nothing is due. The timer never keeps the
 * process alive.
 */
import type { Clock, Timer } from "./clock.ts";

export interface Alarm<Key> {
  /** When to ring for this one, instead of when it was said before; `null` for not at all. Epoch milliseconds. */
  set(key: Key, at: number | null): void;
  /** Rings no more. */
  end(): void;
}

/** @param ring may set the alarm again; one that is still due then rings a millisecond later */
export function createAlarm<Key>(clock: Clock, ring: (key: Key, now: number) => void): Alarm<Key> {
  const dueAt = new Map<Key, number>();
  let armed: { readonly at: number; readonly timer: Timer } | null = null;

  function arm(at: number): void {
    if (armed !== null && armed.at <= at) return;
    armed?.timer.cancel();
    const timer = clock.schedule(at, wake);
    timer.unref?.();
    armed = { at, timer };
  }

  function disarm(): void {
    armed?.timer.cancel();
    armed = null;
  }

  function wake(): void {
    armed = null;
    const now = clock.now();
    const due = [...dueAt].filter(([, at]) => at <= now);
    for (const [key] of due) {
      dueAt.delete(key);
      ring(key, now);
    }
    let nextAt = Number.POSITIVE_INFINITY;
    for (const at of dueAt.values()) nextAt = Math.min(nextAt, at);
    if (dueAt.size > 0) arm(Math.max(nextAt, now + 1));
  }

  return {
    set(key, at) {
      if (at === null) dueAt.delete(key);
      else dueAt.set(key, at);
      if (dueAt.size === 0) disarm();
      else if (at !== null) arm(at);
    },
    end() {
      dueAt.clear();
      disarm();
    },
  };
}
