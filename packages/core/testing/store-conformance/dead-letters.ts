/** Dead letters: which deliveries are some, and what can be done about them. */
import assert from "node:assert/strict";
import type { DeliveryId, DeliveryRecord } from "../../src/delivery/outbox.ts";
import type { DeadLetterFilter } from "../../src/history/dead-letters.ts";
import type { Store } from "../../src/store/store.ts";
import type { StoreChecks } from "../store-conformance.ts";
import { alsoTo, delivered, delivery, ended, rejected, START, tryOf, waitingIn } from "./scenes.ts";

export const DEAD_LETTER_CHECKS: StoreChecks = {
  "are deliveries that failed for good, and nothing else": async ({ store }) => {
    const [failed, gone, dropped, expired, arrived, waiting, diverted] = ["1", "2", "3", "4", "5", "6", "7"].map(
      (name) => delivery(name),
    );
    await store.outbox.append([failed!, gone!, dropped!, expired!, arrived!, waiting!, diverted!]);
    await store.outbox.append([{ ...alsoTo("b", diverted!), elsewhere: ["a"] }]);
    await store.outbox.settle([
      rejected(failed!),
      ended(gone!, "destination-disabled"),
      ended(dropped!, "queue-full"),
      ended(expired!, "expired"),
      delivered(arrived!),
      rejected(diverted!),
    ]);
    assert.deepEqual(await idsOf(store), ["dlv_2", "dlv_1"]);
    assert.equal(await store.deadLetters.count({}), 2);
  },

  "come in pages, newest first": async ({ store }) => {
    const records = Array.from({ length: 7 }, (_, n) => delivery(String(n), { createdAt: START + n }));
    const both = records.flatMap((record) => [record, alsoTo("b", record)]);
    await store.outbox.append(both);
    await store.outbox.settle(both.map((one) => rejected(one)));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof store.deadLetters.list>> = await store.deadLetters.list({
        cursor,
        limit: 3,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    assert.deepEqual(seen, both.map(({ id }) => id).reverse());
    await assert.rejects(store.deadLetters.list({ cursor: "no cursor" }), { name: "QueryError" });
    await assert.rejects(store.deadLetters.list({ limit: 0 }), { name: "QueryError" });
  },

  "are found by destination, type, severity, reason, error and time": async ({ store }) => {
    const one = delivery("1", { type: "error", severity: "error" });
    const two = delivery("2", { createdAt: START + 1_000 }, { lane: "b" });
    await store.outbox.append([one, two]);
    await store.outbox.settle([rejected(one), ended(two, "destination-disabled")]);
    const filters: readonly (readonly [DeadLetterFilter, readonly string[]])[] = [
      [{ destinations: ["b"] }, ["dlv_2"]],
      [{ types: ["error"] }, ["dlv_1"]],
      [{ severities: ["info"] }, ["dlv_2"]],
      [{ reasons: ["rejected"] }, ["dlv_1"]],
      [{ errorCodes: ["scripted-rejected"] }, ["dlv_1"]],
      [{ errorCodes: ["other"] }, []],
      [{ from: START + 1 }, ["dlv_2"]],
      [{ to: START + 1 }, ["dlv_1"]],
      [{ destinations: ["a", "b"], reasons: ["rejected", "destination-disabled"] }, ["dlv_2", "dlv_1"]],
    ];
    for (const [filter, expected] of filters) {
      assert.deepEqual(await idsOf(store, filter), expected, JSON.stringify(filter));
      assert.equal(await store.deadLetters.count(filter), expected.length);
    }
  },

  "are shown with every try and its answer": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    const attempt = tryOf(record, { outcome: "unavailable", startedAt: START + 5, endedAt: START + 10 });
    await store.outbox.postpone([{ delivery: record, attempt }]);
    await store.outbox.settle([rejected(record, { startedAt: START + 100 })]);
    const detail = await store.deadLetters.inspect(record.id);
    assert.deepEqual(detail?.result, {
      destination: "a",
      status: "failed",
      attempts: 2,
      reason: "rejected",
      error: { code: "scripted-rejected", message: "Scripted failure.", status: 503 },
    });
    assert.deepEqual(
      detail.tries.map(({ outcome, waitMs, error }) => [outcome, waitMs, error?.code]),
      [
        ["unavailable", 5, "scripted-unavailable"],
        ["rejected", 90, "scripted-rejected"],
      ],
    );
    assert.equal(await store.deadLetters.inspect("dlv_unknown" as DeliveryId), null);
  },

  "are discarded once, and stay in history": async ({ store }) => {
    const records = await dead(store, "1", "2", "3");
    const ids = [records[0]!.id, records[0]!.id, "dlv_unknown" as DeliveryId];
    assert.equal(await store.deadLetters.discard({ ids }), 1);
    assert.deepEqual(await idsOf(store), ["dlv_3", "dlv_2"]);
    assert.equal(await store.deadLetters.discard({ filter: { destinations: ["b"] } }), 0);
    assert.equal(await store.deadLetters.discard({ filter: {} }), 2);
    assert.equal(await store.deadLetters.discard({ filter: {} }), 0);
    const detail = await store.history.find(records[0]!.notification.id);
    assert.deepEqual([detail?.status, detail?.deliveries[0]?.sequel], ["failed", "discarded"]);
  },

  "become new deliveries of the same notification when they are replayed": async ({ store }) => {
    const files = [{ name: "a.bin", data: new Uint8Array([1, 2, 3]), contentType: null }];
    const record = delivery("1", { files, priority: 10 }, { possibleRepeat: true });
    await store.outbox.append([record]);
    await store.outbox.settle([rejected(record)]);
    const { records, refused } = await store.deadLetters.replay({ ids: [record.id] });
    assert.deepEqual(refused, []);
    assert.equal(records.length, 1);
    const [again] = records;
    assert.ok(again !== undefined && again.id !== record.id && again.id.startsWith("dlv_"));
    assert.deepEqual(again.notification, record.notification);
    const { attempts, failures, notBefore, degrade, possibleRepeat } = again;
    assert.deepEqual([attempts, failures, notBefore, degrade, possibleRepeat], [0, 0, 0, [], true]);
    assert.deepEqual(store.outbox.page("a", null, 10), [again]);
    assert.deepEqual(await idsOf(store), []);
    await store.outbox.settle([delivered(again)]);
    const detail = await store.history.find(record.notification.id);
    assert.equal(detail?.status, "delivered");
    assert.deepEqual(
      detail.deliveries.map(({ sequel, replayOf }) => [sequel, replayOf]),
      [
        ["replayed", null],
        [null, record.id],
      ],
    );
  },

  "are replayed at their own destination only": async ({ store }) => {
    const here = delivery("1", {}, { elsewhere: ["b"] });
    const there = { ...alsoTo("b", here), elsewhere: ["a"] };
    await store.outbox.append([here, there]);
    await store.outbox.settle([rejected(here), rejected(there)]);
    assert.equal((await store.deadLetters.replay({ ids: [here.id] })).records.length, 1);
    assert.deepEqual(await idsOf(store), [there.id]);
    assert.deepEqual([waitingIn(store, "a"), waitingIn(store, "b")], [["1"], []]);
  },

  "are replayed once, by filter in the order of acceptance, and may die again": async ({ store }) => {
    const [first] = await dead(store, "1", "2", "3");
    const twice = await store.deadLetters.replay({ ids: [first!.id, first!.id, "dlv_x" as DeliveryId] });
    assert.equal(twice.records.length, 1);
    assert.deepEqual(
      twice.refused.map(({ because }) => because),
      ["unknown", "unknown"],
    );
    const { records } = await store.deadLetters.replay({ filter: { destinations: ["a"] } });
    assert.deepEqual(
      records.map(({ notification }) => notification.title),
      ["2", "3"],
    );
    assert.deepEqual(waitingIn(store), ["1", "2", "3"]);
    await store.outbox.settle([rejected(records[0]!)]);
    assert.deepEqual(await idsOf(store), [records[0]!.id]);
  },

  "are not replayed when newer news of the same key has overtaken them, unless by force": async ({ store }) => {
    const [firing] = await dead(store, { name: "1", key: "disk", phase: "firing" }, { name: "other", key: "else" });
    const resolved = delivery("2", { key: "disk", phase: "resolved", createdAt: START + 1_000 });
    const newest = delivery("3", { key: "disk", phase: "firing", createdAt: START + 2_000 });
    await store.outbox.append([resolved, newest]);
    await store.outbox.settle([rejected(newest)]);
    const news = { id: "ntf_2", createdAt: START + 1_000, phase: "resolved", status: "waiting" };
    assert.deepEqual((await store.deadLetters.inspect(firing!.id))?.newer, news);
    await store.outbox.settle([delivered(resolved)]);
    const { items } = await store.deadLetters.list({});
    assert.deepEqual(
      items.map(({ id, newer }) => [id, newer]),
      [
        ["dlv_3", null],
        ["dlv_other", null],
        ["dlv_1", { ...news, status: "delivered" }],
      ],
    );
    const { records, refused } = await store.deadLetters.replay({ filter: {} });
    assert.deepEqual(
      records.map(({ notification }) => notification.title),
      ["other", "3"],
    );
    assert.deepEqual(refused, [{ id: "dlv_1", because: "stale" }]);
    const forced = await store.deadLetters.replay({ ids: [firing!.id] }, { force: true });
    assert.deepEqual(
      forced.records.map(({ notification }) => notification.title),
      ["1"],
    );
  },

  "are not replayed when what they tell the beginning of is over, though nobody was told of its end": async ({
    store,
  }) => {
    const [first] = await dead(store, { name: "1", key: "disk", phase: "firing" });
    const end = delivery("2", { key: "disk", phase: "resolved", createdAt: START + 1_000 });
    const again = delivery("3", { key: "disk", phase: "firing", createdAt: START + 2_000 });
    await store.outbox.append([end, again]);
    await store.outbox.settle([ended(end, "nothing-to-resolve"), rejected(again)]);
    const news = { id: "ntf_2", createdAt: START + 1_000, phase: "resolved", status: "dropped" };
    assert.deepEqual((await store.deadLetters.inspect(first!.id))?.newer, news);
    const { records, refused } = await store.deadLetters.replay({ filter: {} });
    assert.deepEqual(
      records.map(({ notification }) => notification.title),
      ["3"],
    );
    assert.deepEqual(refused, [{ id: first!.id, because: "stale" }]);
  },

  "can be many": async ({ store }) => {
    const records = Array.from({ length: 700 }, (_, n) => delivery(String(n).padStart(3, "0")));
    await store.outbox.append(records);
    await store.outbox.settle(records.map((one) => rejected(one)));
    assert.equal(await store.deadLetters.count({}), 700);
    const { records: again } = await store.deadLetters.replay({ filter: {} });
    assert.deepEqual(
      again.map(({ notification }) => notification.title),
      records.map(({ notification }) => notification.title),
    );
    assert.equal(await store.deadLetters.count({}), 0);
  },
};

type Kind = string | (Partial<DeliveryRecord["notification"]> & { readonly name: string });

/** Deliveries that have failed for good. */
async function dead(store: Store, ...kinds: readonly Kind[]): Promise<readonly DeliveryRecord[]> {
  const records = kinds.map((kind) => {
    if (typeof kind === "string") return delivery(kind);
    const { name, ...notification } = kind;
    return delivery(name, notification);
  });
  await store.outbox.append(records);
  await store.outbox.settle(records.map((one) => rejected(one)));
  return records;
}

async function idsOf({ deadLetters }: Store, filter: DeadLetterFilter = {}): Promise<readonly string[]> {
  return (await deadLetters.list(filter)).items.map(({ id }) => id);
}
