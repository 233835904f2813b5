/**
 * Keeps in the notifier's store what a restart must not lose of a component: that it fails, since when, and what has been told of it.
 * With a store in memory, or none, it is forgotten with the process.
 *
 * A component that works, and whose past no longer matters, leaves nothing behind.
 */
import type { AlertState } from "../alert/state.ts";
import type { Durable, PatientMemory } from "../delivery/outbox.ts";
import { redactText } from "../preset/secrets.ts";
import type { Component } from "./component.ts";

/** Of the keys under which all of this is kept. */
export const HEALTH_PREFIX = "health:";

export type Kept = Pick<
  Component,
  "state" | "consecutiveFailures" | "firstFailureAt" | "lastSuccessAt" | "failure" | "acknowledgedBy"
>;

const PHASES: readonly string[] = ["ok", "pending", "firing", "flapping"] satisfies AlertState["phase"][];

/** To be called when the component's state has changed. */
export function keep(memory: PatientMemory, program: string, component: Component): Durable {
  const key = `${prefixOf(program)}${component.name}`;
  if (isForgettable(component)) return memory.forget(key);
  const { state, consecutiveFailures, firstFailureAt, lastSuccessAt, failure, acknowledgedBy } = component;
  const safe = failure && { type: redactText(failure.type), detail: redactText(failure.detail) };
  return memory.remember(key, {
    state,
    consecutiveFailures,
    firstFailureAt,
    lastSuccessAt,
    failure: safe,
    acknowledgedBy,
  } satisfies Kept);
}

/** To be called when nobody wants to know of it any more. */
export function drop(memory: PatientMemory, program: string, name: string): Durable {
  return memory.forget(`${prefixOf(program)}${name}`);
}

/** Hands over what was kept of this program's components, by name: see {@link PatientMemory.recall}. */
export function recall(
  memory: PatientMemory,
  program: string,
  take: (kept: ReadonlyMap<string, Kept>) => void,
): boolean {
  const prefix = prefixOf(program);
  return memory.recall((facts) => {
    const kept = new Map<string, Kept>();
    for (const [key, fact] of facts)
      if (key.startsWith(prefix) && isKept(fact)) kept.set(key.slice(prefix.length), fact);
    take(kept);
  });
}

function isForgettable({ state, rules }: Component): boolean {
  return state.phase === "ok" && rules.policy.cooldownMs === 0 && state.changedAt.length === 0;
}

function isKept(fact: unknown): fact is Kept {
  const state = (fact as Partial<Kept> | null)?.state;
  return PHASES.includes(state?.phase ?? "") && Array.isArray(state?.changedAt);
}

/** Quoted, so that no program's name is the beginning of another's. */
function prefixOf(program: string): string {
  return `${HEALTH_PREFIX}${JSON.stringify(program)}:`;
}
