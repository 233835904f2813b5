/** The operator's own limit per destination (`rateLimit`, `DISCORD_RATE_LIMIT`): checked, defaulted and made here. */
import { ConfigError } from "../../errors/config-error.ts";
import { MORE_THAN_0, MORE_THAN_0_OR_INFINITE, type Range, rangeProblems } from "../../errors/ranges.ts";
import { type Limiter, UNLIMITED } from "./limiter.ts";
import { createSlidingWindow } from "./sliding-window.ts";
import { createTokenBucket } from "./token-bucket.ts";

export interface LocalLimit {
  /**
   * `sliding-window`: never more than `limit` in any interval. `token-bucket`: a burst, then an even rate.
   * @defaultValue "sliding-window"
   */
  readonly algorithm: "token-bucket" | "sliding-window";
  /** Messages per interval and destination; `Infinity` for none. More than 0. @defaultValue 30 */
  readonly limit: number;
  /** @defaultValue 60_000 */
  readonly intervalMs: number;
  /** Size of the token bucket; the sliding window has no use for it. 1 or more. @defaultValue `limit` */
  readonly burst: number;
}

export const DEFAULT_LOCAL_LIMIT = {
  algorithm: "sliding-window",
  limit: 30,
  intervalMs: 60_000,
} as const satisfies Omit<LocalLimit, "burst">;

/** As many as the limit, which may be `Infinity`. */
const BURST: Range = { wanted: "1 or more", has: (burst) => burst >= 1 };

/**
 * Fills in defaults, checks every field and freezes the result.
 *
 * @throws {@link ConfigError} `CONFIG_RATE_LIMIT`, naming each bad field.
 */
export function defineLocalLimit(overrides: Partial<LocalLimit> = {}): LocalLimit {
  const given = { ...DEFAULT_LOCAL_LIMIT, ...overrides };
  const limit = { ...given, burst: overrides.burst ?? Math.max(1, given.limit) };
  const problems: string[] = [];
  if (limit.algorithm !== "token-bucket" && limit.algorithm !== "sliding-window")
    problems.push(`algorithm must be "token-bucket" or "sliding-window", got ${JSON.stringify(limit.algorithm)}`);
  problems.push(
    ...rangeProblems(limit, {
      limit: MORE_THAN_0_OR_INFINITE,
      intervalMs: MORE_THAN_0,
      burst: BURST,
    }),
  );
  if (limit.algorithm === "sliding-window" && Number.isFinite(limit.limit) && !Number.isInteger(limit.limit))
    problems.push(`limit must be a whole number for a sliding window, got ${limit.limit}`);
  if (problems.length > 0) throw new ConfigError("CONFIG_RATE_LIMIT", problems);
  return Object.freeze(limit);
}

export function createLocalLimiter(limit: LocalLimit): Limiter {
  if (limit.limit === Number.POSITIVE_INFINITY) return UNLIMITED;
  return limit.algorithm === "token-bucket" ? createTokenBucket(limit) : createSlidingWindow(limit);
}
