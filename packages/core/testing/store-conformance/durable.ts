/** What is still there in the next process. */
import assert from "node:assert/strict";
import type { StoreChecks } from "../store-conformance.ts";
import { delivered, delivery, rejected, START, tryOf, waitingIn } from "./scenes.ts";

export const DURABLE_CHECKS: StoreChecks = {
  "goes on after a restart with what waited, as it was": async ({ store, reopen }) => {
    assert.equal(store.outbox.isDurable, true);
    const [low, high, tried, done] = [
      delivery("1"),
      delivery("2", { priority: 30 }),
      delivery("3", { files: [{ name: "a", data: new Uint8Array([7]), contentType: null }] }),
      delivery("4"),
    ];
    await store.outbox.append([low!, high!, tried!, done!]);
    const attempt = tryOf(tried!, { outcome: "ambiguous" });
    Object.assign(tried!, { failures: 1, possibleRepeat: true, notBefore: START + 1_000 });
    await store.outbox.postpone([{ delivery: tried!, attempt }]);
    low!.notification = { ...low!.notification, count: 4 };
    await store.outbox.amend(low!);
    await store.outbox.settle([delivered(done!)]);
    await store.close();
    const next = await reopen();
    assert.deepEqual(next.outbox.backlog(), [{ lane: "a", waiting: 3 }]);
    assert.deepEqual(next.outbox.page("a", null, 10), [high, low, tried]);
    assert.equal(next.outbox.recentRequests(START).length, 1);
    await next.close();
  },

  "has facts, history, statistics, words and dead letters after a restart": async ({ store, reopen }) => {
    const [one, two] = [delivery("one"), delivery("two", { key: "disk" })];
    await store.outbox.append([one!, two!]);
    await store.outbox.settle([delivered(one!), rejected(two!)]);
    await store.memory.remember("ban:x", { until: START });
    await store.history.skip(delivery("three").notification, "disabled");
    await store.close();
    const next = await reopen();
    assert.deepEqual(next.memory.recall(), new Map([["ban:x", { until: START }]]));
    const { items } = await next.history.query({});
    assert.deepEqual(
      items.map(({ notification, status }) => [notification.title, status]),
      [
        ["three", "skipped"],
        ["two", "failed"],
        ["one", "delivered"],
      ],
    );
    assert.equal((await next.history.query({ text: "two" })).items.length, 1);
    const { total } = await next.history.statistics({ from: START, to: START + 60_000 });
    assert.deepEqual(total.ends, { delivered: 1, failed: 1 });
    const { records } = await next.deadLetters.replay({ filter: {} });
    assert.equal(records.length, 1);
    await next.close();
    const last = await reopen();
    assert.deepEqual(waitingIn(last), ["two"]);
    await last.close();
  },

  "knows idempotency keys after a restart": async ({ store, reopen }) => {
    const record = delivery("1", { idempotencyKey: "order" });
    await store.outbox.append([record]);
    await store.close();
    const next = await reopen();
    const known = { id: record.notification.id, createdAt: START };
    assert.deepEqual(next.outbox.acceptedUnder("order", START - 1), known);
    await next.close();
  },

  "takes nothing more once it is closed, and says so": async ({ store }) => {
    await store.close();
    await assert.rejects(async () => store.outbox.append([delivery("1")]), { code: "STORE_CLOSED" });
    await assert.rejects(async () => store.memory.remember("a", 1), { code: "STORE_CLOSED" });
  },
};
