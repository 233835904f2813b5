/** Ways to wait for what happens instead of asking again and again. */
import type { EmulatorEvent, Events } from "./events.ts";

export interface Awaited {
  /** Looked at after every event until it holds. */
  readonly holds: () => boolean;
  readonly timeoutMs: number;
  /** For the error when it does not come to that. */
  readonly describe: () => string;
}

/**
 * Resolves as soon as the condition holds. The time-out is real time even under a manual clock: it guards against a
 * test that would hang.
 *
 * @throws Error saying how far it got, after `timeoutMs`.
 */
export function until({ holds, timeoutMs, describe }: Awaited, events: Events): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = events.listen(() => {
      if (!holds()) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Waited ${timeoutMs} ms in vain: ${describe()}`));
    }, timeoutMs);
  });
}

/** What happens from now on, one by one; ends when the loop over it is left. */
export async function* iterate(events: Events): AsyncGenerator<EmulatorEvent, void, void> {
  let queue: EmulatorEvent[] = [];
  let wake = () => {};
  const stop = events.listen((event) => {
    queue.push(event);
    wake();
  });
  try {
    for (;;) {
      const batch = queue;
      queue = [];
      yield* batch;
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}
