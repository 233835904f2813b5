/**
 * The settings of an alert's life: documented, defaulted, checked and frozen together.
 *
 * Upstream   whoever knows the condition: thresholds, absence, the components of a program.
 * Downstream the life cycle, which obeys them. Pure.
 */
import { ConfigError } from "../errors/config-error.ts";
import { FROM_0, MORE_THAN_0, type Range, rangeProblems, WHOLE_FROM_1 } from "../errors/ranges.ts";

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
    ...rangeProblems(policy, {
      failuresBeforeAlert: WHOLE_FROM_1,
      minFailingMs: FROM_0,
      successesBeforeResolve: WHOLE_FROM_1,
      cooldownMs: FROM_0,
    }),
    ...(Array.isArray(remindAfterMs)
      ? remindAfterMs.flatMap((waitMs, n) =>
          rangeProblems({ [`remindAfterMs[${n}]`]: waitMs }, { [`remindAfterMs[${n}]`]: FROM_0 }),
        )
      : [`remindAfterMs must be a list of milliseconds, got ${typeof remindAfterMs}`]),
    ...(flapping === null ? [] : rangeProblems(flapping, FLAPPING).map((problem) => `flapping.${problem}`)),
  ];
}

const FLAPPING: Readonly<Record<keyof FlapPolicy, Range>> = {
  /** Two changes are a firing and its recovery, as every alert has them. */
  changes: { wanted: "a whole number from 3", has: (n) => Number.isSafeInteger(n) && n >= 3 },
  withinMs: MORE_THAN_0,
  calmForMs: MORE_THAN_0,
};
