/** Whatever is done to them, in whatever order: the memory store and the SQLite store say the same. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { delivered, delivery, ended, rejected, START, tryOf } from "../../testing/store-conformance/scenes.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { DeliveryRecord } from "../delivery/outbox.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import { openSqliteStore } from "./sqlite/sqlite-store.ts";
import type { Store } from "./store.ts";

type Step =
  | {
      readonly kind: "append";
      readonly lanes: readonly string[];
      readonly priority: number;
      readonly key: string | null;
    }
  | { readonly kind: "take-over" | "postpone" | "amend" | "deliver" | "reject" | "drop"; readonly which: number }
  | { readonly kind: "replay"; readonly force: boolean }
  | { readonly kind: "discard" }
  | { readonly kind: "skip" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      lanes: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
      priority: fc.constantFrom(0, 10, 30),
      key: fc.option(fc.constantFrom("disk", "cpu")),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("take-over", "postpone", "amend", "deliver", "reject", "drop"),
      which: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("replay" as const), force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "discard" as const }, { kind: "skip" as const }) },
);

/** One store with the records that an engine would hold for it. */
class Player {
  readonly store: Store;
  #open: DeliveryRecord[] = [];
  #count = 0;

  constructor(store: Store) {
    this.store = store;
  }

  async play(one: Step): Promise<void> {
    const { history, deadLetters } = this.store;
    const n = this.#count++;
    const at = START + n * 1_000;
    if (one.kind === "skip") return void (await history.skip(this.#fresh(n, {}).notification, "disabled"));
    if (one.kind === "discard") return void (await deadLetters.discard({ filter: { destinations: ["a", "b"] } }));
    if (one.kind === "replay") {
      const { records } = await deadLetters.replay({ filter: {} }, { force: one.force });
      this.#open.push(...records);
      return;
    }
    if (one.kind === "append") return this.#append(n, one);
    return this.#playOn(one, at);
  }

  /** Something happens to a delivery that is open. */
  async #playOn(one: Extract<Step, { readonly which: number }>, at: number): Promise<void> {
    const { outbox } = this.store;
    const record = this.#open[one.which % Math.max(1, this.#open.length)];
    if (record === undefined) return;
    switch (one.kind) {
      case "postpone": {
        const attempt = tryOf(record, { outcome: "unavailable", startedAt: at });
        record.notBefore = at + 5_000;
        return void (await outbox.postpone([{ delivery: record, attempt }]));
      }
      case "amend":
        record.notification = { ...record.notification, count: record.notification.count + 1, priority: 20 };
        return void (await outbox.amend(record));
      case "take-over": {
        const elsewhere = [...record.elsewhere, record.lane];
        const successor = { ...record, id: `${record.id}-x` as const, lane: "fallback", elsewhere, attempts: 0 };
        this.#open.push(successor);
        await Promise.all([
          outbox.append([successor]),
          outbox.settle([rejected(this.#take(record), { startedAt: at })]),
        ]);
        return;
      }
      case "deliver":
        return void (await outbox.settle([delivered(this.#take(record), { startedAt: at })]));
      case "reject":
        return void (await outbox.settle([rejected(this.#take(record), { startedAt: at })]));
      case "drop":
        return void (await outbox.settle([ended(this.#take(record), "queue-full", at)]));
    }
  }

  async #append(n: number, { lanes, priority, key }: Extract<Step, { kind: "append" }>): Promise<void> {
    const { notification } = this.#fresh(n, { priority, key });
    const records = lanes.map((lane) => {
      const elsewhere = lanes.filter((other) => other !== lane);
      return { ...delivery(`${n}-${lane}`, {}, { lane, elsewhere }), notification };
    });
    this.#open.push(...records);
    await this.store.outbox.append(records);
  }

  #fresh(n: number, more: Parameters<typeof delivery>[1]): DeliveryRecord {
    const name = String(n).padStart(3, "0");
    return delivery(name, { createdAt: START + n * 1_000, type: n % 3 === 0 ? "error" : "general", ...more });
  }

  #take(record: DeliveryRecord): DeliveryRecord {
    this.#open = this.#open.filter((other) => other !== record);
    return record;
  }

  /** Everything that can be asked. */
  async says() {
    const { outbox, history, deadLetters } = this.store;
    const backlog = outbox.backlog();
    const { items: letters } = await deadLetters.list({ limit: 500 });
    return {
      backlog,
      pages: backlog.map(({ lane }) => outbox.page(lane, null, 500)),
      requests: outbox.recentRequests(START + 5_000),
      entries: (await history.query({ limit: 500 })).items,
      errors: (await history.query({ types: ["error"], statuses: ["failed", "partial"] })).items,
      fallback: (await history.query({ destinations: ["fallback"] })).items,
      letters,
      tries: await Promise.all(letters.map(({ id }) => deadLetters.inspect(id))),
      statistics: await history.statistics({ from: START, to: START + 3_600_000 }),
    };
  }
}

it("the memory store and the SQLite store say the same, whatever happens", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clocks = [1, 2].map(() => createVirtualClock({ startAt: START, seed: 5 }));
      const memory = new Player(createMemoryStore({ clock: clocks[0] }));
      const keepMs = Number.POSITIVE_INFINITY;
      const sqlite = new Player(openSqliteStore({ database: ":memory:", clock: clocks[1], keepMs }));
      for (const one of steps) await Promise.all([memory.play(one), sqlite.play(one)]);
      const [ours, theirs] = [await memory.says(), await sqlite.says()];
      await sqlite.store.close();
      expect(theirs).toEqual(ours);
    }),
    { numRuns: 80 },
  );
});
