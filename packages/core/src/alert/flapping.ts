/**
 * The part of an alert's life in which it fires and recovers so often that each time would be noise.
 *
 * Every firing and every recovery is a change. Flapping begins with the one that makes `changes` of them within `withinMs`, and ends
 * when none has come for `calmForMs`. In between every report counts at once: what flaps is not debounced as well.
 *
 * Pure.
 */
import type { AlertPolicy } from "./policy.ts";
import type { AlertState, FlappingState } from "./state.ts";
import { type AlertDecision, isSilenced, quiet, tell } from "./telling.ts";

/** The changes that still count, with the one now; none without flap detection. */
export function withChange({ flapping }: AlertPolicy, changedAt: readonly number[], now: number): readonly number[] {
  if (flapping === null) return changedAt;
  const startAt = now - flapping.withinMs;
  return [...changedAt.filter((at) => at > startAt), now].slice(-flapping.changes);
}

export function flaps({ flapping }: AlertPolicy, changedAt: readonly number[]): boolean {
  return flapping !== null && changedAt.length >= flapping.changes;
}

/** From the change that was one too many. */
export function enterFlapping(
  policy: AlertPolicy,
  from: Pick<FlappingState, "met" | "toldAt" | "silencedUntil" | "changedAt" | "knownAs" | "acknowledgedAt">,
  now: number,
): AlertDecision {
  const { met, toldAt, silencedUntil, changedAt, knownAs, acknowledgedAt } = from;
  const memory = { toldAt, silencedUntil, changedAt: [now], knownAs, acknowledgedAt };
  return goOnFlapping(
    policy,
    { ...memory, phase: "flapping", since: changedAt[0] ?? now, met, changes: changedAt.length },
    now,
  );
}

export function stepFlapping(
  policy: AlertPolicy,
  state: FlappingState,
  { met, now }: { readonly met: boolean; readonly now: number },
): AlertDecision {
  if (met === state.met) return goOnFlapping(policy, state, now);
  return goOnFlapping(policy, { ...state, met, changes: state.changes + 1, changedAt: [now] }, now);
}

function goOnFlapping({ flapping }: AlertPolicy, state: FlappingState, now: number): AlertDecision {
  const changedAt = state.changedAt.at(-1) ?? state.since;
  // Without flap detection (it was switched off since this state was stored) it is over at once.
  if (flapping === null || now - changedAt >= flapping.calmForMs) return calm(state, changedAt, now);
  if (state.knownAs === "flapping") return quiet("still-flapping", state);
  if (isSilenced(state, now)) return quiet("silenced", state);
  return tell("flapping", { ...state, knownAs: "flapping", toldAt: now });
}

function calm(state: FlappingState, since: number, now: number): AlertDecision {
  const { toldAt, silencedUntil, knownAs, acknowledgedAt } = state;
  const memory = { toldAt, silencedUntil, changedAt: [] };
  if (!state.met) {
    const ok: AlertState = { ...memory, phase: "ok" };
    return knownAs === null ? quiet("resolved-untold", ok) : tell("calmed-ok", ok);
  }
  const firing = { ...memory, phase: "firing", since, successes: 0, knownAs, reminders: 0, acknowledgedAt } as const;
  // Who has been told that it flaps is told how it ended, when the silence is over.
  if (isSilenced(state, now)) return quiet("silenced", knownAs === null ? firing : state);
  return tell("calmed-firing", { ...firing, knownAs: "firing", toldAt: now });
}
