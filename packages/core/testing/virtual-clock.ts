/**
 * A clock that stands still until a test moves it. Waits fire in order of their instants, and all that follows from one
 * (promises included) has happened before the next fires.
 */
import type { Clock, Timer } from "../src/clock/clock.ts";

export interface VirtualClock extends Clock {
  /**
   * Moves time on by `ms`, firing every wait on the way.
   *
   * @param isEnough asked after each of them: `true` ends the way there
   */
  advance(ms: number, isEnough?: () => boolean): Promise<void>;
  /** Moves time to the next wait and fires it. False when nothing waits. */
  advanceToNext(): Promise<boolean>;
  /** Lets all promises that can settle now do so, without moving time. */
  settle(): Promise<void>;
  /** How many waits are pending: 0 means that nothing would ever happen by itself. */
  readonly pending: number;
  /** Instant of the next wait, or `null`. */
  readonly nextAt: number | null;
}

export interface VirtualClockOptions {
  /** @defaultValue 2026-01-01T00:00:00Z */
  readonly startAt?: number;
  /** Seed of {@link Clock.random}: the same seed draws the same numbers. @defaultValue 1 */
  readonly seed?: number;
}

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export function createVirtualClock({
  startAt = Date.UTC(2026, 0, 1),
  seed = 1,
}: VirtualClockOptions = {}): VirtualClock {
  let nowAt = startAt;
  let order = 0;
  // Sorted by instant, then by order of asking: few waits exist at a time, so insertion is cheap.
  const waiting: Waiting[] = [];

  function schedule(at: number, fire: () => void): Timer {
    const entry = { at: Math.max(at, nowAt), order: order++, fire };
    let place = waiting.length;
    while (place > 0 && waiting[place - 1]!.at > entry.at) place--;
    waiting.splice(place, 0, entry);
    return {
      cancel: () => {
        const index = waiting.indexOf(entry);
        if (index !== -1) waiting.splice(index, 1);
      },
    };
  }

  async function advanceTo(at: number, isEnough: () => boolean): Promise<void> {
    await settle();
    while (waiting.length > 0 && waiting[0]!.at <= at) {
      await fireFirst();
      if (isEnough()) return;
    }
    nowAt = Math.max(nowAt, at);
  }

  async function fireFirst(): Promise<void> {
    const first = waiting.shift()!;
    nowAt = Math.max(nowAt, first.at);
    first.fire();
    await settle();
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = schedule(nowAt + ms, resolve);
      signal?.addEventListener("abort", () => {
        timer.cancel();
        reject(signal.reason);
      });
    });
  }

  return {
    now: () => nowAt,
    random: createRandom(seed),
    schedule,
    sleep,
    settle,
    advance: (ms, isEnough = () => false) => advanceTo(nowAt + ms, isEnough),
    advanceToNext: async () => {
      await settle();
      if (waiting.length === 0) return false;
      await fireFirst();
      return true;
    },
    get pending() {
      return waiting.length;
    },
    get nextAt() {
      return waiting[0]?.at ?? null;
    },
  };
}

/** A macrotask comes after every microtask that the current ones can cause. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Mulberry32 (public domain): 32 bits of state, good enough to vary tests and quick to repeat. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
