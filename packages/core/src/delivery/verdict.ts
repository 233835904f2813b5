/**
 * Decides what follows one failed attempt.
 *
 * Upstream   a channel, which classified what happened.
 * Downstream the engine, which carries the verdict out.
 *
 * Pure. There is no default branch: a new kind of failure must not compile until it has an answer here.
 */
import type { DegradeStep, SendFailure } from "./channel.ts";
import type { FailureReason } from "./result.ts";
import { backoffMs, type RetryPolicy } from "./retry/retry-policy.ts";

export interface FailedAttempt {
  readonly failure: SendFailure;
  /** Attempts used so far, this one included. */
  readonly attempts: number;
  /** This attempt was the breaker's probe: it tests the destination, so the message does not pay for it. */
  readonly wasProbe: boolean;
  readonly atMostOnce: boolean;
}

export interface VerdictInputs {
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export type Verdict =
  /** Send again, not before `at`. */
  | { readonly action: "retry"; readonly at: number; readonly because: "unavailable" | "ambiguous" }
  /** Send again as soon as the limit that was hit allows. */
  | {
      readonly action: "wait-for-limit";
      readonly scope: "bucket" | "pool" | "global";
      readonly retryAfterMs: number | null;
    }
  /** Send again at once, plainer. */
  | { readonly action: "degrade"; readonly step: DegradeStep }
  | { readonly action: "give-up"; readonly reason: FailureReason }
  /** Nothing will get through to this destination until somebody acts. */
  | { readonly action: "disable-lane" }
  /** Nothing may leave this address. */
  | { readonly action: "stop-egress"; readonly retryAfterMs: number | null };

export function decideVerdict(policy: RetryPolicy, failed: FailedAttempt, inputs: VerdictInputs): Verdict {
  const { failure } = failed;
  switch (failure.kind) {
    case "rate-limited":
      return { action: "wait-for-limit", scope: failure.scope, retryAfterMs: failure.retryAfterMs };
    case "banned":
      return { action: "stop-egress", retryAfterMs: failure.retryAfterMs };
    case "misconfigured":
      return { action: "disable-lane" };
    case "rejected":
      return failure.degradeBy === null
        ? { action: "give-up", reason: "rejected" }
        : { action: "degrade", step: failure.degradeBy };
    case "ambiguous":
      return failed.atMostOnce
        ? { action: "give-up", reason: "ambiguous-at-most-once" }
        : retryOrGiveUp(policy, failed, inputs);
    case "unavailable":
      return retryOrGiveUp(policy, failed, inputs);
  }
}

function retryOrGiveUp(policy: RetryPolicy, failed: FailedAttempt, { now, random }: VerdictInputs): Verdict {
  const because = failed.failure.kind === "ambiguous" ? "ambiguous" : "unavailable";
  // The breaker is open again after a failed probe, and its wait is the longer one.
  if (failed.wasProbe) return { action: "retry", at: now, because };
  if (failed.attempts >= policy.maxAttempts) return { action: "give-up", reason: "attempts-exhausted" };
  return { action: "retry", at: now + backoffMs(policy, failed.attempts, random()), because };
}
