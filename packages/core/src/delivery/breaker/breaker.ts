/**
 * The circuit breaker of one lane: spares a destination that does not answer, and finds out when it does again.
 *
 * closed     everything passes. After `failureThreshold` failures in a row it opens.
 * open       nothing passes until `until`. Then the next request is a probe: half-open.
 * half-open  one request is under way as a probe. Success closes; failure opens again for `openForMs`.
 *
 * Only failures to answer count (`unavailable`, `ambiguous`): an answer that refuses is an answer.
 * Pure: each step returns the next state.
 */
import { ConfigError } from "../../errors/config-error.ts";
import { MORE_THAN_0, rangeProblems, WHOLE_FROM_1 } from "../../errors/ranges.ts";

export interface BreakerPolicy {
  /** Failures in a row that open it. Whole number, 1 or more. @defaultValue 5 */
  readonly failureThreshold: number;
  /** How long it stays open before a probe. More than 0. @defaultValue 60_000 */
  readonly openForMs: number;
}

export const DEFAULT_BREAKER_POLICY = { failureThreshold: 5, openForMs: 60_000 } as const satisfies BreakerPolicy;

export type BreakerState =
  | { readonly mode: "closed"; readonly failures: number }
  | { readonly mode: "open"; readonly until: number; readonly since: number }
  | { readonly mode: "half-open"; readonly since: number };

export const CLOSED: BreakerState = { mode: "closed", failures: 0 };

/**
 * Fills in defaults, checks both fields and freezes the result.
 *
 * @throws {@link ConfigError} `CONFIG_BREAKER`, naming each bad field.
 */
export function defineBreakerPolicy(overrides: Partial<BreakerPolicy> = {}): BreakerPolicy {
  const policy = { ...DEFAULT_BREAKER_POLICY, ...overrides };
  const problems = rangeProblems(policy, { failureThreshold: WHOLE_FROM_1, openForMs: MORE_THAN_0 });
  if (problems.length > 0) throw new ConfigError("CONFIG_BREAKER", problems);
  return Object.freeze(policy);
}

/** A request is about to start: an open breaker whose time has come lets it through as its probe. */
export function onStart(state: BreakerState): BreakerState {
  return state.mode === "open" ? { mode: "half-open", since: state.since } : state;
}

export function onSuccess(state: BreakerState): BreakerState {
  return state.mode === "closed" && state.failures === 0 ? state : CLOSED;
}

export function onFailure(state: BreakerState, policy: BreakerPolicy, now: number): BreakerState {
  switch (state.mode) {
    case "closed": {
      const failures = state.failures + 1;
      if (failures < policy.failureThreshold) return { mode: "closed", failures };
      return { mode: "open", until: now + policy.openForMs, since: now };
    }
    case "half-open":
    case "open":
      return { mode: "open", until: now + policy.openForMs, since: state.since };
  }
}

/** Earliest instant at which a request may pass. */
export function breakerOpensAt(state: BreakerState): number {
  return state.mode === "open" ? state.until : 0;
}
