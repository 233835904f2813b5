/**
 * Decides, each time a condition has been checked, what its alert does and whether that has to be told.
 *
 *   idle    the condition is not met. → firing when it is met.
 *   firing  the condition is met; told or still held back by the cooldown. → idle when it is no longer met.
 *
 * `toldAt` outlives the way back to idle: that is the cooldown, which keeps a value that trembles around its limit from
 * telling each time.
 *
 * Upstream   detectors: condition met or not.
 * Downstream storage, which keeps the state, and notifications.
 *
 * Pure. Instants are epoch milliseconds.
 */

export interface AlertPolicy {
  /** Least time from one telling to the next. 0 or more. */
  readonly cooldownMs: number;
  /** Tells again at this interval while it keeps firing; `null` tells once per firing. */
  readonly repeatEveryMs: number | null;
}

export type AlertState =
  | { readonly phase: "idle"; readonly toldAt: number | null }
  | { readonly phase: "firing"; readonly since: number; readonly toldAt: number | null };

export interface AlertEvent {
  /** Whether the condition is met. */
  readonly met: boolean;
}

/** Why something is told. */
export type TellReason = "fired" | "repeated";
/** Why nothing is told. */
export type QuietReason = "not-met" | "resolved" | "cooldown" | "already-told";

export type AlertDecision =
  | { readonly tell: true; readonly reason: TellReason; readonly state: AlertState }
  | { readonly tell: false; readonly reason: QuietReason; readonly state: AlertState };

/** The state of an alert that nobody has heard of yet. */
export const NEW_ALERT: AlertState = Object.freeze({ phase: "idle", toldAt: null });

/** One turn of the alert's life. Returns the same state object when nothing changed. */
export function stepAlert(
  policy: AlertPolicy,
  state: AlertState,
  turn: AlertEvent & { readonly now: number },
): AlertDecision {
  const { now, met } = turn;
  if (!met) {
    if (state.phase === "idle") return { tell: false, reason: "not-met", state };
    return { tell: false, reason: "resolved", state: { phase: "idle", toldAt: state.toldAt } };
  }
  const since = state.phase === "firing" ? state.since : now;
  const toldInThisFiring = state.phase === "firing" && state.toldAt !== null && state.toldAt >= since;
  if (toldInThisFiring && policy.repeatEveryMs === null) return { tell: false, reason: "already-told", state };
  const waitMs = toldInThisFiring ? Math.max(policy.repeatEveryMs ?? 0, policy.cooldownMs) : policy.cooldownMs;
  if (state.toldAt !== null && isWithin(waitMs, state.toldAt, now)) {
    return {
      tell: false,
      reason: "cooldown",
      state: state.phase === "firing" ? state : { ...state, phase: "firing", since },
    };
  }
  const reason = toldInThisFiring ? "repeated" : "fired";
  return { tell: true, reason, state: { phase: "firing", since, toldAt: now } };
}

/**
 * A telling that lies in the future was stamped by a wrong clock (a board without a battery, set right later). Waiting for it
 * could silence the alert for years, so it does not count.
 */
function isWithin(waitMs: number, toldAt: number, now: number): boolean {
  return now >= toldAt && now - toldAt < waitMs;
}
