/**
 * The settings of a health tracker: documented, defaulted and checked together.
 *
 * Upstream applications. Downstream the tracker. Pure.
 */
import { type AlertPolicy, alertPolicyProblems, DEFAULT_ALERT_POLICY, type FlapPolicy } from "../alert/policy.ts";
import { ConfigError } from "../errors/config-error.ts";
import { type AlertType, SEVERITIES, type Severity } from "../notification/notification.ts";

export interface ComponentOptions {
  /** Failures in a row before an alert. Whole number, 1 or more. @defaultValue 3 */
  readonly failuresBeforeAlert?: number | undefined;
  /** And failing for at least so long. Milliseconds, 0 or more. @defaultValue 0 */
  readonly minFailingMs?: number | undefined;
  /** Successes in a row before it counts as recovered. Whole number, 1 or more. @defaultValue 1 */
  readonly successesBeforeResolve?: number | undefined;
  /** Least time between two alerts, across recoveries. Milliseconds, 0 or more. @defaultValue 0 */
  readonly cooldownMs?: number | undefined;
  /**
   * Waits from each alert to the next while it goes on failing; the last repeats, and `[]` never alerts again. Milliseconds, 1,000 or
   * more each. @defaultValue [300_000, 900_000, 3_600_000]
   */
  readonly remindAfterMs?: readonly number[] | undefined;
  /** When failing and recovering becomes one message. @defaultValue null, never */
  readonly flapping?: FlapPolicy | null | undefined;
  /** Of everything told about it, so that alert and recovery take the same way. @defaultValue "error" */
  readonly severity?: Severity | undefined;
}

export interface HealthOptions {
  /** Name of the program: in footers, and in the messages of its start and end. @defaultValue the notifier's `service` */
  readonly program?: string | undefined;
  /** Alert type of all messages, by which they are routed. @defaultValue "monitoring" */
  readonly type?: AlertType | undefined;
  /** Settings by component. Components that are not named here are taken as well, with `defaults`. */
  readonly components?: Readonly<Record<string, ComponentOptions>> | undefined;
  /** For all components, where they say nothing themselves. */
  readonly defaults?: ComponentOptions | undefined;
  /** Whether components are tracked even where nothing can be told, because somebody looks at their status. @defaultValue false */
  readonly alwaysTrack?: boolean | undefined;
}

/** What holds for one component. */
export interface ComponentRules {
  readonly policy: AlertPolicy;
  readonly severity: Severity;
}

export interface HealthSettings {
  readonly program: string;
  readonly type: AlertType;
  readonly components: ReadonlyMap<string, ComponentRules>;
  readonly defaults: ComponentRules;
}

const MINUTE_MS = 60_000;
/** A reminder takes a message; more often than this is a mistake in the unit. */
const LEAST_REMINDER_MS = 1_000;
const DEFAULT_RULES: ComponentRules = {
  policy: {
    ...DEFAULT_ALERT_POLICY,
    failuresBeforeAlert: 3,
    remindAfterMs: [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS],
  },
  severity: "error",
};

/**
 * Fills in defaults and checks everything.
 *
 * @param service stands in for `program`
 * @throws {@link ConfigError} `CONFIG_HEALTH`, naming each bad setting and its component.
 */
export function defineHealth(options: HealthOptions, service: string): HealthSettings {
  const defaults = rulesOf(options.defaults ?? {}, DEFAULT_RULES);
  const components = new Map(
    Object.entries(options.components ?? {}).map(([name, own]) => [name, rulesOf(own, defaults)]),
  );
  const problems = [
    ...problemsOf("defaults", defaults),
    ...[...components].flatMap(([name, rules]) => problemsOf(JSON.stringify(name), rules)),
  ];
  if (problems.length > 0) throw new ConfigError("CONFIG_HEALTH", problems);
  return { program: options.program ?? service, type: options.type ?? "monitoring", components, defaults };
}

/** @throws {@link ConfigError} `CONFIG_HEALTH`, naming each bad setting */
export function defineComponent(name: string, own: ComponentOptions, defaults: ComponentRules): ComponentRules {
  const rules = rulesOf(own, defaults);
  const problems = problemsOf(JSON.stringify(name), rules);
  if (problems.length > 0) throw new ConfigError("CONFIG_HEALTH", problems);
  return rules;
}

function rulesOf(own: ComponentOptions, { policy, severity }: ComponentRules): ComponentRules {
  return {
    policy: {
      failuresBeforeAlert: own.failuresBeforeAlert ?? policy.failuresBeforeAlert,
      minFailingMs: own.minFailingMs ?? policy.minFailingMs,
      successesBeforeResolve: own.successesBeforeResolve ?? policy.successesBeforeResolve,
      cooldownMs: own.cooldownMs ?? policy.cooldownMs,
      remindAfterMs: own.remindAfterMs ?? policy.remindAfterMs,
      flapping: own.flapping === undefined ? policy.flapping : own.flapping,
    },
    severity: own.severity ?? severity,
  };
}

function problemsOf(whose: string, { policy, severity }: ComponentRules): string[] {
  const problems = alertPolicyProblems(policy);
  if (Array.isArray(policy.remindAfterMs) && policy.remindAfterMs.some((waitMs) => waitMs < LEAST_REMINDER_MS)) {
    problems.push(`remindAfterMs must be ${LEAST_REMINDER_MS} milliseconds or more each`);
  }
  if (!SEVERITIES.includes(severity)) problems.push(`severity must be one of ${SEVERITIES.join(", ")}`);
  return problems.map((problem) => `${whose}: ${problem}`);
}
