/**
 * The life of one alert, from its beginning to its end, as people see it: which phase it is in since when, and each change with its
 * reason and whoever made it. Follows the state machine of the library, which decides.
 *
 * Pure.
 */
import type { Severity } from "@tocsin/core";
import type { AlertDecision, AlertState } from "@tocsin/core/stages";
import type { AlertFinding } from "./alert.ts";
import type { PlantId } from "./plant.ts";

export type AlertId = `alr_${string}`;

export const OPEN_PHASES = ["pending", "firing", "flapping", "acknowledged"] as const;
export const LIFE_PHASES = [...OPEN_PHASES, "resolved"] as const;
export type LifePhase = (typeof LIFE_PHASES)[number];

/** Those of the state machine, and those that only people or their changes bring about. */
export type TransitionReason =
  | AlertDecision["reason"]
  | "resolved-by-hand"
  | "threshold-removed"
  | "not-measured"
  | "plant-removed"
  | "device-removed"
  /** It was kept by an earlier version of this program, which knew no lives. */
  | "upgraded";

/** Who did it, as they call themselves, and what they said. */
export interface Person {
  readonly by: string | null;
  readonly comment: string | null;
}

export interface Transition extends Person {
  readonly at: number;
  readonly phase: LifePhase;
  readonly reason: TransitionReason;
}

export interface AlertLife {
  readonly id: AlertId;
  /** Of its condition. */
  readonly fingerprint: string;
  /** What was found first. */
  readonly finding: AlertFinding;
  readonly severity: Severity;
  /** As it was then; both `null` without a plant. */
  readonly plantId: PlantId | null;
  readonly plantName: string | null;
  /** Whose report it was, or whose silence. */
  readonly deviceId: string;
  readonly startedAt: number;
  /** The first is its beginning, the last one its present phase. One or more, oldest first. */
  readonly transitions: readonly Transition[];
}

export const NOBODY: Person = Object.freeze({ by: null, comment: null });

/** Far more than people bring about; the beginning is always kept. */
const MAX_TRANSITIONS = 100;

export function phaseOf(state: AlertState): LifePhase {
  if (state.phase === "ok") return "resolved";
  return "acknowledgedAt" in state && state.acknowledgedAt !== null ? "acknowledged" : state.phase;
}

/** The present phase, and since when. */
export function present({ transitions }: Pick<AlertLife, "transitions">): Transition {
  return transitions.at(-1)!;
}

export interface Change {
  readonly state: AlertState;
  readonly reason: TransitionReason;
  readonly now: number;
  readonly person?: Person;
}

/** The life after this change; the same one when its phase stays. */
export function follow(life: AlertLife, { state, reason, now, person = NOBODY }: Change): AlertLife {
  const phase = phaseOf(state);
  if (phase === present(life).phase) return life;
  const transition = { at: now, phase, reason, by: person.by, comment: person.comment };
  const [first, ...later] = [...life.transitions, transition];
  return { ...life, transitions: [first!, ...later.slice(-(MAX_TRANSITIONS - 1))] };
}

/** Who has acknowledged it, while it is. */
export function acknowledgementOf(life: AlertLife): Transition | null {
  const last = present(life);
  return last.phase === "acknowledged" ? last : null;
}
