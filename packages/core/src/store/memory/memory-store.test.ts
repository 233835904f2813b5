import { describe, expect, it } from "vitest";
import { alsoTo, delivered, delivery, rejected, waitingIn } from "../../../testing/store-conformance/scenes.ts";
import type { Store } from "../store.ts";
import { createMemoryStore } from "./memory-store.ts";

async function titles({ history }: Store) {
  return (await history.query({ limit: 500 })).items.map(({ notification }) => notification.title);
}

describe("the memory store", () => {
  it("writes at once", () => {
    const store = createMemoryStore();
    expect(store.outbox.append([delivery("1")])).toBe(undefined);
    expect(waitingIn(store)).toEqual(["1"]);
  });

  it("keeps the newest of what is over, and everything that waits", async () => {
    const store = createMemoryStore({ keep: 2 });
    const records = ["1", "2", "3", "4", "5"].map((name) => delivery(name));
    const both = alsoTo("b", records[0]!);
    await store.outbox.append([...records, both]);
    await store.outbox.settle(records.slice(0, 4).map((one) => delivered(one)));
    expect(await titles(store)).toEqual(["5", "4", "3", "1"]);
    await store.outbox.settle([delivered(both)]);
    expect(await titles(store)).toEqual(["5", "4", "1"]);
    await store.history.skip(delivery("6").notification, "disabled");
    expect(await titles(store)).toEqual(["6", "5", "1"]);
  });

  it("does not let go of a dead letter that was replayed", async () => {
    const store = createMemoryStore({ keep: 1 });
    const dead = delivery("1");
    await store.outbox.append([dead]);
    await store.outbox.settle([rejected(dead)]);
    const { records } = await store.deadLetters.replay({ ids: [dead.id] });
    const later = ["2", "3"].map((name) => delivery(name));
    await store.outbox.append(later);
    await store.outbox.settle(later.map((one) => delivered(one)));
    expect(await titles(store)).toEqual(["3", "1"]);
    await store.outbox.settle(records.map((one) => delivered(one)));
    expect(await titles(store)).toEqual(["1"]);
  });

  it("is not made with a bound that is none", () => {
    for (const keep of [-1, 1.5, Number.NaN])
      expect(() => createMemoryStore({ keep })).toThrow(/CONFIG_STORE: keep must/);
  });

  it("keeps nothing when it is to keep nothing", async () => {
    const store = createMemoryStore({ keep: 0 });
    const record = delivery("1");
    await store.outbox.append([record]);
    await store.outbox.settle([delivered(record)]);
    expect(await titles(store)).toEqual([]);
  });
});
