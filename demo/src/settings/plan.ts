/**
 * Decides how fast everything goes: the story takes {@link STORY_MS}, and less where the whole run is shorter. All waits that the
 * story depends on shrink with it, so that a short run shows the same.
 *
 * Pure.
 */
import type { DemoOptions } from "./options.ts";

export interface Plan {
  readonly forMs: number | null;
  /** Share of its usual length that the story takes, up to 1. */
  readonly pace: number;
  readonly measuredMsPerSecond: number;
  /** From the start of one telling of the story to the next. */
  readonly roundMs: number;
  /** How often the story is told; `Infinity` without an end. */
  readonly rounds: number;
  readonly offlineAfterMs: number;
  readonly offlineCheckMs: number;
  readonly heartbeatMs: number;
  readonly cooldownMs: number;
  /** Between two lines on how many readings were sent. */
  readonly tallyMs: number;
}

/** From the first step of the story to its last. */
export const STORY_MS = 46_000;
/** What the last messages need to arrive, whatever the pace: Discord's limits do not shrink. */
const LAST_ARRIVALS_MS = 5_000;
const ROUND_MS = 60_000;
const DAY_MS = 86_400_000;
const OFFLINE_AFTER_MS = 6_000;
const OFFLINE_CHECK_MS = 1_000;
const COOLDOWN_MS = 20_000;
const TALLY_MS = 10_000;

export function planOf({ forMs, measuredMsPerSecond }: DemoOptions): Plan {
  const pace = forMs === null ? 1 : Math.min(1, (forMs - LAST_ARRIVALS_MS) / STORY_MS);
  const roundMs = ROUND_MS * pace;
  const offlineAfterMs = OFFLINE_AFTER_MS * pace;
  return {
    forMs,
    pace,
    measuredMsPerSecond: measuredMsPerSecond ?? Math.round(1 / pace) * DAY_MS,
    roundMs,
    rounds: forMs === null ? Number.POSITIVE_INFINITY : roundsIn(forMs, pace),
    offlineAfterMs,
    offlineCheckMs: OFFLINE_CHECK_MS * pace,
    heartbeatMs: offlineAfterMs / 3,
    cooldownMs: COOLDOWN_MS * pace,
    tallyMs: TALLY_MS * pace,
  };
}

/** As often as the whole story fits. */
function roundsIn(forMs: number, pace: number): number {
  return 1 + Math.max(0, Math.floor((forMs - LAST_ARRIVALS_MS - STORY_MS * pace) / (ROUND_MS * pace)));
}
