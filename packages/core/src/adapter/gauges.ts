/**
 * Looks at a few figures of the process again and again, and reports each as a component that works or fails.
 *
 * Upstream process.ts, which says what is read. Downstream the health tracker, which says when that is worth an alert.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { HealthTracker } from "../health/health-tracker.ts";

export interface Gauge {
  /** Its name in the health tracker. */
  readonly component: string;
  /** Above it the component fails. */
  readonly most: number;
  read(): number;
  /** The figure for people, with its unit. */
  words(figure: number): string;
  stop(): void;
}

export interface GaugesParts {
  readonly health: Pick<HealthTracker, "recordSuccess" | "recordFailure">;
  readonly clock: Clock;
  readonly gauges: readonly Gauge[];
  /** Milliseconds between two looks. */
  readonly everyMs: number;
}

/** @throws RangeError when a threshold or the time between two looks is not more than 0 */
export function createGauges({ health, clock, gauges, everyMs }: GaugesParts): { stop(): void } {
  const bad = [["checkEveryMs", everyMs] as const, ...gauges.map(({ component, most }) => [component, most] as const)]
    .filter(([, value]) => !(value > 0))
    .map(([name, value]) => `${name} must be more than 0, got ${value}`);
  if (bad.length > 0) {
    for (const gauge of gauges) gauge.stop();
    throw new RangeError(`${bad.join("; ")}.`);
  }

  let timer: Timer | null = null;
  function look(): void {
    for (const { component, most, read, words } of gauges) {
      const figure = read();
      if (figure > most) health.recordFailure(component, `${words(figure)}, more than ${words(most)}`);
      else health.recordSuccess(component);
    }
    wait();
  }
  function wait(): void {
    timer = clock.schedule(clock.now() + everyMs, look);
  }
  if (gauges.length > 0) wait();
  return {
    stop() {
      timer?.cancel();
      for (const gauge of gauges) gauge.stop();
    },
  };
}
