/**
 * Removes what is older than it is kept: readings, silences that are over, and the idempotency keys of notifications. Every hour, in pieces, between
 * which others have their turn. (Notifications leave history by themselves.)
 */
import type { Clock, Timer } from "@tocsin/core/stages";
import type { Logger } from "pino";
import { KEY_KEPT_MS } from "../notify/acceptance.ts";
import { SILENCES_KEPT_MS } from "../notify/silences.ts";
import type { Storage } from "./storage.ts";

export interface HousekeepingOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storage: Pick<Storage, "readings" | "acceptance" | "silences">;
  /** `Infinity` keeps them for ever. */
  readonly keepReadingsMs: number;
}

export interface Housekeeping {
  start(): void;
  /** Waits for the piece under way. */
  stop(): Promise<void>;
}

/** Not at once: a start has enough to do. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 3_600_000;

export function createHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { clock, logger, storage, keepReadingsMs } = options;
  let timer: Timer | null = null;
  let sweeping: Promise<void> | null = null;
  let stopped = false;

  async function sweep(): Promise<void> {
    const now = Math.floor(clock.now());
    try {
      await storage.acceptance.forgetKeys(now - KEY_KEPT_MS);
      await storage.silences.forgetBefore(now - SILENCES_KEPT_MS);
      const removed = keepReadingsMs === Number.POSITIVE_INFINITY ? 0 : await removeBefore(now - keepReadingsMs);
      if (removed > 0) logger.info({ removed }, "Removed readings that are older than they are kept");
    } catch (error) {
      logger.error({ err: error }, "Old readings cannot be removed; trying again in an hour");
    }
    plan(EVERY_MS);
  }

  async function removeBefore(at: number): Promise<number> {
    let removed = 0;
    for await (const count of storage.readings.removeBefore(at)) {
      removed += count;
      await new Promise((resolve) => setImmediate(resolve));
      if (stopped) break;
    }
    return removed;
  }

  function plan(afterMs: number): void {
    if (stopped) return;
    timer = clock.schedule(clock.now() + afterMs, () => {
      sweeping = sweep();
    });
  }

  return {
    start: () => plan(FIRST_AFTER_MS),
    async stop() {
      stopped = true;
      timer?.cancel();
      await sweeping;
    },
  };
}
