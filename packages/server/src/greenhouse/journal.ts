/**
 * Takes what has to be kept, in the order in which it happened, and has it written together.
 *
 * Upstream   intake, alerting, alert worker.
 * Downstream storage; and the alert worker, which is told which alerts have been committed.
 */
import type { Clock } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { AlertOutcome, AlertRecordId, NewAlert, StoredAlertState } from "./alert.ts";
import type { AlertLife } from "./alert-life.ts";
import { type AlertRepeat, type Batch, type BatchWriter, sizeOf } from "./batch.ts";
import type { NewReading } from "./reading.ts";
import { createWriteBehind } from "./write-behind.ts";

export interface JournalOptions {
  readonly clock: Clock;
  readonly write: BatchWriter;
  readonly logger: Logger;
  /** Called after a batch with alerts has been committed. */
  readonly onAlertsCommitted: (alerts: readonly NewAlert[]) => void;
}

export interface Journal {
  reading(reading: NewReading): void;
  seen(deviceId: string, at: number): void;
  alert(alert: NewAlert): void;
  repeat(id: AlertRecordId, repeat: AlertRepeat): void;
  /** The alert as it is now. */
  life(life: AlertLife): void;
  state(state: StoredAlertState): void;
  outcome(id: AlertRecordId, outcome: AlertOutcome): void;
  /** Resolves when all that was handed in so far is committed. Never rejects. */
  committed(): Promise<void>;
  /** Writes at once; resolves like `committed()`. */
  flush(): Promise<void>;
  /** Writes what is left, for `timeoutMs` at most. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
  /** Whether the last attempt to write failed. */
  readonly failing: boolean;
}

export function createJournal({ clock, write, logger, onAlertsCommitted }: JournalOptions): Journal {
  const behind = createWriteBehind({
    clock,
    write,
    logger,
    onCommitted: ({ alerts }) => {
      if (alerts.length > 0) onAlertsCommitted(alerts);
    },
  });

  function put(change: (batch: Batch) => unknown): void {
    change(behind.batch);
    behind.changed();
  }

  async function close({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const over = new AbortController();
    const late = clock.sleep(timeoutMs, over.signal).catch(() => undefined);
    await Promise.race([behind.flush(), late]);
    over.abort();
    behind.abandon();
    const rows = sizeOf(behind.batch);
    if (behind.failing) logger.error({ rows }, "Stopped with readings that could not be written; they are lost");
  }

  return {
    reading: (reading) => put(({ readings }) => readings.push(reading)),
    seen: (deviceId, at) => put(({ seen }) => seen.set(deviceId, at)),
    alert: (alert) => put(({ alerts }) => alerts.push(alert)),
    repeat: (id, repeat) => put(({ repeats }) => repeats.set(id, repeat)),
    life: (life) => put(({ lives }) => lives.set(life.id, life)),
    state: (state) => put(({ states }) => states.set(state.fingerprint, state)),
    outcome: (id, outcome) => put(({ outcomes }) => outcomes.set(id, outcome)),
    committed: behind.committed,
    flush: behind.flush,
    close,
    get failing() {
      return behind.failing;
    },
  };
}
