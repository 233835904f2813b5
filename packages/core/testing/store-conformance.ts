/**
 * What every store must do, wherever it keeps things. Like the channels' suite it knows no test framework: it returns cases,
 * each a claim and a function that fails by throwing.
 *
 * @example
 * describe("my store", () => {
 *   for (const { claim, run } of storeConformance(fixture, { outlivesProcess: true })) it(claim, run);
 * });
 */
import type { Store } from "../src/store/store.ts";
import type { ConformanceCase } from "./channel-conformance.ts";
import { DEAD_LETTER_CHECKS } from "./store-conformance/dead-letters.ts";
import { DURABLE_CHECKS } from "./store-conformance/durable.ts";
import { HISTORY_CHECKS } from "./store-conformance/history.ts";
import { OUTBOX_CHECKS } from "./store-conformance/outbox.ts";
import { SEARCH_CHECKS } from "./store-conformance/search.ts";
import { STATISTICS_CHECKS } from "./store-conformance/statistics.ts";

export interface StoreFixture {
  /** A new store, empty, with room for 2,000 notifications at least. */
  open(): Promise<OpenedStore>;
}

export interface OpenedStore {
  readonly store: Store;
  /** Opens what `store` has left when it was closed; only called where the store outlives its process. */
  reopen(): Promise<Store>;
  dispose(): Promise<void>;
}

export type StoreCheck = (opened: OpenedStore) => Promise<void>;
export type StoreChecks = Readonly<Record<string, StoreCheck>>;

const EVERY_STORE: StoreChecks = {
  ...OUTBOX_CHECKS,
  ...HISTORY_CHECKS,
  ...SEARCH_CHECKS,
  ...STATISTICS_CHECKS,
  ...DEAD_LETTER_CHECKS,
};

/** The cases for one store; those about a restart only if it outlives its process. */
export function storeConformance(
  fixture: StoreFixture,
  { outlivesProcess }: { readonly outlivesProcess: boolean },
): readonly ConformanceCase[] {
  const checks = { ...EVERY_STORE, ...(outlivesProcess ? DURABLE_CHECKS : {}) };
  return Object.entries(checks).map(([claim, check]) => ({
    claim,
    run: async () => {
      const opened = await fixture.open();
      try {
        await check(opened);
      } finally {
        await opened.store.close();
        await opened.dispose();
      }
    },
  }));
}
