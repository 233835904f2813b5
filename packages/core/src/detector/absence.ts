/**
 * Tells whether something that should report has fallen silent.
 *
 * Upstream   signals: signs of life.
 * Downstream alerts, which tell of each silence once.
 *
 * Pure. Instants are epoch milliseconds.
 */

export interface Watched {
  /** Last sign of life; `null` when there never was one. */
  readonly lastSignAt: number | null;
  /** Since when a sign could be expected: its registration. */
  readonly knownSince: number;
  /** Since when we have been listening without a gap. What was not heard before that may well have been said. */
  readonly listeningSince: number;
}

export interface AbsenceFinding {
  readonly met: boolean;
  /** `never-heard`: silent for too long, and there never was a sign. */
  readonly reason: "heard" | "silent" | "never-heard";
  /** Silence that we witnessed, up to `now`; never negative. */
  readonly silentMs: number;
}

/** Silent means: no sign of life for `afterMs` or longer, while we listened. */
export function checkAbsence(watched: Watched, afterMs: number, now: number): AbsenceFinding {
  const silentSince = Math.max(watched.lastSignAt ?? watched.knownSince, watched.listeningSince);
  const silentMs = Math.max(0, now - silentSince);
  if (silentMs < afterMs) return { met: false, reason: "heard", silentMs };
  return { met: true, reason: watched.lastSignAt === null ? "never-heard" : "silent", silentMs };
}
