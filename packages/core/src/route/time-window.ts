/**
 * Times of the week, as people write them: `22:00-07:00`, `mon-fri 08:00-18:00`, `sat,sun Europe/Berlin`.
 *
 * A range past midnight belongs to the day on which it begins. Times are those that clocks show: over a change of the clocks, a window
 * begins and ends at the first instant at which they show its time, or more.
 *
 * Upstream routes. Downstream schedule.ts, which knows when a window is open. Pure.
 */
import { openZone, type Zone } from "./zone.ts";

export interface TimeWindow {
  /** Sunday is 0. */
  readonly days: ReadonlySet<number>;
  /** Minutes after midnight. */
  readonly from: number;
  /** Minutes after the midnight before `from`; more than a day's for a range past midnight. */
  readonly to: number;
  readonly zone: Zone;
}

export type ReadTimeWindow =
  | { readonly ok: true; readonly window: TimeWindow }
  /** Sentence without a full stop. */
  | { readonly ok: false; readonly problem: string };

export const DAY_MINUTES = 1_440;

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const FULL = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const FORM = 'write days, times or both, e.g. "mon-fri 08:00-18:00", "22:00-07:00" or "sat,sun Europe/Berlin"';

/** @param defaultZone of windows that name none, e.g. `Europe/Berlin` */
export function readTimeWindow(text: string, defaultZone: string): ReadTimeWindow {
  const words = text
    .trim()
    .replace(/\s*,\s*/g, ",")
    .replace(/\s*[-–]\s*(?=[a-z\d])/gi, "-")
    .split(/\s+/);
  const days = daysOf(words[0] ?? "");
  if (days !== null) words.shift();
  const range = rangeOf(words[0] ?? "");
  if (range !== null) words.shift();
  const [zoneName = defaultZone, ...rest] = words;
  if ((days === null && range === null) || rest.length > 0) return misread(text, FORM);
  if (range === "impossible")
    return misread(text, "times go from 00:00 to 24:00, and the end is another time than the beginning");
  const zone = openZone(zoneName);
  if (zone === null)
    return misread(
      text,
      `there is no time zone ${JSON.stringify(zoneName)}: write an IANA name, e.g. Europe/Berlin, or UTC`,
    );
  return { ok: true, window: { days: days ?? new Set(DAYS.keys()), ...(range ?? { from: 0, to: DAY_MINUTES }), zone } };
}

/** Several, and what is wrong with them: sentences without a full stop. */
export function readTimeWindows(
  texts: readonly string[],
  defaultZone: string,
): { readonly windows: readonly TimeWindow[]; readonly problems: readonly string[] } {
  const windows: TimeWindow[] = [];
  const problems: string[] = [];
  for (const text of texts) {
    const read = readTimeWindow(text, defaultZone);
    if (read.ok) windows.push(read.window);
    else problems.push(read.problem);
  }
  return { windows, problems };
}

function misread(text: string, problem: string): ReadTimeWindow {
  return { ok: false, problem: `${JSON.stringify(text.slice(0, 100))}: ${problem}` };
}

/** `mon`, `mon-fri`, `sat,sun`, `fri-mon`; `null` for anything else. */
function daysOf(word: string): ReadonlySet<number> | null {
  const days = new Set<number>();
  for (const part of word.toLowerCase().split(",")) {
    const [first, last = first, ...more] = part.split("-").map(dayOf);
    if (first === undefined || first === -1 || last === undefined || last === -1 || more.length > 0) return null;
    for (let day = first; ; day = (day + 1) % DAYS.length) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days;
}

function dayOf(name: string): number {
  const short = (DAYS as readonly string[]).indexOf(name);
  return short === -1 ? (FULL as readonly string[]).indexOf(name) : short;
}

/** `null` for what is no range at all. */
function rangeOf(word: string): { readonly from: number; readonly to: number } | "impossible" | null {
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(word);
  if (match === null) return null;
  const [, fromHours, fromMinutes, toHours, toMinutes] = match.map(Number);
  const from = minutesOf(fromHours, fromMinutes);
  const to = minutesOf(toHours, toMinutes);
  if (from === null || to === null || from === to || from === DAY_MINUTES) return "impossible";
  return { from, to: from < to ? to : to + DAY_MINUTES };
}

function minutesOf(hours = Number.NaN, minutes = Number.NaN): number | null {
  const sum = hours * 60 + minutes;
  return minutes < 60 && sum <= DAY_MINUTES ? sum : null;
}
