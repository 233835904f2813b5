/** Times as people write and read them in a chat. Pure. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const DURATION = /^\s*(\d{1,6})\s*(s|m|h|d)[a-z]*\s*/i;

/** Milliseconds of `30m`, `2 h`, `1h 30m`, `2 days`; `null` when it is none of these or nothing at all. */
export function parseDuration(text: string): number | null {
  let rest = text;
  let sumMs = 0;
  for (let part = DURATION.exec(rest); part !== null; part = DURATION.exec(rest)) {
    sumMs += Number(part[1]) * (UNITS[part[2]!.toLowerCase()] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return rest === "" && sumMs > 0 ? sumMs : null;
}

/** An instant that Discord shows in each reader's own time zone: `14:05`. */
export function clockTime(at: number): string {
  return `<t:${Math.floor(at / SECOND_MS)}:t>`;
}

/** The same as `5 minutes ago`, kept up to date by the client. */
export function relativeTime(at: number): string {
  return `<t:${Math.floor(at / SECOND_MS)}:R>`;
}
