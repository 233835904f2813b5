/**
 * Makes few messages of many reports: the first of a matter is told at once, those that follow are counted and told together.
 * A repeated one costs the application a look-up and an addition.
 *
 * Upstream the adapters of web frameworks, loggers and the process. Downstream the notifier.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { NotificationInput } from "../notification/notification.ts";

/** How long reports of one matter are counted before they are told; each time they go on, twice as long. */
const FIRST_WINDOW_MS = 60_000;
const LONGEST_WINDOW_MS = 3_600_000;
/** More matters than this at once are counted together as one. */
const MAX_MATTERS = 200;
/** The matter of what is counted together because there are too many kinds of it. */
export const OTHERS = "others";

/** How often the same has happened since it was last told. */
export interface Repeats {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What is reported, and how it is told. */
export interface Wording<Report> {
  /** The same for reports of the same cause. Asked of every report, so it has to be cheap. */
  matterOf(report: Report): string;
  /** @param repeats `null` for the first of its matter */
  notificationOf(report: Report, matter: string, repeats: Repeats | null): NotificationInput;
}

export interface ReporterParts<Report> {
  readonly notify: (input: NotificationInput) => unknown;
  readonly clock: Clock;
  readonly wording: Wording<Report>;
}

export interface Reporter<Report> {
  /** Never throws, never waits. */
  report(report: Report): void;
  /** Tells what has been counted and not told. */
  flush(): void;
}

interface Matter<Report> {
  readonly name: string;
  last: Report;
  /** Reports since the last message. */
  count: number;
  since: number;
  windowMs: number;
  timer: Timer;
}

export function createReporter<Report>({ notify, clock, wording }: ReporterParts<Report>): Reporter<Report> {
  const matters = new Map<string, Matter<Report>>();

  function begin(name: string, report: Report): void {
    notify(wording.notificationOf(report, name, null));
    const matter: Matter<Report> = {
      name,
      last: report,
      count: 0,
      since: clock.now(),
      windowMs: FIRST_WINDOW_MS,
      timer: { cancel() {} },
    };
    matters.set(name, matter);
    wait(matter);
  }

  function wait(matter: Matter<Report>): void {
    matter.timer = clock.schedule(clock.now() + matter.windowMs, () => {
      if (matter.count === 0) return void matters.delete(matter.name);
      tell(matter);
      matter.windowMs = Math.min(matter.windowMs * 2, LONGEST_WINDOW_MS);
      wait(matter);
    });
  }

  function tell(matter: Matter<Report>): void {
    notify(wording.notificationOf(matter.last, matter.name, { count: matter.count, since: matter.since }));
    matter.count = 0;
    matter.since = clock.now();
  }

  return {
    report(report) {
      try {
        const own = wording.matterOf(report);
        const name = matters.has(own) || matters.size < MAX_MATTERS ? own : OTHERS;
        const matter = matters.get(name);
        if (matter === undefined) return begin(name, report);
        matter.count++;
        matter.last = report;
      } catch {
        // A report whose own properties throw tells nothing; whoever made it is not to suffer from that.
      }
    },
    flush() {
      for (const matter of matters.values()) {
        matter.timer.cancel();
        if (matter.count > 0) tell(matter);
      }
      matters.clear();
    },
  };
}

/** ` (×37)`, or nothing for a single one. */
export function timesOf(repeats: Repeats | null): string {
  return repeats === null || repeats.count === 1 ? "" : ` (×${repeats.count})`;
}

export function sinceWhen({ count, since }: Repeats): string {
  const at = new Date(since).toISOString();
  return count === 1 ? `Once more since ${at}:` : `${count} times since ${at}, the last one:`;
}

const MAX_SHAPE_CHARS = 120;
/** Ids, numbers and quoted values differ between texts that say the same. */
const VARYING = /\b\w*\d[\w-]*|"[^"]*"|'[^']*'/g;

/** What texts of the same cause have in common. */
export function shapeOf(text: string): string {
  return text.slice(0, MAX_SHAPE_CHARS).replace(VARYING, "#");
}
