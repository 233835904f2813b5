/**
 * Keeps what is derived (words, roll-ups) up to date behind the writers, and does the housekeeping. Driven by writes alone: where
 * nothing is written, there is nothing to do and no timer.
 *
 *   resting   everything is derived; no timer. → waiting when something is written.
 *   waiting   a timer runs. → working when it fires, unless there is a burst, which has the machine to itself for a moment: → waiting.
 *   working   one batch of each is being derived. → waiting when there is more, resting when there is not.
 */
import type { Clock, Timer } from "../../clock/clock.ts";

/** Something that follows another table, batch by batch. */
export interface Derived {
  /** How far it has come. */
  readonly upTo: number;
  /** Inside a transaction. @returns how many it took */
  fill(limit: number): number;
}

export interface DerivationParts {
  readonly clock: Clock;
  /** Of its own: whoever writes at the same time must not fail because an index is damaged. */
  readonly transaction: <Result>(work: () => Result) => Promise<Result>;
  readonly derived: readonly Derived[];
  /** About how much has been written that is not there to be followed yet. Never throws. */
  readonly ahead: () => number;
  /** Brings what is followed nearer to what has been written. Inside a transaction. @returns whether there is more */
  readonly before: () => boolean;
  /** Called after the work, now and then. */
  readonly housekeeping: (now: number) => Promise<void>;
  /** What failed in the background; it is tried again after the next write. */
  readonly onProblem: (error: unknown) => void;
}

export interface Derivation {
  /** Something was written. */
  written(): void;
  /** Brings one of them up to a place or further. */
  catchUp(derived: Derived, place: number): Promise<void>;
  stop(): void;
}

const REST_MS = 250;
/** Taken per batch in the background: a few milliseconds, so that nobody waits for long. */
const BATCH = 200;
const CATCH_UP_BATCH = 1_000;
/**
 * How long it waits after a batch, in lengths of the batch: short while nobody writes; long while somebody does, so that a burst has
 * the machine to itself; and shorter again once it has fallen far behind, which is about 8,000 notifications a second for good.
 */
const WAIT = { idle: 1, busy: 19, farBehind: 4 } as const;
const FAR_BEHIND_BATCHES = 250;
/** So many more within {@link REST_MS} are a burst, which is about 8,000 writes a second: it is waited for, up to so many in all. */
const BURST = { more: 2_000, upTo: 25_000 } as const;

export function createDerivation({
  clock,
  transaction,
  derived,
  ahead,
  before,
  housekeeping,
  onProblem,
}: DerivationParts): Derivation {
  let timer: Timer | null = null;
  let isWorking = false;
  /** Since the last batch began. */
  let isWritten = false;
  let isStopped = false;
  /** Full batches in a row, while others wrote. */
  let behind = 0;
  /** As it was when it was last looked at. */
  let wasAhead = 0;

  function plan(waitMs: number): void {
    if (isStopped || isWorking || timer !== null) return;
    timer = clock.schedule(clock.now() + waitMs, () => {
      timer = null;
      void work();
    });
  }

  /** Lengths of the batch to wait after it. */
  function waitFor(isBusy: boolean, isMore: boolean): number {
    behind = isBusy && isMore ? behind + 1 : 0;
    if (!isBusy) return WAIT.idle;
    return behind > FAR_BEHIND_BATCHES ? WAIT.farBehind : WAIT.busy;
  }

  function isBurst(): boolean {
    const isAhead = ahead();
    const more = isAhead - wasAhead;
    wasAhead = isAhead;
    return more > BURST.more && isAhead < BURST.upTo;
  }

  async function work(): Promise<void> {
    if (isBurst()) return plan(REST_MS);
    const startedAt = clock.now();
    const wasWritten = isWritten;
    isWorking = true;
    isWritten = false;
    let isMore = false;
    try {
      isMore = await transaction(() => {
        const isMoreToFollow = before();
        const taken = derived.map((one) => one.fill(BATCH));
        return isMoreToFollow || taken.some((count) => count === BATCH);
      });
      if (!isMore) await housekeeping(clock.now());
    } catch (error) {
      if (!isStopped) onProblem(error);
    }
    isWorking = false;
    const wait = waitFor(wasWritten || isWritten, isMore);
    if (isMore) plan(Math.max(1, (clock.now() - startedAt) * wait));
    else if (isWritten) plan(REST_MS);
  }

  return {
    written() {
      isWritten = true;
      plan(REST_MS);
    },
    async catchUp(one, place) {
      while (one.upTo < place) {
        const taken = await transaction(() => one.fill(CATCH_UP_BATCH));
        if (taken === 0) return;
      }
    },
    stop() {
      isStopped = true;
      timer?.cancel();
      timer = null;
    },
  };
}
