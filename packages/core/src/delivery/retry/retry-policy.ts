/**
 * How often and when a failed delivery is tried again.
 *
 * Pure: nothing here reads a clock, draws a number or waits. Durations are milliseconds and end in `Ms`.
 */
import { ConfigError } from "../../errors/config-error.ts";

export interface RetryPolicy {
  /** Attempts in all, the first included. Whole number, 1 or more. @defaultValue 3 */
  readonly maxAttempts: number;
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
  const policy: { -readonly [Field in keyof RetryPolicy]: number } = { ...DEFAULT_RETRY_POLICY, ...overrides };
  // Whoever raises only the first delay means the ceiling to follow.
  if (overrides.maxDelayMs === undefined) policy.maxDelayMs = Math.max(policy.maxDelayMs, policy.firstDelayMs);
  const problems: string[] = [];
  const check = (field: keyof RetryPolicy, wanted: string, ok: boolean): void => {
    if (!ok || !Number.isFinite(policy[field])) problems.push(`${field} must be ${wanted}, got ${policy[field]}`);
  };
  check("maxAttempts", "a whole number from 1", Number.isInteger(policy.maxAttempts) && policy.maxAttempts >= 1);
  check("firstDelayMs", "more than 0", policy.firstDelayMs > 0);
  check("factor", "1 or more", policy.factor >= 1);
  check("maxDelayMs", "firstDelayMs or more", policy.maxDelayMs >= policy.firstDelayMs);
  check("jitter", "from 0 to 1", policy.jitter >= 0 && policy.jitter <= 1);
  if (problems.length > 0) throw new ConfigError("CONFIG_RETRY_POLICY", problems);
  return Object.freeze(policy);
}

/**
 * How long to wait after attempt number `attempt` failed. Never less than the backoff without jitter.
 *
 * @param random uniform in [0, 1)
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
  // `factor ** attempt` may overflow to Infinity; the ceiling brings it back.
  const waitMs = Math.min(policy.firstDelayMs * policy.factor ** (attempt - 1), policy.maxDelayMs);
  return Math.ceil(waitMs * (1 + policy.jitter * random));
}
