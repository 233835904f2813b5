/**
 * Decides what an alert does after each thing that happens to it, and whether that has to be told. One machine for thresholds,
 * absence and the components of a program.
 *
 *   ok        The condition is not met. → pending when it is.
 *   pending   Met, but not `failuresBeforeAlert` times in a row, or not for `minFailingMs`. → ok at the first time it is not met;
 *             → firing when both are reached. What was reported last counts until the next report, so time alone can do it.
 *   firing    Told, unless a cooldown or a silence holds it back; then it is told when those end. Told again by `remindAfterMs`,
 *             until somebody acknowledges it. → ok when not met `successesBeforeResolve` times in a row; that is told if the firing was.
 *   flapping  It has fired and recovered `changes` times within `withinMs`: told once as such. → firing or ok, told with the real
 *             state, when nothing has changed for `calmForMs`.
 *
 * A silence holds back beginnings and reminders. It never holds back the end of something that people have been told of.
 * The margin between firing and resolving (hysteresis) is the threshold detector's.
 *
 * Upstream   detectors: condition met or not; people: acknowledged, silenced, resolved; a timer at {@link nextDueAt}: time has passed.
 * Downstream storage, which keeps the state, and notifications.
 *
 * Pure. Instants are epoch milliseconds, and the clock may jump (see {@link setBackTo}).
 */
import { enterFlapping, flaps, stepFlapping, withChange } from "./flapping.ts";
import type { AlertPolicy } from "./policy.ts";
import { type AlertState, type FiringState, type PendingState, setBackTo } from "./state.ts";
import { type AlertDecision, isSilenced, quiet, tell } from "./telling.ts";

export type AlertEvent =
  /** The condition has been found to be met. */
  | { readonly kind: "met" }
  | { readonly kind: "not-met" }
  /** Nothing but that time has passed. */
  | { readonly kind: "time" }
  /** Somebody has seen it: no more reminders. */
  | { readonly kind: "acknowledge" }
  /** Nobody sees to it after all: reminders again. */
  | { readonly kind: "unacknowledge" }
  /** Until an instant; `null` lifts the silence. */
  | { readonly kind: "silence"; readonly until: number | null }
  /** Somebody says that it is over. Should the condition be met again, it begins anew. */
  | { readonly kind: "resolve" };

/**
 * One turn of the alert's life. Returns the same state object when nothing changed, so that nothing has to be stored.
 *
 * @example
 * const { state, tell, reason } = stepAlert(policy, NEW_ALERT, { kind: "met", now });
 */
export function stepAlert(
  policy: AlertPolicy,
  before: AlertState,
  turn: AlertEvent & { readonly now: number },
): AlertDecision {
  const { now } = turn;
  const state = setBackTo(now, before);
  switch (turn.kind) {
    case "met":
      return met(policy, state, now);
    case "not-met":
      return notMet(policy, state, now);
    case "time":
      return timePassed(policy, state, now);
    case "acknowledge":
      if (state.phase === "ok" || state.phase === "pending") return quiet("nothing-to-acknowledge", state);
      return quiet("acknowledged", state.acknowledgedAt === null ? { ...state, acknowledgedAt: now } : state);
    case "unacknowledge":
      if (!("acknowledgedAt" in state) || state.acknowledgedAt === null) return quiet("nothing-acknowledged", state);
      return quiet("unacknowledged", { ...state, acknowledgedAt: null });
    case "silence":
      return quiet(turn.until === null ? "silence-lifted" : "silence-set", { ...state, silencedUntil: turn.until });
    case "resolve":
      return resolveByHand(policy, state, now);
  }
}

function resolveByHand(policy: AlertPolicy, state: AlertState, now: number): AlertDecision {
  if (state.phase === "ok" || state.phase === "pending") return quiet("nothing-to-resolve", state);
  const { toldAt, silencedUntil, knownAs } = state;
  const ok = { phase: "ok", toldAt, silencedUntil, changedAt: withChange(policy, state.changedAt, now) } as const;
  return knownAs === null ? quiet("resolved-untold", ok) : tell("resolved", ok);
}

function met(policy: AlertPolicy, state: AlertState, now: number): AlertDecision {
  switch (state.phase) {
    case "ok":
      return fireIfDue(policy, { ...state, phase: "pending", since: now, failures: 1 }, now);
    case "pending": {
      const counted = state.failures >= policy.failuresBeforeAlert ? state : { ...state, failures: state.failures + 1 };
      return fireIfDue(policy, counted, now);
    }
    case "firing":
      return goOnFiring(policy, state.successes === 0 ? state : { ...state, successes: 0 }, now);
    case "flapping":
      return stepFlapping(policy, state, { met: true, now });
  }
}

