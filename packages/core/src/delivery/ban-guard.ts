/**
 * Keeps this address from being shut out, and keeps still when it has been.
 *
 * Discord bans an address after 10,000 invalid answers (401, 403, 429 that is not shared) in 10 minutes
 * (https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans). Each further request
 * during a ban lengthens it, so a ban stops everything that leaves.
 *
 * free     fewer than `slowAtCount` invalid answers in the window: no wait.
 * slowed   each request waits so that the rest of the allowance lasts until the window has moved on.
 * stopped  `stopAtCount` reached: nothing until enough of them have left the window.
 * banned   told so: nothing until `bannedUntil`.
 */
import { ConfigError } from "../errors/config-error.ts";
import { FROM_0, MORE_THAN_0, rangeProblems, WHOLE_FROM_1 } from "../errors/ranges.ts";

export interface BanGuardPolicy {
  /** How long an invalid answer counts. Milliseconds, more than 0. @defaultValue 600_000 */
  readonly windowMs: number;
  /** Invalid answers from which on requests are slowed. Whole number, 1 or more. @defaultValue 1_000, a tenth of what Discord allows */
  readonly slowAtCount: number;
  /** And stopped. `slowAtCount` or more. @defaultValue 5_000, half of what Discord allows: other programs share the address */
  readonly stopAtCount: number;
  /** Least pause after a ban, whatever the answer said. Milliseconds, 0 or more. @defaultValue 900_000 */
  readonly minBanMs: number;
}

export const DEFAULT_BAN_GUARD_POLICY = {
  windowMs: 600_000,
  slowAtCount: 1_000,
  stopAtCount: 5_000,
  minBanMs: 900_000,
} as const satisfies BanGuardPolicy;

/**
 * Fills in defaults, checks every field and freezes the result.
 *
 * @throws {@link ConfigError} `CONFIG_BAN_GUARD`, naming each bad field.
 */
export function defineBanGuardPolicy(overrides: Partial<BanGuardPolicy> = {}): BanGuardPolicy {
  const policy = { ...DEFAULT_BAN_GUARD_POLICY, ...overrides };
  const problems = rangeProblems(policy, {
    windowMs: MORE_THAN_0,
    slowAtCount: WHOLE_FROM_1,
    stopAtCount: { wanted: "slowAtCount or more", has: (count) => count >= policy.slowAtCount },
    minBanMs: FROM_0,
  });
  if (problems.length > 0) throw new ConfigError("CONFIG_BAN_GUARD", problems);
  return Object.freeze(policy);
}

export type GuardReason = "free" | "slowed" | "stopped" | "banned";

export interface BanGuard {
  /** Earliest instant for the next request, and why. */
  nextAt(now: number): { readonly at: number; readonly because: GuardReason };
  /** The remote counted this answer against us. */
  countInvalid(now: number): void;
  /** The remote has shut us out. @returns until when nothing is sent */
  ban(retryAfterMs: number | null, now: number): number;
  readonly bannedUntil: number;
  /** When the ban that holds now began; 0 when there was none. */
  readonly bannedSince: number;
  /** Takes up a ban that was known before a restart. */
  restore(bannedUntil: number): void;
  invalidCount(now: number): number;
}

export function createBanGuard(overrides: Partial<BanGuardPolicy> = {}): BanGuard {
  const policy = { ...DEFAULT_BAN_GUARD_POLICY, ...overrides };
  let invalidAt: number[] = [];
  let first = 0;
  let bannedUntil = 0;
  let bannedSince = 0;

  function invalidCount(now: number): number {
    while (first < invalidAt.length && invalidAt[first]! + policy.windowMs <= now) first++;
    if (first > 1_024 && first * 2 > invalidAt.length) {
      invalidAt = invalidAt.slice(first);
      first = 0;
    }
    return invalidAt.length - first;
  }

  function slowedUntil(now: number, count: number): number {
    const oldest = invalidAt[first] ?? now;
    const newest = invalidAt.at(-1) ?? now;
    const spacingMs = Math.max(0, oldest + policy.windowMs - now) / (policy.stopAtCount - count);
    return newest + spacingMs;
  }

  return {
    nextAt(now) {
      if (bannedUntil > now) return { at: bannedUntil, because: "banned" };
      const count = invalidCount(now);
      if (count < policy.slowAtCount) return { at: 0, because: "free" };
      if (count < policy.stopAtCount) return { at: slowedUntil(now, count), because: "slowed" };
      // The window must lose as many as are above the mark.
      const leaver = invalidAt[first + count - policy.stopAtCount]!;
      return { at: leaver + policy.windowMs, because: "stopped" };
    },
    countInvalid(now) {
      invalidCount(now);
      invalidAt.push(now);
    },
    ban(retryAfterMs, now) {
      if (bannedUntil <= now) bannedSince = now;
      bannedUntil = Math.max(bannedUntil, now + Math.max(retryAfterMs ?? 0, policy.minBanMs));
      return bannedUntil;
    },
    get bannedUntil() {
      return bannedUntil;
    },
    get bannedSince() {
      return bannedSince;
    },
    restore(until) {
      bannedUntil = Math.max(bannedUntil, until);
    },
    invalidCount,
  };
}
