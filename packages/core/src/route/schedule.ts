/**
 * Tells whether any of several time windows is open at an instant, and until when that stays so.
 *
 * Upstream   time windows. Downstream routes, which ask for every notification: the answer is remembered for as long as it holds, so that
 * time zones are looked at only when a window opens or closes. Always the same answer for the same instant.
 */
import { DAY_MINUTES, type TimeWindow } from "./time-window.ts";

export interface Phase {
  readonly isOpen: boolean;
  /** It stays so until this instant at least (epoch milliseconds); a change comes then, or is more than a week away. */
  readonly until: number;
}

export interface Schedule {
  at(instant: number): Phase;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = DAY_MINUTES * 60_000;
/** A window opens at least once a week, unless a change of the clocks swallows it. */
const LOOK_AHEAD_DAYS = 9;
/** One past midnight, or over a change of the clocks, may have begun so long before. */
const LOOK_BACK_DAYS = 2;

export function createSchedule(windows: readonly TimeWindow[]): Schedule {
  let known: (Phase & { readonly since: number }) | null = null;
  return {
    at(instant) {
      if (known === null || instant < known.since || instant >= known.until)
        known = { ...phaseAt(windows, instant), since: instant };
      return known;
    },
  };
}

/** Whether it is open for ever, whatever the time. */
export function neverEnds(windows: readonly TimeWindow[]): boolean {
  const anyMonday = Date.UTC(2026, 0, 5);
  const { isOpen, until } = phaseAt(windows, anyMonday);
  return isOpen && until - anyMonday > 7 * DAY_MS;
}

function phaseAt(windows: readonly TimeWindow[], instant: number): Phase {
  const spans = windows.flatMap((window) => spansAround(window, instant)).sort((a, b) => a.from - b.from);
  let until = instant;
  for (const { from, to } of spans) {
    if (from <= until && to > until) until = to;
  }
  if (until > instant) return { isOpen: true, until };
  const next = spans.find(({ from }) => from > instant);
  return { isOpen: false, until: next?.from ?? instant + (LOOK_AHEAD_DAYS - 1) * DAY_MS };
}

function spansAround({ days, from, to, zone }: TimeWindow, instant: number): Span[] {
  const today = zone.dayAt(instant);
  const spans: Span[] = [];
  for (let day = today - LOOK_BACK_DAYS; day <= today + LOOK_AHEAD_DAYS; day++) {
    if (!days.has(weekdayOf(day))) continue;
    const span = { from: zone.instantOf(day, from), to: zone.instantOf(day, to) };
    if (span.from < span.to) spans.push(span);
  }
  return spans;
}

/** Of a day since 1970-01-01, which was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
