/**
 * The settings of an alert's life: documented, defaulted, checked and frozen together.
 *
 * Upstream   whoever knows the condition: thresholds, absence, the components of a program.
 * Downstream the life cycle, which obeys them. Pure.
 */
import { ConfigError } from "../errors/config-error.ts";

export interface FlapPolicy {
  /** So many firings and recoveries within `withinMs` are flapping. Whole number, 3 or more. */
  readonly changes: number;
  /** Milliseconds, more than 0. */
  readonly withinMs: number;
  /** Without a change for so long it is steady again. Milliseconds, more than 0. */
  readonly calmForMs: number;
}

export interface AlertPolicy {
  /** How often in a row the condition has to be found before the alert fires. Whole number, 1 or more. @defaultValue 1 */
  readonly failuresBeforeAlert: number;
  /** How long the condition has to last before the alert fires. Milliseconds, 0 or more. @defaultValue 0 */
  readonly minFailingMs: number;
  /** How often in a row the condition has to be gone before the alert resolves. Whole number, 1 or more. @defaultValue 1 */
  readonly successesBeforeResolve: number;
  /** Least time from one telling to the next, across recoveries. Milliseconds, 0 or more. @defaultValue 0 */
  readonly cooldownMs: number;
  /** Waits from each telling to the next reminder while it fires; the last repeats. Milliseconds, 0 or more. @defaultValue [], never */
  readonly remindAfterMs: readonly number[];
  /** `null` tells every change. @defaultValue null */
  readonly flapping: FlapPolicy | null;
}

export const DEFAULT_ALERT_POLICY: AlertPolicy = Object.freeze({
  failuresBeforeAlert: 1,
  minFailingMs: 0,
  successesBeforeResolve: 1,
  cooldownMs: 0,
  remindAfterMs: Object.freeze([]),
  flapping: null,
});

/**
 * Fills in defaults, checks every setting and freezes the result.
 *
 * @throws {@link ConfigError} `CONFIG_ALERT`, naming each bad setting.
 */
export function defineAlertPolicy(overrides: Partial<AlertPolicy> = {}): AlertPolicy {
  const policy = { ...DEFAULT_ALERT_POLICY, ...overrides };
  const problems = alertPolicyProblems(policy);
  if (problems.length > 0) throw new ConfigError("CONFIG_ALERT", problems);
  return Object.freeze(policy);
}

/** One sentence per setting that is out of its range. */
export function alertPolicyProblems(policy: AlertPolicy): string[] {
  const { flapping, remindAfterMs } = policy;
  return [
    wrong("failuresBeforeAlert", policy.failuresBeforeAlert, COUNT),
    wrong("minFailingMs", policy.minFailingMs, WAIT),
    wrong("successesBeforeResolve", policy.successesBeforeResolve, COUNT),
    wrong("cooldownMs", policy.cooldownMs, WAIT),
    ...(Array.isArray(remindAfterMs)
      ? remindAfterMs.map((waitMs, n) => wrong(`remindAfterMs[${n}]`, waitMs, WAIT))
      : [`remindAfterMs must be a list of milliseconds, got ${typeof remindAfterMs}`]),
    ...(flapping === null ? [] : flapProblems(flapping)),
  ].filter((problem) => problem !== null);
}

function flapProblems({ changes, withinMs, calmForMs }: FlapPolicy): (string | null)[] {
  return [
    wrong("flapping.changes", changes, CHANGES),
    wrong("flapping.withinMs", withinMs, SPAN),
    wrong("flapping.calmForMs", calmForMs, SPAN),
  ];
}

interface Range {
  readonly wanted: string;
  readonly has: (value: number) => boolean;
}

const COUNT: Range = { wanted: "a whole number from 1", has: (n) => Number.isSafeInteger(n) && n >= 1 };
/** Two changes are a firing and its recovery, as every alert has them. */
const CHANGES: Range = { wanted: "a whole number from 3", has: (n) => Number.isSafeInteger(n) && n >= 3 };
const WAIT: Range = { wanted: "0 or more milliseconds", has: (n) => Number.isFinite(n) && n >= 0 };
const SPAN: Range = { wanted: "more than 0 milliseconds", has: (n) => Number.isFinite(n) && n > 0 };

function wrong(name: string, value: number, { wanted, has }: Range): string | null {
  return has(value) ? null : `${name} must be ${wanted}, got ${String(value)}`;
}
