/**
 * An outbox and a memory that the engine can rely on: writes never fail, they may only be late; what cannot be read
 * counts as not there, but for what waits, was sent of late or is remembered, which is read later. Alerts go on while a store is broken.
 *
 * While the store fails, what could not be written is kept here in order and tried again with growing waits, and `onHealth` says so.
 * A process that dies in that time loses what it has taken since, which nobody has been told was accepted
 * ({@link Outbox.caughtUp}), and leaves the next one to repeat what was told since. There is no better way without a store,
 * and stopping would lose more.
 *
 * What is owed is bounded: beyond 32 MB detail gives way first, then the history of what came and was told meanwhile (debt.ts), and the error
 * that `onHealth` tells says so.
 *
 * A write that is itself at fault (the store refuses its values) would be refused for ever, and everything behind it would never be
 * written: after a few tries it is given up.
 */
import type { Clock } from "../clock/clock.ts";
import { StoreError } from "../errors/store-error.ts";
import type { Debt } from "./debt.ts";
import type { Durable, Memory, Outbox, PatientMemory } from "./outbox.ts";
import { createOwed } from "./owed.ts";
import { createRecollection } from "./recollection.ts";

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 30_000;
const MAX_REFUSALS = 3;
const MAX_OWED_BYTES = 32_000_000;

export interface SteadfastParts {
  readonly outbox: Outbox;
  readonly memory: Memory;
  readonly clock: Clock;
  /** The store failed, or works again (`null`). */
  readonly onHealth: (error: Error | null) => void;
  /** Memory for what is owed, roughly. @defaultValue 32 MB */
  readonly mostOwedBytes?: number | undefined;
}

export interface SteadfastStore {
  readonly outbox: SteadfastOutbox;
  /** What cannot be written now rejects, for whoever wants to say so, and is written later all the same. */
  readonly memory: PatientMemory;
}

export interface SteadfastOutbox extends Outbox {
  /** Writes that the store still owes. */
  readonly owed: number;
}

export function createSteadfastStore(parts: SteadfastParts): SteadfastStore {
  const { outbox, memory } = parts;
  const debts = createDebts(parts, () => recollection.askNow());
  const { write } = debts;
  const reading = createReading(parts, debts);
  const recollection = createRecollection({
    ...parts,
    read: () => reading.orThrow("facts", () => memory.recall()),
  });

  return {
    outbox: {
      isDurable: outbox.isDurable,
      get isCaughtUp() {
        return outbox.isCaughtUp && debts.owed === 0;
      },
      append: (deliveries, onCommitted) => write({ kind: "append", deliveries }, onCommitted),
      postpone: (postponements) => write({ kind: "postpone", postponements }),
      amend: (delivery) => write({ kind: "amend", delivery }),
      settle: (settlements) => write({ kind: "settle", settlements }),
      backlog() {
        // What waits is to be told by all that is known.
        recollection.askNow();
        return reading.orThrow("backlog", () => outbox.backlog());
      },
      page: (lane, after, limit) => reading.orThrow(`page:${lane}`, () => outbox.page(lane, after, limit)),
      recentRequests: (sinceAt) => reading.orThrow(ANYTHING, () => outbox.recentRequests(sinceAt)),
      // Rather told twice than not at all.
      acceptedUnder: (idempotencyKey, after) => reading.or(() => outbox.acceptedUnder(idempotencyKey, after), null),
      close: () => outbox.close(),
      get owed() {
        return debts.owed;
      },
      caughtUp: debts.paid,
    },
    memory: {
      remember(key, value) {
        recollection.written(key);
        return debts.writeOrSay({ kind: "fact", write: () => memory.remember(key, value) });
      },
      forget(key) {
        recollection.written(key);
        return debts.writeOrSay({ kind: "fact", write: () => memory.forget(key) });
      },
      recall: recollection.recall,
      stop: recollection.stop,
    },
  };
}

interface Debts {
  readonly owed: number;
  /** Writes, and owes what fails. */
  write(debt: Debt, onCommitted?: () => void): Durable;
  /** The same, and rejects when it has become a debt. */
  writeOrSay(debt: Debt): Durable;
  /** Done when nothing is owed. */
  paid(): Durable;
}

