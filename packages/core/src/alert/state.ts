/**
 * What is remembered of one alert: plain data, so that it can be stored as JSON and gone on from after a restart.
 * Instants are epoch milliseconds. Pure.
 */

interface Memory {
  /** When it was last told that it fires or flaps: cooldown and reminders count from here. Outlives a recovery. */
  readonly toldAt: number | null;
  /** Nothing begins to be told before this instant; `null` when not silenced. */
  readonly silencedUntil: number | null;
  /** The latest firings and recoveries, oldest first; empty without flap detection. */
  readonly changedAt: readonly number[];
}

/** What people believe who have read what was told; `null` when they believe that all is well. */
export type KnownAs = "firing" | "flapping" | null;

/** The condition is not met. */
export interface OkState extends Memory {
  readonly phase: "ok";
}

/** The condition is met, but not yet often or long enough. */
export interface PendingState extends Memory {
  readonly phase: "pending";
  /** When it was first met. */
  readonly since: number;
  /** How often in a row; not counted further than the policy asks. */
  readonly failures: number;
}

export interface FiringState extends Memory {
  readonly phase: "firing";
  /** When the condition was first met: downtime counts from here. */
  readonly since: number;
  /** Not met so often in a row, of those that a recovery takes. */
  readonly successes: number;
  readonly knownAs: KnownAs;
  /** Reminders told so far. */
  readonly reminders: number;
  readonly acknowledgedAt: number | null;
}

export interface FlappingState extends Memory {
  readonly phase: "flapping";
  /** The first of the changes. */
  readonly since: number;
  /** What was found last. */
  readonly met: boolean;
  /** All changes since then. */
  readonly changes: number;
  readonly knownAs: KnownAs;
  readonly acknowledgedAt: number | null;
}

export type AlertState = OkState | PendingState | FiringState | FlappingState;

const NONE: readonly number[] = Object.freeze([]);

/** The state of an alert that nobody has heard of yet. */
export const NEW_ALERT: AlertState = Object.freeze({ phase: "ok", toldAt: null, silencedUntil: null, changedAt: NONE });

/**
 * The same state for a clock that was set back: an instant that lies in the future was stamped by a wrong clock (a board without a
 * battery, set right later), and counts as now. So no wait is ever cut short, and none lasts longer than it would from now on.
 * `silencedUntil` is an instant that somebody named, and stays.
 */
export function setBackTo(now: number, state: AlertState): AlertState {
  if (latestOf(state) <= now) return state;
  const toldAt = state.toldAt === null ? null : Math.min(state.toldAt, now);
  const changedAt = state.changedAt.map((at) => Math.min(at, now));
  if (state.phase === "ok") return { ...state, toldAt, changedAt };
  return { ...state, toldAt, changedAt, since: Math.min(state.since, now) };
}

function latestOf(state: AlertState): number {
  const since = state.phase === "ok" ? Number.NEGATIVE_INFINITY : state.since;
  const { toldAt, changedAt } = state;
  return Math.max(
    since,
    toldAt ?? Number.NEGATIVE_INFINITY,
    changedAt.length === 0 ? Number.NEGATIVE_INFINITY : changedAt[changedAt.length - 1]!,
  );
}
