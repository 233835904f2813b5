/**
 * What is known of one component, and what each report makes of it.
 *
 * Upstream   the tracker. Downstream the messages, and whoever asks for the status.
 * Changed in place, since there may be very many; no clock, no timer, nothing sent. Instants are epoch milliseconds.
 */
import { type AlertEvent, stepAlert } from "../alert/life-cycle.ts";
import { type AlertState, NEW_ALERT } from "../alert/state.ts";
import type { TellReason } from "../alert/telling.ts";
import type { Failure } from "./failure.ts";
import type { ComponentRules } from "./options.ts";

export interface Component {
  readonly name: string;
  rules: ComponentRules;
  state: AlertState;
  /** In a row, up to now. */
  consecutiveFailures: number;
  /** Of those in a row. */
  firstFailureAt: number | null;
  lastSuccessAt: number | null;
  failure: Failure | null;
  /** Who has seen the alert; `null` for nobody. */
  acknowledgedBy: string | null;
}

/** What a program can ask about a component. */
export interface ComponentStatus {
  readonly component: string;
  /** `pending`: failing, but not often or long enough for an alert. */
  readonly phase: AlertState["phase"];
  /** Whether people have been told that something is wrong, and not yet that it is over. */
  readonly alerting: boolean;
  /** When what is wrong began; `null` when nothing is. */
  readonly since: number | null;
  /** Who has seen the alert; `null` for nobody. */
  readonly acknowledgedBy: string | null;
  /** No reminders before then; `null` when not silenced. */
  readonly silencedUntil: number | null;
  readonly consecutiveFailures: number;
  /** Of the failures in a row; `null` when the last report was a success. Epoch milliseconds, as all of these. */
  readonly firstFailureAt: number | null;
  readonly lastAlertAt: number | null;
  readonly lastSuccessAt: number | null;
}

/** Something to tell about a component. */
export interface Telling {
  readonly component: Component;
  readonly reason: TellReason;
  /** The life of the alert before this turn. */
  readonly before: AlertState;
  readonly now: number;
  /** Who said that it is over; `null` where it showed by itself. */
  readonly resolvedBy: string | null;
}

export function newComponent(name: string, rules: ComponentRules): Component {
  return {
    name,
    rules,
    state: NEW_ALERT,
    consecutiveFailures: 0,
    firstFailureAt: null,
    lastSuccessAt: null,
    failure: null,
    acknowledgedBy: null,
  };
}

export function succeed(component: Component, now: number): Telling | null {
  component.consecutiveFailures = 0;
  component.firstFailureAt = null;
  const telling = live(component, { kind: "not-met", now });
  component.lastSuccessAt = now;
  if (component.state.phase === "ok") component.failure = null;
  return telling;
}

export function fail(component: Component, failure: Failure, now: number): Telling | null {
  component.consecutiveFailures++;
  component.firstFailureAt ??= now;
  component.failure = failure;
  return live(component, { kind: "met", now });
}

/** One turn of its alert; `null` when nothing is to be told. */
export function live(
  component: Component,
  turn: AlertEvent & { readonly now: number },
  resolvedBy: string | null = null,
): Telling | null {
  const before = component.state;
  const decision = stepAlert(component.rules.policy, before, turn);
  component.state = decision.state;
  if (decision.state.phase === "ok") component.acknowledgedBy = null;
  return decision.tell ? { component, reason: decision.reason, before, now: turn.now, resolvedBy } : null;
}

export function statusOf(component: Component): ComponentStatus {
  const { name, state, consecutiveFailures, firstFailureAt, lastSuccessAt, acknowledgedBy } = component;
  return {
    component: name,
    phase: state.phase,
    alerting: (state.phase === "firing" || state.phase === "flapping") && state.knownAs !== null,
    since: state.phase === "ok" ? null : state.since,
    acknowledgedBy,
    silencedUntil: state.silencedUntil,
    consecutiveFailures,
    firstFailureAt,
    lastSuccessAt,
    lastAlertAt: state.toldAt,
  };
}
