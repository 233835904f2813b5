/**
 * Writes batches a few milliseconds after they have begun to fill: a commit costs the same for one row as for a thousand.
 *
 *   idle      nothing to write; no timer runs.
 *   filling   something to write; a timer runs. → writing when it fires, or when the batch is large enough.
 *   writing   one batch is being written while the next one fills. → idle or filling when it is written; a batch that
 *             could not be written stays first in line and is tried again.
 *
 * Upstream   journal. Downstream storage ({@link BatchWriter}).
 */
import type { Clock, Timer } from "@tocsin/core/stages";
import type { Logger } from "pino";
import { type Batch, type BatchWriter, emptyBatch, isEmpty, sizeOf } from "./batch.ts";

export interface WriteBehindOptions {
  readonly clock: Clock;
  readonly write: BatchWriter;
  readonly logger: Logger;
  /** Called after each commit. */
  readonly onCommitted: (batch: Batch) => void;
}

export interface WriteBehind {
  /** The one that is filling. Whoever has put something into it calls `changed()`. */
  readonly batch: Batch;
  changed(): void;
  /** Resolves when all that was put in so far is committed. Never rejects. */
  committed(): Promise<void>;
  /** Writes at once; resolves like `committed()`. */
  flush(): Promise<void>;
  /** Writes nothing more; what is not written by now is lost. */
  abandon(): void;
  /** Whether the last attempt to write failed. */
  readonly failing: boolean;
}

/** Long enough to gather thousands, short enough not to be noticed. */
const GATHER_MS = 5;
const MAX_BATCH_ROWS = 5_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 15_000;

interface Filling {
  readonly batch: Batch;
  readonly done: PromiseWithResolvers<void>;
}

export function createWriteBehind({ clock, write, logger, onCommitted }: WriteBehindOptions): WriteBehind {
  let filling = newFilling();
  let writing: Filling | null = null;
  let timer: Timer | null = null;
  let lastWriteMs = 0;
  let failures = 0;
  let abandoned = false;

  function changed(): void {
    if (writing !== null || abandoned) return;
    if (sizeOf(filling.batch) >= MAX_BATCH_ROWS) start();
    // A slow disk gets larger batches instead of all of the time.
    else timer ??= clock.schedule(clock.now() + Math.max(GATHER_MS, lastWriteMs), start);
  }

  function start(): void {
    timer?.cancel();
    timer = null;
    if (writing !== null || isEmpty(filling.batch)) return;
    writing = filling;
    filling = newFilling();
    void attempt(writing);
  }

  async function attempt(taken: Filling): Promise<void> {
    const startedAt = clock.now();
    try {
      await write(taken.batch);
    } catch (error) {
      const waitMs = Math.min(FIRST_RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS);
      logger.error({ err: error, failures, waitMs }, "Cannot write the database; nothing is lost yet, trying again");
      clock.schedule(clock.now() + waitMs, () => void (abandoned || attempt(taken)));
      return;
    }
    if (failures > 0) logger.info({ failures }, "The database can be written again");
    lastWriteMs = clock.now() - startedAt;
    failures = 0;
    writing = null;
    taken.done.resolve();
    onCommitted(taken.batch);
    if (!isEmpty(filling.batch)) changed();
  }

  const committed = (): Promise<void> =>
    isEmpty(filling.batch) ? (writing?.done.promise ?? Promise.resolve()) : filling.done.promise;

  return {
    get batch() {
      return filling.batch;
    },
    changed,
    committed,
    async flush() {
      // What is being written comes first; then the rest is taken without waiting for its timer.
      await writing?.done.promise;
      start();
      await committed();
    },
    abandon() {
      abandoned = true;
    },
    get failing() {
      return failures > 0;
    },
  };
}

function newFilling(): Filling {
  return { batch: emptyBatch(), done: Promise.withResolvers<void>() };
}
