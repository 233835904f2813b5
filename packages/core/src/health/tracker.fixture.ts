/** A tracker of a notifier over one channel in memory, on a clock that stands still until moved. */
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import type { NotifierOptions } from "../notifier/options.ts";
import type { HealthOptions } from "./options.ts";

const MINUTE = 60_000;
/** Of the virtual clock. */
export const START = Date.UTC(2026, 0, 1);

export function quietTracker(health: HealthOptions = {}, options: NotifierOptions = {}) {
  const quiet = quietNotifier({ service: "Wall display", ...options });
  const tracker = quiet.notifier.health(health);
  return {
    ...quiet,
    tracker,
    /** Minute of each message, and its title. */
    told: () =>
      quiet.channel.sent.flatMap(({ request, startedAt }) =>
        request.notifications.map(({ title }) => [(startedAt - START) / MINUTE, title]),
      ),
    /** Moves on by so many minutes, with a report at the beginning of each. */
    async eachMinute(minutes: number, report: () => void) {
      for (let n = 0; n < minutes; n++) {
        report();
        await quiet.clock.advance(MINUTE);
      }
    },
  };
}