function createDebts(
  { clock, outbox, onHealth, mostOwedBytes = MAX_OWED_BYTES }: SteadfastParts,
  onPaid: () => void,
): Debts {
  const owed = createOwed(mostOwedBytes);
  let creditors: (() => void)[] = [];
  const underWay = createUnderWay();
  let retryMs = FIRST_RETRY_MS;
  let lastError: unknown = null;
  /** Of the first that is owed. */
  let refusals = 0;

  function writeOrSay(debt: Debt): Durable {
    let failure: unknown = null;
    const written = attempt(debt, undefined, (error) => {
      failure = error;
    });
    const say = (): void => {
      if (failure !== null) throw failure;
    };
    if (written !== undefined) return written.then(say);
    return failure === null ? undefined : Promise.reject(failure);
  }

  /** @param onOwed told why it has become a debt */
  function attempt(debt: Debt, onCommitted?: () => void, onOwed?: (error: unknown) => void): Durable {
    // Order matters: what is asked for overtakes neither what is owed, nor what is under way and may be owed yet.
    if (owed.length > 0 || underWay.isAwaited)
      return underWay.isOver ? put(debt, onOwed) : underWay.stand(() => put(debt, onOwed));
    const written = tried(() => ask(outbox, debt, onCommitted));
    if (written === undefined) return undefined;
    underWay.begin();
    return written.then(underWay.end, (error: unknown) => {
      report(error);
      put(debt, onOwed);
      underWay.end();
    });
  }

  function put(debt: Debt, onOwed?: (error: unknown) => void): undefined {
    owe(debt);
    onOwed?.(lastError);
  }

  function owe(debt: Debt): undefined {
    owed.push(debt);
    if (owed.length === 1) schedule();
  }

  function schedule(): void {
    clock.schedule(clock.now() + retryMs, () => void payOff());
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }

  async function payOff(): Promise<void> {
    try {
      for (let next = owed.take(); next !== null; next = owed.take()) {
        await ask(outbox, next);
        settleFirst();
      }
    } catch (error) {
      report(error);
      if (isRefusal(error) && ++refusals >= MAX_REFUSALS) settleFirst();
      return schedule();
    }
    retryMs = FIRST_RETRY_MS;
    onHealth(null);
    onPaid();
    const all = creditors;
    creditors = [];
    for (const tell of all) tell();
  }

  function settleFirst(): void {
    owed.settleFirst();
    refusals = 0;
  }

  function report(error: unknown): void {
    lastError = error;
    const said = error instanceof Error ? error : new Error(String(error));
    onHealth(owed.loss === null ? said : new Error(`${said.message} ${owed.loss}`, { cause: said }));
  }

  return {
    get owed() {
      return owed.length;
    },
    write: attempt,
    writeOrSay,
    paid: () => (owed.length === 0 ? undefined : new Promise((resolve) => creditors.push(resolve))),
  };
}

/** Writes that the store has not answered, and what stands behind them. */
function createUnderWay() {
  let count = 0;
  let behind: (() => void)[] = [];

  function letGo(): void {
    const all = behind;
    behind = [];
    for (const act of all) act();
  }

  return {
    get isAwaited() {
      return behind.length > 0;
    },
    get isOver() {
      return count === 0 && behind.length === 0;
    },
    begin(): void {
      count++;
    },
    end(): void {
      // Whoever asked for the last of them is told before.
      if (--count === 0 && behind.length > 0) queueMicrotask(letGo);
    },
    stand: (act: () => void): Promise<void> => new Promise((resolve) => behind.push(() => resolve(act()))),
  };
}

function ask(outbox: Outbox, debt: Debt, onCommitted?: () => void): Durable {
  switch (debt.kind) {
    case "append":
      return outbox.append(debt.deliveries, onCommitted);
    case "postpone":
      return outbox.postpone(debt.postponements);
    case "amend":
      return outbox.amend(debt.delivery);
    case "settle":
      return outbox.settle(debt.settlements);
    case "fact":
      return debt.write();
  }
}

/** Whether the store has read the write and will not take it, however often it is asked. */
function isRefusal(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof StoreError && error.code === "STORE_REFUSED");
}

interface Reading {
  /** @returns `otherwise` when it cannot be read */
  or<Result>(attempt: () => Result, otherwise: Result): Result;
  /** @param what is read: it counts as failing until the same can be read */
  orThrow<Result>(what: string, attempt: () => Result): Result;
}

/** What is asked for when it is needed, and perhaps never again: whatever can be read shows that it can be. */
const ANYTHING = "anything";

/** Says when the store cannot be read, and when it can again. */
function createReading({ onHealth }: SteadfastParts, debts: Pick<Debts, "owed">): Reading {
  const failing = new Set<string>();

  function orThrow<Result>(what: string, attempt: () => Result): Result {
    try {
      const result = attempt();
      const hadFailed = failing.size > 0;
      failing.delete(what);
      failing.delete(ANYTHING);
      if (hadFailed && failing.size === 0 && debts.owed === 0) onHealth(null);
      return result;
    } catch (error) {
      failing.add(what);
      onHealth(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  return {
    orThrow,
    or(attempt, otherwise) {
      try {
        return orThrow(ANYTHING, attempt);
      } catch {
        return otherwise;
      }
    },
  };
}

/** A store may throw at once where it should reject. */
function tried(attempt: () => Durable): Durable {
  try {
    return attempt();
  } catch (error) {
    return Promise.reject(error);
  }
}
