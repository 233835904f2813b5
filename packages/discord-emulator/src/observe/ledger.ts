/** Counts what was answered. */
import type { LimitScope } from "../limit/limiter.ts";

export interface Counters {
  readonly requests: number;
  /** Answers by status; requests that got none are in `unanswered`. */
  readonly byStatus: Readonly<Record<number, number>>;
  readonly unanswered: number;
  /** 429s of the API by the limit that caused them; bans are not among them. */
  readonly rateLimited: Readonly<Record<LimitScope, number>>;
  /** 401, 403 and 429 except scope `shared`: what Discord counts towards a ban. */
  readonly invalid: number;
  /** Requests turned away by a ban or for their user agent. */
  readonly blocked: number;
  /** Bans that too many invalid requests have brought. */
  readonly bans: number;
  readonly faults: number;
}

type Single = "requests" | "unanswered" | "invalid" | "blocked" | "bans" | "faults";

export interface Ledger {
  readonly count: (what: Single) => void;
  readonly countStatus: (status: number) => void;
  readonly countLimited: (scope: LimitScope) => void;
  readonly counters: () => Counters;
}

export function createLedger(): Ledger {
  const singles: Record<Single, number> = {
    requests: 0,
    unanswered: 0,
    invalid: 0,
    blocked: 0,
    bans: 0,
    faults: 0,
  };
  const rateLimited: Record<LimitScope, number> = { user: 0, shared: 0, global: 0 };
  const byStatus: Record<number, number> = {};
  return {
    count: (what) => {
      singles[what] += 1;
    },
    countStatus: (status) => {
      byStatus[status] = (byStatus[status] ?? 0) + 1;
    },
    countLimited: (scope) => {
      rateLimited[scope] += 1;
    },
    counters: () => ({ ...singles, byStatus: { ...byStatus }, rateLimited: { ...rateLimited } }),
  };
}
