/**
 * An outbox that the engine can rely on: writes never fail, they may only be late. Alerts go on while a store is broken.
 *
 * While the store fails, what could not be written is kept in memory in order and tried again with growing waits, and `onHealth`
 * says so. A crash in that time may lose what was taken since, and may repeat what was told since; there is no
 * better way without a store, and stopping would lose more.
 */
import type { Clock } from "../clock/clock.ts";
import type { AcceptedEarlier, Durable, Outbox } from "./outbox.ts";

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 30_000;

export interface SteadfastParts {
  readonly clock: Clock;
  /** The store failed, or works again (`null`). */
  readonly onHealth: (error: Error | null) => void;
}

export interface SteadfastOutbox extends Outbox {
  /** Writes that the store still owes. */
  readonly owed: number;
}

export function createSteadfastOutbox(outbox: Outbox, { clock, onHealth }: SteadfastParts): SteadfastOutbox {
  const owed: (() => Durable)[] = [];
  let retryMs = FIRST_RETRY_MS;

  function write(attempt: () => Durable): Durable {
    // Order matters: a verdict must not overtake the postponement before it.
    if (owed.length > 0) return owe(attempt);
    const durable = tried(attempt);
    return durable?.catch((error: unknown) => {
      report(error);
      return owe(attempt);
    });
  }

  function owe(attempt: () => Durable): undefined {
    owed.push(attempt);
    if (owed.length === 1) schedule();
  }

  function schedule(): void {
    clock.schedule(clock.now() + retryMs, () => void payOff());
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }

  async function payOff(): Promise<void> {
    try {
      for (let next = owed[0]; next !== undefined; next = owed[0]) {
        await next();
        owed.shift();
      }
    } catch (error) {
      report(error);
      return schedule();
    }
    retryMs = FIRST_RETRY_MS;
    onHealth(null);
  }

  function report(error: unknown): void {
    onHealth(error instanceof Error ? error : new Error(String(error)));
  }

  /** Rather told twice than not at all. That the store is broken shows as soon as it is written to, which comes next. */
  function acceptedUnder(idempotencyKey: string, after: number): AcceptedEarlier | null {
    try {
      return outbox.acceptedUnder(idempotencyKey, after);
    } catch {
      return null;
    }
  }

  return {
    isDurable: outbox.isDurable,
    get isCaughtUp() {
      return outbox.isCaughtUp && owed.length === 0;
    },
    append: (deliveries) => write(() => outbox.append(deliveries)),
    postpone: (postponements) => write(() => outbox.postpone(postponements)),
    amend: (delivery) => write(() => outbox.amend(delivery)),
    settle: (settlements) => write(() => outbox.settle(settlements)),
    backlog: () => outbox.backlog(),
    page: (lane, after, limit) => outbox.page(lane, after, limit),
    recentRequests: (sinceAt) => outbox.recentRequests(sinceAt),
    acceptedUnder,
    close: () => outbox.close(),
    get owed() {
      return owed.length;
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
