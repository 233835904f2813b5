/**
 * What earlier processes remembered, for whoever goes on from there: at once as a rule.
 *
 * Where it cannot be read, it is asked for again: after a second, then twice as long each time up to a minute, and whenever something shows
 * that the store works again. What this process has written meanwhile is newer, and is left out.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { Memory, PatientMemory } from "./outbox.ts";

export interface Recollection extends Pick<PatientMemory, "recall" | "stop"> {
  /** This process remembers or forgets this. */
  written(key: string): void;
  /** The store may work again. */
  askNow(): void;
}

type Take = Parameters<PatientMemory["recall"]>[0];

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

export interface RecollectionParts {
  readonly clock: Clock;
  /** Throws when it cannot be read. */
  readonly read: () => ReadonlyMap<string, unknown>;
}

/**
 * A memory for whoever can wait for what earlier processes remembered.
 *
 * @param onUnreadable told each time that it could not be read
 */
export function createPatientMemory(
  memory: Memory,
  { clock, onUnreadable }: { readonly clock: Clock; readonly onUnreadable: (error: unknown) => void },
): PatientMemory {
  const recollection = createRecollection({
    clock,
    read() {
      try {
        return memory.recall();
      } catch (error) {
        onUnreadable(error);
        throw error;
      }
    },
  });
  return {
    remember(key, value) {
      recollection.written(key);
      return memory.remember(key, value);
    },
    forget(key) {
      recollection.written(key);
      return memory.forget(key);
    },
    recall: recollection.recall,
    stop: recollection.stop,
  };
}

export function createRecollection({ clock, read }: RecollectionParts): Recollection {
  let takers: Take[] = [];
  const newer = new Set<string>();
  let retryMs = FIRST_RETRY_MS;
  let timer: Timer | null = null;

  function askNow(): void {
    if (takers.length === 0) return;
    const facts = readOrNull();
    if (facts === null) return plan();
    stop();
    const all = takers;
    takers = [];
    for (const take of all) take(facts);
  }

  function readOrNull(): ReadonlyMap<string, unknown> | null {
    try {
      const facts = new Map(read());
      for (const key of newer) facts.delete(key);
      newer.clear();
      return facts;
    } catch {
      return null;
    }
  }

  function plan(): void {
    if (timer !== null) return;
    timer = clock.schedule(clock.now() + retryMs, () => {
      timer = null;
      askNow();
    });
    // A process with nothing else to do may end: the next one reads it.
    timer.unref?.();
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }

  function stop(): void {
    timer?.cancel();
    timer = null;
  }

  return {
    recall(take) {
      takers.push(take);
      askNow();
      return takers.length === 0;
    },
    written(key) {
      if (takers.length > 0) newer.add(key);
    },
    askNow,
    stop() {
      takers = [];
      stop();
    },
  };
}
