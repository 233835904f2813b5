/** Plays cues at their instants. */
import type { Clock } from "@tocsin/core/stages";
import type { Cue, Step } from "./story.ts";

export interface TimelineOptions {
  readonly clock: Clock;
  readonly cues: Iterable<Cue>;
  readonly act: (step: Step) => void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** Resolves when the last cue has been played, or when the signal aborts. */
export async function playTimeline({ clock, cues, act, signal }: TimelineOptions): Promise<void> {
  const startedAt = clock.now();
  for (const { atMs, step } of cues) {
    const waitMs = startedAt + atMs - clock.now();
    await clock.sleep(Math.max(0, waitMs), signal).catch(() => undefined);
    if (signal.aborted) return;
    act(step);
  }
}
