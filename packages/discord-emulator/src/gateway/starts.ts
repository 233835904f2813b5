/**
 * Counts how often bots identify: Discord allows 1,000 a day.
 * https://docs.discord.com/developers/events/gateway#session-start-limit-object
 *
 * Reads no clock: the caller passes `now`.
 */

const PERIOD_MS = 24 * 3_600_000;

export interface SessionStartLimit {
  readonly total: number;
  readonly remaining: number;
  /** Milliseconds. */
  readonly reset_after: number;
  readonly max_concurrency: 1;
}

export interface Starts {
  readonly tell: (applicationId: string, now: number) => SessionStartLimit;
  /** Takes one; false when there is none left. */
  readonly take: (applicationId: string, now: number) => boolean;
}

export function createStarts(total: number): Starts {
  const days = new Map<string, { used: number; endsAt: number }>();

  function dayOf(applicationId: string, now: number) {
    const known = days.get(applicationId);
    if (known !== undefined && now < known.endsAt) return known;
    const day = { used: 0, endsAt: now + PERIOD_MS };
    days.set(applicationId, day);
    return day;
  }

  return {
    tell: (applicationId, now) => {
      const { used, endsAt } = dayOf(applicationId, now);
      return { total, remaining: total - used, reset_after: endsAt - now, max_concurrency: 1 };
    },
    take: (applicationId, now) => {
      const day = dayOf(applicationId, now);
      if (day.used >= total) return false;
      day.used += 1;
      return true;
    },
  };
}
