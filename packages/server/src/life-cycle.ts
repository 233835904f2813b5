/** Starts parts one after the other and ends them in reverse, whether all of them have started or only some. */
import type { Clock } from "@tocsin/core/stages";
import type { Logger } from "pino";

export interface LifeCycle {
  /** How to end what has just been started, in `timeoutMs` at most. */
  onStop(part: string, stop: (left: { readonly timeoutMs: number }) => unknown): void;
  /** Ends everything, the last started first. A part that fails or takes too long does not keep the others from ending. */
  stop(options: { readonly timeoutMs: number }): Promise<void>;
}

/** Of the time that is left, what one part may take: something always remains for the parts after it. */
const SHARE = 0.6;

export function createLifeCycle({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }): LifeCycle {
  const parts: { readonly part: string; readonly stop: (left: { readonly timeoutMs: number }) => unknown }[] = [];

  async function stopPart({ part, stop }: (typeof parts)[number], timeoutMs: number): Promise<void> {
    const over = new AbortController();
    const late = clock.sleep(timeoutMs, over.signal).then(
      () => logger.warn({ part }, "Did not end in time"),
      () => undefined,
    );
    try {
      await Promise.race([stop({ timeoutMs }), late]);
      logger.debug({ part }, "Ended");
    } catch (error) {
      logger.error({ err: error, part }, "Failed to end");
    }
    over.abort();
  }

  return {
    onStop: (part, stop) => void parts.push({ part, stop }),
    async stop({ timeoutMs }) {
      const deadlineAt = clock.now() + timeoutMs;
      for (;;) {
        const part = parts.pop();
        if (part === undefined) return;
        await stopPart(part, Math.max(0, deadlineAt - clock.now()) * SHARE);
      }
    },
  };
}
