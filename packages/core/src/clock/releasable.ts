/** A clock whose waits keep the process alive until somebody says that they shall not. */
import type { Clock, Timer } from "./clock.ts";

export interface ReleasableClock {
  readonly clock: Clock;
  /** From now on no wait keeps the process alive, those under way included. Sleeping is left out: somebody waits for that. */
  release(): void;
}

export function createReleasableClock(clock: Clock): ReleasableClock {
  const waits = new Set<Timer>();
  let isReleased = false;

  function schedule(at: number, fire: () => void): Timer {
    const timer = clock.schedule(at, () => {
      waits.delete(timer);
      fire();
    });
    if (isReleased) timer.unref?.();
    else waits.add(timer);
    return {
      cancel() {
        waits.delete(timer);
        timer.cancel();
      },
      unref: () => timer.unref?.(),
    };
  }

  return {
    clock: {
      now: () => clock.now(),
      random: () => clock.random(),
      schedule,
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
    release() {
      isReleased = true;
      for (const timer of waits) timer.unref?.();
      waits.clear();
    },
  };
}
