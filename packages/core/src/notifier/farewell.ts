/** The last words of a notifier without a thread: it sends for as long as the event loop still runs, and tells what is lost where it does not. */
import type { FlushOptions } from "./api.ts";
import { installLastWords, lossOf } from "./last-words.ts";
import type { NotifierSettings } from "./settings.ts";

export interface FarewellParts {
  /** Deliveries that have not been concluded. */
  readonly open: () => number;
  /** Notifications that the outbox does not have yet. */
  readonly unaccepted: () => number;
  readonly flush: (options: FlushOptions) => Promise<unknown>;
}

/** @returns the function that takes all listeners away again. */
export function installFarewell(settings: NotifierSettings, { open, unaccepted, flush }: FarewellParts): () => void {
  const { enabled, lastWordsMs: timeoutMs, store } = settings;
  if (!enabled || timeoutMs === null) return () => {};
  const isDurable = store?.outbox.isDurable === true;
  return installLastWords({
    speaker: {
      isBusy: () => open() > 0,
      speak: () => flush({ timeoutMs }),
      leftover: () => lossOf(isDurable ? unaccepted() : open(), isDurable),
    },
    ...{ process, speaksAtExit: false, write: (line) => console.error(`tocsin: ${line}`) },
  });
}
