/** How the alerts of plants and devices live: cooldown and reminders. Pure. */
import {
  type AlertDecision,
  type AlertPolicy,
  type AlertState,
  DEFAULT_ALERT_POLICY,
  stepAlert,
} from "@tocsin/core/stages";

/** For turns that no setting bears upon. */
export const DEFAULT_POLICY = DEFAULT_ALERT_POLICY;

export interface AlertTiming {
  /** Least time between two threshold alerts of one plant, metric and direction. */
  readonly cooldownMs: number;
  /** Waits between reminders, the last repeats. `null`: a threshold alert is told again after each cooldown, an offline alert never. */
  readonly remindAfterMs: readonly number[] | null;
}

export function thresholdPolicy({ cooldownMs, remindAfterMs }: AlertTiming): AlertPolicy {
  return { ...DEFAULT_ALERT_POLICY, cooldownMs, remindAfterMs: remindAfterMs ?? [cooldownMs] };
}

/** Told at once. */
export function offlinePolicy({ remindAfterMs }: Pick<AlertTiming, "remindAfterMs">): AlertPolicy {
  return { ...DEFAULT_ALERT_POLICY, remindAfterMs: remindAfterMs ?? [] };
}

/** Over, whatever is found: what has not fired yet as well. */
export function endByHand(state: AlertState, now: number): AlertDecision {
  return stepAlert(DEFAULT_POLICY, state, { kind: state.phase === "pending" ? "not-met" : "resolve", now });
}

/** What a condition that is met does while a silence that somebody else keeps covers it; nothing of that silence stays in the state. */
export function stepSilenced(policy: AlertPolicy, state: AlertState, now: number): AlertDecision {
  const covered: AlertState = { ...state, silencedUntil: Number.POSITIVE_INFINITY };
  const decision = stepAlert(policy, covered, { kind: "met", now });
  if (decision.state === covered) return { ...decision, state };
  return { ...decision, state: { ...decision.state, silencedUntil: state.silencedUntil } };
}
