/**
 * Keeps what is derived (words, roll-ups) up to date behind the writers, and does the housekeeping. Driven by writes alone: where
 * nothing is written, there is nothing to do and no timer.
 *
 *   resting   everything is derived; no timer. → waiting when something is written.
 *   waiting   a timer runs. → working when it fires.
 *   working   one batch of each is being derived. → waiting when there is more, resting when there is not.
 */
import type { Clock, Timer } from "../../clock/clock.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Something that follows another table, batch by batch. */
export interface Derived {
  /** How far it has come. */
  readonly upTo: number;
  /** Inside a transaction. @returns how many it took */
  fill(limit: number): number;
}

export interface DerivationParts {
  readonly clock: Clock;
  readonly commits: GroupCommit;
  readonly derived: readonly Derived[];
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
/** Of the time, at most a fifth is spent on it while there is more to do. */
const IDLE_SHARE = 4;

export function createDerivation({ clock, commits, derived, housekeeping, onProblem }: DerivationParts): Derivation {
  let timer: Timer | null = null;
  let isWorking = false;
  let wasWrittenMeanwhile = false;
  let isStopped = false;

  function plan(waitMs: number): void {
    if (isStopped || isWorking || timer !== null) return;
    timer = clock.schedule(clock.now() + waitMs, () => {
      timer = null;
      void work();
    });
  }

  async function work(): Promise<void> {
    isWorking = true;
    wasWrittenMeanwhile = false;
    const startedAt = clock.now();
    let isMore = false;
    try {
      const taken = await commits.write(() => derived.map((one) => one.fill(BATCH)));
      isMore = taken.some((count) => count === BATCH);
      if (!isMore) await housekeeping(clock.now());
    } catch (error) {
      if (!isStopped) onProblem(error);
    }
    isWorking = false;
    if (isMore) plan(Math.max(1, (clock.now() - startedAt) * IDLE_SHARE));
    else if (wasWrittenMeanwhile) plan(REST_MS);
  }

  return {
    written() {
      wasWrittenMeanwhile = true;
      plan(REST_MS);
    },
    async catchUp(one, place) {
      while (one.upTo < place) {
        const taken = await commits.write(() => one.fill(CATCH_UP_BATCH));
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
