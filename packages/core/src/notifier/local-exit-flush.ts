/** The exit flush of a notifier without a thread: it sends for as long as the event loop still runs, and reports what is lost where it does not. */
import type { FlushOptions } from "./api.ts";
import { installExitFlush, lossMessage } from "./exit-flush.ts";
import type { NotifierSettings } from "./settings.ts";

export interface LocalExitFlushParts {
  /** Deliveries that have not been concluded. */
  readonly open: () => number;
  /** Notifications that the outbox does not have yet. */
  readonly unaccepted: () => number;
  readonly flush: (options: FlushOptions) => Promise<unknown>;
}

/** @returns the function that takes all listeners away again. */
export function installLocalExitFlush(
  settings: NotifierSettings,
  { open, unaccepted, flush }: LocalExitFlushParts,
): () => void {
  const { enabled, flushOnExitMs: timeoutMs, store } = settings;
  if (!enabled || timeoutMs === null) return () => {};
  const isDurable = store?.outbox.isDurable === true;
  return installExitFlush({
    flusher: {
      isBusy: () => open() > 0,
      flush: () => flush({ timeoutMs }),
      loss: () => lossMessage(isDurable ? unaccepted() : open(), isDurable),
    },
    process,
    flushesAtExit: false,
    write: (line) => console.error(`tocsin: ${line}`),
  });
}
