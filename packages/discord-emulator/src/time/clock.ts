/**
 * The only place that touches time: everything else asks a {@link Clock}, so that a test of a 60-second window takes
 * no seconds.
 *
 * Instants are epoch milliseconds and end in `At`; durations are milliseconds and end in `Ms`.
 */

export interface Clock {
  /** The present instant, epoch milliseconds. */
  now(): number;
  /** Calls `run` once, at `at` or as soon after as can be. */
  schedule(at: number, run: () => void): { cancel(): void };
}

/** The machine's clock. Its timers keep no process alive. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  schedule: (at: number, run: () => void) => {
    const timer = setTimeout(run, at - Date.now());
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
});

export interface ManualClock extends Clock {
  /** Moves time on by `durationMs`, running on the way what is due, in order of its instant. */
  advance(durationMs: number): void;
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
    schedule: (at, run) => {
      const appointment = { dueAt: at, run };
      appointments.add(appointment);
      return { cancel: () => appointments.delete(appointment) };
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