function notMet(policy: AlertPolicy, state: AlertState, now: number): AlertDecision {
  const { toldAt, silencedUntil, changedAt } = state;
  switch (state.phase) {
    case "ok":
      return quiet("not-met", state);
    case "pending":
      return quiet("too-brief", { phase: "ok", toldAt, silencedUntil, changedAt });
    case "firing": {
      const successes = state.successes + 1;
      if (successes < policy.successesBeforeResolve) return quiet("too-few-successes", { ...state, successes });
      const changed = withChange(policy, changedAt, now);
      if (flaps(policy, changed)) return enterFlapping(policy, { ...state, met: false, changedAt: changed }, now);
      const ok = { phase: "ok", toldAt, silencedUntil, changedAt: changed } as const;
      return state.knownAs === null ? quiet("resolved-untold", ok) : tell("resolved", ok);
    }
    case "flapping":
      return stepFlapping(policy, state, { met: false, now });
  }
}

function timePassed(policy: AlertPolicy, state: AlertState, now: number): AlertDecision {
  switch (state.phase) {
    case "ok":
      return quiet("not-met", state);
    case "pending":
      return fireIfDue(policy, state, now);
    case "firing":
      return goOnFiring(policy, state, now);
    case "flapping":
      return stepFlapping(policy, state, { met: state.met, now });
  }
}

function fireIfDue(policy: AlertPolicy, state: PendingState, now: number): AlertDecision {
  if (state.failures < policy.failuresBeforeAlert) return quiet("too-few-failures", state);
  if (now - state.since < policy.minFailingMs) return quiet("too-short", state);
  const { since, toldAt, silencedUntil } = state;
  const changedAt = withChange(policy, state.changedAt, now);
  const memory = { since, toldAt, silencedUntil, changedAt, knownAs: null, acknowledgedAt: null };
  if (flaps(policy, changedAt)) return enterFlapping(policy, { ...memory, met: true }, now);
  return goOnFiring(policy, { ...memory, phase: "firing", successes: 0, reminders: 0 }, now);
}

/** Tells it, or tells it again, when nothing stands against that. */
function goOnFiring(policy: AlertPolicy, state: FiringState, now: number): AlertDecision {
  const isKnown = state.knownAs !== null;
  if (isKnown && state.acknowledgedAt !== null) return quiet("acknowledged", state);
  if (isKnown && policy.remindAfterMs.length === 0) return quiet("already-told", state);
  if (isSilenced(state, now)) return quiet("silenced", state);
  if (state.toldAt !== null && now < mayTellAt(policy, state, state.toldAt)) {
    return quiet(isKnown ? "reminder-not-due" : "cooldown", state);
  }
  if (!isKnown) return tell("fired", { ...state, knownAs: "firing", toldAt: now });
  return tell("reminded", { ...state, reminders: state.reminders + 1, toldAt: now });
}

function mayTellAt({ cooldownMs, remindAfterMs }: AlertPolicy, state: FiringState, toldAt: number): number {
  if (state.knownAs === null) return toldAt + cooldownMs;
  const waitMs = remindAfterMs[Math.min(state.reminders, remindAfterMs.length - 1)] ?? 0;
  return toldAt + Math.max(waitMs, cooldownMs);
}

/**
 * The next instant at which time alone changes something, for one timer instead of polling; `null` when only an event can.
 * Before that instant, a `time` event neither tells nor changes anything.
 */
export function nextDueAt(policy: AlertPolicy, state: AlertState): number | null {
  const silencedUntil = state.silencedUntil ?? Number.NEGATIVE_INFINITY;
  switch (state.phase) {
    case "ok":
      return null;
    case "pending":
      return state.failures < policy.failuresBeforeAlert ? null : state.since + policy.minFailingMs;
    case "firing": {
      const isDone = state.acknowledgedAt !== null || policy.remindAfterMs.length === 0;
      if (state.knownAs !== null && isDone) return null;
      const tellAt = state.toldAt === null ? state.since : mayTellAt(policy, state, state.toldAt);
      return Math.max(tellAt, silencedUntil);
    }
    case "flapping": {
      const steadyAt = (state.changedAt.at(-1) ?? state.since) + (policy.flapping?.calmForMs ?? 0);
      const calmAt = state.met && state.knownAs !== null ? Math.max(steadyAt, silencedUntil) : steadyAt;
      return state.knownAs === "flapping" ? calmAt : Math.min(calmAt, Math.max(state.since, silencedUntil));
    }
  }
}
