/**
 * The only place that touches time: everything else asks a {@link Clock}, so that a test of a
 * 60-second window takes no seconds.
 *
 * Instants are epoch milliseconds and end in `At`; durations are milliseconds and end in `Ms`.
 */

export interface Clock {
  /** The present instant, epoch milliseconds. */
  readonly now: () => number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** The machine's clock. Its timers keep no process alive. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  after: (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
});

export interface ManualClock extends Clock {
  /** Moves time on by `durationMs`, running on the way what is due, in order of its instant. */
  readonly advance: (durationMs: number) => void;
}

interface Appointment {
  readonly dueAt: number;
  readonly run: () => void;
}

/** A clock that stands still until told. @param startAt - epoch milliseconds; 1 January 2026 by default. */
export function createManualClock(startAt: number = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startAt;
  const appointments = new Set<Appointment>();

  function nextDue(until: number): Appointment | undefined {
    let next: Appointment | undefined;
    for (const one of appointments) {
      if (one.dueAt <= until && (next === undefined || one.dueAt < next.dueAt)) next = one;
    }
    return next;
  }

  return {
    now: () => now,
    after: (delayMs, run) => {
      const appointment = { dueAt: now + delayMs, run };
      appointments.add(appointment);
      return () => appointments.delete(appointment);
    },
    advance: (durationMs) => {
      const until = now + durationMs;
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        appointments.delete(due);
        now = Math.max(now, due.dueAt);
        due.run();
      }
      now = until;
    },
  };
}
