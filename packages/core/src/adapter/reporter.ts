/**
 * Makes few messages of many failures: the first of a matter is told at once, those that follow are counted and told together.
 * A repeated failure costs the application a look-up and an addition.
 *
 * Upstream the adapters of web frameworks. Downstream the notifier.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { failureNotification, matterOf, OTHERS, type RequestFailure } from "./failure-message.ts";

/** How long failures of one matter are counted before they are told; each time they go on, twice as long. */
const FIRST_WINDOW_MS = 60_000;
const LONGEST_WINDOW_MS = 3_600_000;
/** More matters than this at once are counted together as one. */
const MAX_MATTERS = 200;

export interface ReporterParts {
  readonly notify: (input: NotificationInput) => unknown;
  readonly clock: Clock;
}

export interface Reporter {
  /** Never throws, never waits. */
  report(failure: RequestFailure): void;
  /** Tells what has been counted and not told. */
  flush(): void;
}

interface Matter {
  readonly name: string;
  last: RequestFailure;
  /** Failures since the last message. */
  count: number;
  since: number;
  windowMs: number;
  timer: Timer;
}

export function createReporter({ notify, clock }: ReporterParts): Reporter {
  const matters = new Map<string, Matter>();

  function begin(name: string, failure: RequestFailure): void {
    notify(failureNotification(failure, name, null));
    const matter: Matter = {
      name,
      last: failure,
      count: 0,
      since: clock.now(),
      windowMs: FIRST_WINDOW_MS,
      timer: { cancel() {} },
    };
    matters.set(name, matter);
    wait(matter);
  }

  function wait(matter: Matter): void {
    matter.timer = clock.schedule(clock.now() + matter.windowMs, () => {
      if (matter.count === 0) return void matters.delete(matter.name);
      tell(matter);
      matter.windowMs = Math.min(matter.windowMs * 2, LONGEST_WINDOW_MS);
      wait(matter);
    });
  }

  function tell(matter: Matter): void {
    notify(failureNotification(matter.last, matter.name, { count: matter.count, since: matter.since }));
    matter.count = 0;
    matter.since = clock.now();
  }

  return {
    report(failure) {
      try {
        const own = matterOf(failure);
        const name = matters.has(own) || matters.size < MAX_MATTERS ? own : OTHERS;
        const matter = matters.get(name);
        if (matter === undefined) return begin(name, failure);
        matter.count++;
        matter.last = failure;
      } catch {
        // An error whose own properties throw tells nothing; its request is not to suffer from that.
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
