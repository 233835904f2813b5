/** What a turn of an alert's life ends in: the new state, whether something has to be told, and why. Pure. */
import type { AlertState } from "./state.ts";

/** Why something is told. */
export type TellReason =
  | "fired"
  /** It still fires, and the wait for a reminder is over. */
  | "reminded"
  | "resolved"
  /** It fires and recovers too often to tell each time. */
  | "flapping"
  /** No longer flapping, and the condition is met. */
  | "calmed-firing"
  /** No longer flapping, and the condition is not met. */
  | "calmed-ok";

/** Why nothing is told. */
export type QuietReason =
  | "not-met"
  /** Met, but not often enough in a row. */
  | "too-few-failures"
  /** Met often enough, but not for long enough. */
  | "too-short"
  /** No longer met before it fired. */
  | "too-brief"
  | "cooldown"
  | "silenced"
  /** Told, and there are no reminders. */
  | "already-told"
  | "reminder-not-due"
  | "acknowledged"
  | "too-few-successes"
  /** It has resolved, and nobody had been told that it fired. */
  | "resolved-untold"
  | "still-flapping"
  | "nothing-to-acknowledge"
  | "unacknowledged"
  | "nothing-acknowledged"
  | "nothing-to-resolve"
  | "silence-set"
  | "silence-lifted";

export type AlertDecision =
  | { readonly tell: true; readonly reason: TellReason; readonly state: AlertState }
  | { readonly tell: false; readonly reason: QuietReason; readonly state: AlertState };

export function tell(reason: TellReason, state: AlertState): AlertDecision {
  return { tell: true, reason, state };
}

export function quiet(reason: QuietReason, state: AlertState): AlertDecision {
  return { tell: false, reason, state };
}

export function isSilenced({ silencedUntil }: Pick<AlertState, "silencedUntil">, now: number): boolean {
  return silencedUntil !== null && now < silencedUntil;
}
