import { describe, expect, it } from "vitest";
import { ambiguous, banned, misconfigured, rateLimited, rejected, unavailable } from "../../testing/outcomes.ts";
import type { SendFailure, SendOutcome } from "./channel.ts";
import { defineRetryPolicy } from "./retry/retry-policy.ts";
import { decideVerdict, type FailedAttempt } from "./verdict.ts";

const NOW = Date.UTC(2026, 0, 1);
const policy = defineRetryPolicy({ jitter: 0 });

function judge(outcome: SendOutcome, more: Partial<FailedAttempt> = {}) {
  const failed = { failure: outcome as SendFailure, attempts: 1, wasProbe: false, atMostOnce: false, ...more };
  return decideVerdict(policy, failed, { now: NOW, random: () => 0 });
}

describe("decideVerdict", () => {
  it.each([
    {
      name: "a silence",
      outcome: unavailable(),
      verdict: { action: "retry", at: NOW + 1_000, because: "unavailable" },
    },
    { name: "a doubt", outcome: ambiguous(), verdict: { action: "retry", at: NOW + 1_000, because: "ambiguous" } },
    {
      name: "a limit",
      outcome: rateLimited(2_500, "pool"),
      verdict: { action: "wait-for-limit", scope: "pool", retryAfterMs: 2_500 },
    },
    { name: "a ban", outcome: banned(9_000), verdict: { action: "stop-egress", retryAfterMs: 9_000 } },
    { name: "a wrong address", outcome: misconfigured(), verdict: { action: "disable-lane" } },
    {
      name: "a refusal that can be mended",
      outcome: rejected("without-links"),
      verdict: { action: "degrade", step: "without-links" },
    },
    { name: "a refusal that cannot", outcome: rejected(), verdict: { action: "give-up", reason: "rejected" } },
  ])("answers $name", ({ outcome, verdict }) => {
    expect(judge(outcome)).toEqual(verdict);
  });

  it("gives up after the last attempt", () => {
    expect(judge(unavailable(), { attempts: 3 })).toEqual({ action: "give-up", reason: "attempts-exhausted" });
    expect(judge(ambiguous(), { attempts: 3 })).toEqual({ action: "give-up", reason: "attempts-exhausted" });
  });

  it("never gives up for a limit or a ban, however often", () => {
    expect(judge(rateLimited(1), { attempts: 1_000 }).action).toBe("wait-for-limit");
    expect(judge(banned(), { attempts: 1_000 }).action).toBe("stop-egress");
  });

  it("does not make a message pay for being the breaker's probe", () => {
    expect(judge(unavailable(), { attempts: 3, wasProbe: true })).toMatchObject({ action: "retry" });
  });

  it("does not resend in doubt when at most once was asked for, but does where nothing can have arrived", () => {
    expect(judge(ambiguous(), { atMostOnce: true })).toEqual({ action: "give-up", reason: "ambiguous-at-most-once" });
    expect(judge(unavailable(), { atMostOnce: true })).toMatchObject({ action: "retry" });
  });
});
