/**
 * Opens the health trackers of one notifier, and ends them with it. Where nothing could be told there is no monitoring, and
 * no cost: such a tracker keeps nothing and sets no timer.
 */
import type { AlertDesk, DeskAnswer } from "../alert/desk.ts";
import type { Clock } from "../clock/clock.ts";
import type { PatientMemory } from "../delivery/outbox.ts";
import { type NotificationInput, SEVERITIES } from "../notification/notification.ts";
import type { HealthTracker } from "./health-tracker.ts";
import { defineHealth, type HealthOptions } from "./options.ts";
import { LiveTracker, type Teller, type TrackerParts } from "./tracker.ts";

/** The part of a notifier that trackers need. */
export interface TrackedNotifier extends Teller {
  readonly enabled: boolean;
  explain(input: NotificationInput): { readonly because: string };
}

export interface HealthTrackers {
  /** @throws ConfigError `CONFIG_HEALTH` */
  open(options: HealthOptions): HealthTracker;
  /** Nothing more is tracked, and no timer is left. */
  end(): void;
}

export function createHealthTrackers(
  notifier: TrackedNotifier,
  about: {
    /** What survives a restart; `null` when nothing does. */
    readonly memory: PatientMemory | null;
    readonly awaitsMemory: boolean;
    readonly clock: Clock;
    readonly logger: TrackerParts["logger"];
    readonly style: { readonly service: string };
  },
): HealthTrackers {
  const open: LiveTracker[] = [];
  const leadsSomewhere = (type: string): boolean =>
    notifier.enabled &&
    SEVERITIES.some((severity) => notifier.explain({ type, severity }).because !== "no-destination");
  return {
    open(options) {
      const settings = defineHealth(options, about.style.service);
      if (options.alwaysTrack !== true && !leadsSomewhere(settings.type)) return { ...OFF, program: settings.program };
      const tracker = new LiveTracker({ ...about, settings, teller: notifier });
      open.push(tracker);
      return tracker;
    },
    end() {
      for (const tracker of open) tracker.end();
    },
  };
}

const NOT_OPEN: DeskAnswer = { kind: "not-open" };
const EMPTY_DESK: AlertDesk = {
  list: () => [],
  acknowledge: () => NOT_OPEN,
  silence: () => NOT_OPEN,
  resolve: () => NOT_OPEN,
};

const OFF: Omit<HealthTracker, "program"> = Object.freeze({
  recordSuccess: () => {},
  recordFailure: () => {},
  watch:
    <Args extends readonly unknown[], Result>(
      _component: string,
      call: (...args: Args) => Result | PromiseLike<Result>,
    ) =>
    async (...args: Args): Promise<Result> =>
      call(...args),
  status: () => [],
  desk: () => EMPTY_DESK,
  statusOf: () => null,
  configure: () => {},
  forget: () => {},
  started: () => {},
  warning: () => {},
  stopping: () => Promise.resolve(),
});
