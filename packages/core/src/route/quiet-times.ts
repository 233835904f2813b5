/**
 * Quiet hours that come with a notification: whether they last, and until when.
 *
 * Upstream   the router, with what a notification says of itself. Downstream schedules, one for each text that was met of late.
 */
import { createSchedule, neverEnds, type Schedule } from "./schedule.ts";
import { readTimeWindows, type TimeWindow } from "./time-window.ts";

export interface QuietTimes {
  /** When the quiet hours end in which `at` lies (epoch milliseconds); `null` when it lies in none. */
  endAfter(hours: readonly string[], at: number): number | null;
}

export interface QuietTimesParts {
  /** Of hours that name none. */
  readonly timeZone: string;
  /** Told once of hours that cannot be used: what carries them goes at once. */
  readonly onProblem?: (problem: string) => void;
}

/** Different sets of hours that are kept ready. */
const MAX_KEPT = 1_000;

export function createQuietTimes({ timeZone, onProblem = () => {} }: QuietTimesParts): QuietTimes {
  const schedules = new Map<string, Schedule | null>();

  function scheduleOf(hours: readonly string[]): Schedule | null {
    const key = hours.join("\n");
    const known = schedules.get(key);
    if (known !== undefined) return known;
    const { windows, problems } = readQuietHours(hours, timeZone);
    for (const problem of problems) onProblem(problem);
    const schedule = windows.length === 0 ? null : createSchedule(windows);
    if (schedules.size >= MAX_KEPT) schedules.clear();
    schedules.set(key, schedule);
    return schedule;
  }

  return {
    endAfter(hours, at) {
      const phase = scheduleOf(hours)?.at(at);
      return phase?.isOpen ? phase.until : null;
    },
  };
}

/** Those quiet hours that are of use, and what is wrong with the others: sentences without a full stop. */
export function readQuietHours(
  hours: readonly string[],
  timeZone: string,
): { readonly windows: readonly TimeWindow[]; readonly problems: readonly string[] } {
  const read = readTimeWindows(hours, timeZone);
  if (!neverEnds(read.windows)) return read;
  return { windows: [], problems: [...read.problems, "they never end, so that nothing would ever be told"] };
}
