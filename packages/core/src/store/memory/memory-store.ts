/**
 * The store of the process: everything that waits, the newest of what is over, and nothing that outlives it.
 *
 * Writing is immediate (`Durable` is `undefined`) and costs next to nothing. What has been settled is bounded by number; what
 * waits is bounded by the engine's queues.
 */
import type { Clock } from "../../clock/clock.ts";
import { createIdSource } from "../../clock/id.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import type { DeliveryId, Memory, Outbox } from "../../delivery/outbox.ts";
import { ConfigError } from "../../errors/config-error.ts";
import { rangeProblems, WHOLE_FROM_0 } from "../../errors/ranges.ts";
import type { Store } from "../store.ts";
import { createMemoryDeadLetters } from "./dead-letters.ts";
import { createMemoryHistory } from "./history.ts";
import { createLedger, type Ledger } from "./ledger.ts";

export interface MemoryStoreOptions {
  /** @defaultValue the machine's */
  readonly clock?: Clock | undefined;
  /** Notifications kept after all their deliveries have been concluded. Whole number, 0 or more. @defaultValue 1_000 */
  readonly keep?: number | undefined;
}

const KEEP = 1_000;

/** @throws {@link ConfigError} `CONFIG_STORE` when `keep` is out of range */
export function createMemoryStore({ clock = createSystemClock(), keep = KEEP }: MemoryStoreOptions = {}): Store {
  const problems = rangeProblems({ keep }, { keep: WHOLE_FROM_0 });
  if (problems.length > 0) throw new ConfigError("CONFIG_STORE", problems);
  const ledger = createLedger(keep);
  const close = (): Promise<void> => Promise.resolve();
  return {
    outbox: createOutbox(ledger, close),
    memory: createFacts(),
    history: createMemoryHistory(ledger),
    deadLetters: createMemoryDeadLetters(ledger, { clock, nextId: createIdSource<DeliveryId>("dlv", clock) }),
    close,
  };
}

function createOutbox(ledger: Ledger, close: () => Promise<void>): Outbox {
  return {
    isDurable: false,
    isCaughtUp: false,
    caughtUp: () => undefined,
    append(deliveries) {
      ledger.append(deliveries);
      return undefined;
    },
    postpone(postponements) {
      for (const { delivery, attempt } of postponements) ledger.tried(delivery, attempt);
      return undefined;
    },
    amend(delivery) {
      ledger.amended(delivery);
      return undefined;
    },
    settle(settlements) {
      for (const settlement of settlements) ledger.settle(settlement);
      return undefined;
    },
    backlog: () => ledger.backlog(),
    page: (lane, after, limit) => ledger.page(lane, after, limit),
    recentRequests: (sinceAt) => ledger.recentRequests(sinceAt),
    acceptedUnder: (idempotencyKey, after) => ledger.acceptedUnder(idempotencyKey, after),
    close,
  };
}

function createFacts(): Memory {
  const facts = new Map<string, string>();
  return {
    remember(key, value) {
      facts.set(key, JSON.stringify(value));
      return undefined;
    },
    forget(key) {
      facts.delete(key);
      return undefined;
    },
    recall: () => new Map([...facts].map(([key, json]) => [key, JSON.parse(json) as unknown])),
  };
}
