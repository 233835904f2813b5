/**
 * A window with a door before it: who is refused at the door of one that punishes waits the longer for having asked.
 *
 * Upstream limiter.ts. The caller passes `now`.
 */
import { createUseWindow, type UseWindow, type WindowLimit } from "./window.ts";

export interface Refusal {
  readonly retryAfterMs: number;
  /** What the bucket's headers say instead. */
  readonly resetAfterMs: number;
}

export interface Gate extends Pick<UseWindow, "remaining" | "resetAfterMs" | "use"> {
  readonly rule: WindowLimit;
  /** Null when the gate is open; otherwise the wait, which asking has lengthened if the gate punishes. */
  readonly ask: (now: number) => Refusal | null;
}

export function createGate(rule: WindowLimit, punishes: boolean): Gate {
  const window = createUseWindow(rule);
  let blockedUntil = Number.NEGATIVE_INFINITY;
  return {
    rule,
    remaining: window.remaining,
    resetAfterMs: window.resetAfterMs,
    use: window.use,
    ask: (now) => {
      const waitMs = Math.max(window.waitMs(now), blockedUntil - now, 0);
      if (waitMs === 0) return null;
      if (!punishes) return { retryAfterMs: waitMs, resetAfterMs: waitMs };
      const retryAfterMs = waitMs + rule.intervalMs;
      blockedUntil = now + retryAfterMs;
      // Whoever believes this figure comes back too early, and so for ever.
      return { retryAfterMs, resetAfterMs: rule.intervalMs / 2 };
    },
  };
}
