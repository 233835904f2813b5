/**
 * How often and when a failed delivery is tried again.
 *
 * Pure: nothing here reads a clock, draws a number or waits. Durations are milliseconds and end in `Ms`.
 */
import { ConfigError } from "../../errors/config-error.ts";
import { FROM_0_TO_1, FROM_1, MORE_THAN_0, rangeProblems, WHOLE_FROM_1 } from "../../errors/ranges.ts";

export interface RetryPolicy {
  /** Attempts in all, the first included. Whole number, 1 or more. @defaultValue 3, or one more than `delaysMs` lists */
  readonly maxAttempts: number;
  /**
   * The waits themselves, before jitter: before attempt 2, 3, and so on; the last one repeats. Each more than 0. Goes in place of
   * `firstDelayMs`, `factor` and `maxDelayMs`, which must not be given beside it. @defaultValue [], a backoff by those three
   */
  readonly delaysMs: readonly number[];
  /** Wait before attempt 2, before jitter. More than 0. @defaultValue 1_000 */
  readonly firstDelayMs: number;
  /** Each wait is the last one times this. 1 or more. @defaultValue 2 */
  readonly factor: number;
  /** Ceiling of the backoff, before jitter. `firstDelayMs` or more. @defaultValue 300_000 */
  readonly maxDelayMs: number;
  /** Share of the wait that jitter may add, 0 to 1; it never shortens one. @defaultValue 0.2 */
  readonly jitter: number;
}

export const DEFAULT_RETRY_POLICY = {
  maxAttempts: 3,
  delaysMs: [],
  firstDelayMs: 1_000,
  factor: 2,
  maxDelayMs: 300_000,
  jitter: 0.2,
} as const satisfies RetryPolicy;

/**
 * Fills in defaults, checks every field and freezes the result.
 *
 * @throws {@link ConfigError} `CONFIG_RETRY_POLICY`, naming each bad field.
 */
export function defineRetryPolicy(overrides: Partial<RetryPolicy> = {}): RetryPolicy {
  const given = { ...DEFAULT_RETRY_POLICY, ...overrides };
  const delaysMs = Array.isArray(given.delaysMs) ? Object.freeze([...given.delaysMs]) : [];
  const policy: RetryPolicy = {
    ...given,
    delaysMs,
    // Whoever lists three waits means all three of them.
    maxAttempts: overrides.maxAttempts ?? (delaysMs.length === 0 ? given.maxAttempts : delaysMs.length + 1),
    // Whoever raises only the first delay means the ceiling to follow.
    maxDelayMs: overrides.maxDelayMs ?? Math.max(given.maxDelayMs, given.firstDelayMs),
  };
  const problems = [...problemsOfNumbers(policy), ...problemsOfDelays(overrides)];
  if (problems.length > 0) throw new ConfigError("CONFIG_RETRY_POLICY", problems);
  return Object.freeze(policy);
}

function problemsOfNumbers(policy: RetryPolicy): string[] {
  const { delaysMs: _, ...numbers } = policy;
  return rangeProblems(numbers, {
    maxAttempts: WHOLE_FROM_1,
    firstDelayMs: MORE_THAN_0,
    factor: FROM_1,
    maxDelayMs: {
      wanted: "firstDelayMs or more",
      has: (maxDelayMs) => Number.isFinite(maxDelayMs) && maxDelayMs >= policy.firstDelayMs,
    },
    jitter: FROM_0_TO_1,
  });
}

function problemsOfDelays({ delaysMs = [], ...others }: Partial<RetryPolicy>): string[] {
  if (!Array.isArray(delaysMs)) return [`delaysMs must be a list of waits, got ${delaysMs}`];
  const bad = delaysMs.filter((delayMs) => !MORE_THAN_0.has(delayMs));
  const dead = (["firstDelayMs", "factor", "maxDelayMs"] as const).filter((field) => others[field] !== undefined);
  const problems: string[] = [];
  if (bad.length > 0) problems.push(`delaysMs must list waits of more than 0, got ${bad.join(", ")}`);
  if (delaysMs.length > 0 && dead.length > 0)
    problems.push(`delaysMs goes in place of ${dead.join(", ")}: leave out one or the other`);
  return problems;
}

/**
 * How long to wait after attempt number `attempt` failed. Never less than the policy's wait without jitter.
 *
 * @param random uniform in [0, 1)
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
  return Math.ceil(plainWaitMs(policy, attempt) * (1 + policy.jitter * random));
}

function plainWaitMs({ delaysMs, firstDelayMs, factor, maxDelayMs }: RetryPolicy, attempt: number): number {
  const listed = delaysMs[attempt - 1] ?? delaysMs.at(-1);
  // `factor ** attempt` may overflow to Infinity; the ceiling brings it back.
  return listed ?? Math.min(firstDelayMs * factor ** (attempt - 1), maxDelayMs);
}
