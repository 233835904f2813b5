/**
 * Looks at intervals for devices that have fallen silent.
 *
 * Silence counts only while we listen without a gap: after a start, while the external broker is away, and after the
 * machine has slept, everything would look silent at once, and it would be us.
 */
import type { Clock, Timer } from "@tocsin/core/stages";
import type { Alerting } from "./alerting.ts";
import type { Register } from "./register.ts";

export interface OfflineCheckerOptions {
  readonly clock: Clock;
  readonly register: Register;
  readonly alerting: Alerting;
  readonly intervalMs: number;
  /** Since when devices can reach us; `null` while they cannot. */
  readonly reachableSince: () => number | null;
}

export interface OfflineChecker {
  start(): void;
  stop(): void;
}

/** A check that comes later than this many intervals means that the process stood still. */
const GAP_INTERVALS = 3;

export function createOfflineChecker(options: OfflineCheckerOptions): OfflineChecker {
  const { clock, register, alerting, intervalMs, reachableSince } = options;
  let timer: Timer | null = null;
  let awakeSince = 0;
  let lastCheckAt = 0;

  function check(): void {
    const now = Math.floor(clock.now());
    if (now - lastCheckAt > GAP_INTERVALS * intervalMs) awakeSince = now;
    lastCheckAt = now;
    const since = reachableSince();
    if (since !== null) {
      for (const device of register.devices.values()) alerting.checkSilence(device, Math.max(since, awakeSince), now);
    }
    timer = clock.schedule(now + intervalMs, check);
  }

  return {
    start() {
      awakeSince = lastCheckAt = Math.floor(clock.now());
      timer = clock.schedule(lastCheckAt + intervalMs, check);
    },
    stop: () => timer?.cancel(),
  };
}
