/**
 * What people want to be told of one plant: which metrics and severities, how often, and when not.
 *
 * What is held back for a preference counts as not told: when the reason is gone and the condition is still found, it is told then. What
 * falls into quiet hours counts as told: the notifier tells it when they end.
 *
 * Upstream   HTTP, storage. Downstream alerting, which asks {@link PlantRules.heldBy}; the alert worker, which passes quiet hours on. Pure.
 */
import type { Severity } from "@tocsin/core";
import { readQuietHours } from "@tocsin/core/stages";
import type { Person } from "./alert-life.ts";

export interface MetricPreference {
  /** It is watched, and nothing is told of it. */
  readonly muted: boolean;
  /** Its own cooldown; `null` for that of all. */
  readonly cooldownMs: number | null;
  /** So many readings in a row have to be beyond the threshold before an alert fires. Whole number, 1 or more. */
  readonly readingsBeforeAlert: number;
  /** How bad an alert of it is; `null` for a warning. */
  readonly severity: Severity | null;
}

export interface PlantPause extends Person {
  readonly since: number;
  /** `null`: until it is lifted. */
  readonly untilAt: number | null;
}

export interface PlantPreferences {
  readonly metrics: ReadonlyMap<string, MetricPreference>;
  /** Those that are wanted; `null` for all. */
  readonly severities: readonly Severity[] | null;
  /** Time windows, e.g. `22:00-07:00 Europe/Berlin`, for whose end alerts wait; what is critical does not. */
  readonly quietHours: readonly string[];
  readonly pause: PlantPause | null;
}

export const NO_PREFERENCES: PlantPreferences = Object.freeze({
  metrics: new Map(),
  severities: null,
  quietHours: Object.freeze([]),
  pause: null,
});

export const PREFERENCE_REASONS = ["muted", "severity-unwanted", "plant-paused"] as const;
export type PreferenceReason = (typeof PREFERENCE_REASONS)[number];

export interface Wanted {
  /** `null` for what is not about a metric. */
  readonly metric: string | null;
  readonly severity: Severity;
  readonly now: number;
}

/** Preferences, ready to be asked. */
export interface PlantRules {
  readonly preferences: PlantPreferences;
  /** Why this is not told now; `null` when it may be. */
  heldBy(wanted: Wanted): PreferenceReason | null;
}

/** What is wrong with quiet hours, as sentences without a full stop. Whose time zone it is makes no difference. */
export function quietHoursProblems(hours: readonly string[]): readonly string[] {
  return readQuietHours(hours, "UTC").problems;
}

export function compilePreferences(preferences: PlantPreferences): PlantRules {
  const { metrics, severities } = preferences;
  return {
    preferences,
    heldBy({ metric, severity, now }) {
      if (pauseAt(preferences, now) !== null) return "plant-paused";
      if (metric !== null && metrics.get(metric)?.muted === true) return "muted";
      if (severities !== null && !severities.includes(severity)) return "severity-unwanted";
      return null;
    },
  };
}

/** The pause, while it lasts. */
export function pauseAt({ pause }: PlantPreferences, now: number): PlantPause | null {
  return pause !== null && (pause.untilAt === null || now < pause.untilAt) ? pause : null;
}
