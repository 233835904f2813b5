/**
 * Time of day in a time zone, from the time zone data that Node.js brings (`Intl`).
 *
 * Downstream time windows. Pure: the same answer for the same instant.
 */

export interface Zone {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly name: string;
  /** Days since 1970-01-01 of the date that the zone's calendars show at this instant. */
  dayAt(at: number): number;
  /**
   * The first instant of that day at which clocks show this many minutes after midnight or more: when a clock is put forward past them, the
   * instant of the change; when it is put back over them, the first of the two. `minutes` may be those of the next day (1,440 and more).
   */
  instantOf(day: number, minutes: number): number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** `null` when there is no such zone. */
export function openZone(name: string): Zone | null {
  const format = formatOf(name);
  if (format === null) return null;

  /** How far the zone's clocks are ahead of UTC. */
  function offsetAt(at: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of format!.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const wholeSeconds = Math.floor(at / 1_000) * 1_000;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSeconds;
  }

  /** Between two instants on either side of one change: the first at which the clocks are the later ones. */
  function changeBetween(before: number, after: number): number {
    const later = offsetAt(after);
    let [low, high] = [before, after];
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offsetAt(middle) === later) high = middle;
      else low = middle;
    }
    return high;
  }

  return {
    name,
    dayAt: (at) => Math.floor((at + offsetAt(at)) / DAY_MS),
    instantOf(day, minutes) {
      const shown = day * DAY_MS + minutes * MINUTE_MS;
      // No zone changes its clocks twice within two days, so that the clocks of a day before and a day after are all there can be.
      const [before, after] = [offsetAt(shown - DAY_MS), offsetAt(shown + DAY_MS)];
      const candidates = [shown - before, shown - after].sort((a, b) => a - b);
      for (const at of candidates) if (at + offsetAt(at) === shown) return at;
      const [earliest = shown, latest = shown] = candidates;
      return changeBetween(earliest, latest);
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return null;
  }
}
