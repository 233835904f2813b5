/** The outbox and the facts: what waits, in which order, and with everything that the engine has to know of it. */
import assert from "node:assert/strict";
import type { DeliveryRecord, Place } from "../../src/delivery/outbox.ts";
import { HOSTILE_TEXTS } from "../hostile-texts.ts";
import type { StoreChecks } from "../store-conformance.ts";
import { createRandom } from "../virtual-clock.ts";
import { alsoTo, delivered, delivery, ended, rejected, START, tryOf, waitingIn } from "./scenes.ts";

export const OUTBOX_CHECKS: StoreChecks = {
  "gives what waits by priority, then by id": async ({ store }) => {
    const random = createRandom(7);
    const records = Array.from({ length: 60 }, (_, n) =>
      delivery(String(n).padStart(3, "0"), { priority: Math.floor(random() * 4) * 10 - 10 }),
    );
    await store.outbox.append(records);
    const sorted = records.toSorted(
      (a, b) => b.notification.priority - a.notification.priority || (a.id < b.id ? -1 : 1),
    );
    assert.deepEqual(
      waitingIn(store),
      sorted.map(({ notification }) => notification.title),
    );
    assert.deepEqual(
      pageByPage(store.outbox, 7),
      sorted.map(({ id }) => id),
    );
  },

  "gives a delivery back with everything that it was": async ({ store }) => {
    const record = delivery("whole", WHOLE, {
      attempts: 2,
      failures: 1,
      notBefore: START + 5_000.25,
      degrade: ["without-links"],
      possibleRepeat: true,
      alone: true,
      edited: 1,
      matters: [["disk", "firing"]],
      elsewhere: ["b", "c"],
    });
    await store.outbox.append([record]);
    assert.deepEqual(store.outbox.page("a", null, 10), [record]);
  },

  "tells a footer that is left to the template from none": async ({ store }) => {
    await store.outbox.append([delivery("1", { footer: null }), delivery("2", { footer: undefined })]);
    const footers = store.outbox.page("a", null, 10).map(({ notification }) => notification.footer);
    assert.deepEqual(footers, [null, undefined]);
  },

  "gives back whatever a text contains": async ({ store }) => {
    const records = HOSTILE_TEXTS.map(([, text], n) =>
      delivery(String(n).padStart(3, "0"), {
        title: text,
        fields: [{ name: text, value: text, inline: false }],
        key: text,
      }),
    );
    await store.outbox.append(records);
    assert.deepEqual(store.outbox.page("a", null, 1_000), records);
  },

  "counts what waits, lane by lane": async ({ store }) => {
    const both = delivery("1");
    await store.outbox.append([both, alsoTo("b", both), delivery("2")]);
    assert.deepEqual(store.outbox.backlog(), [
      { lane: "a", waiting: 2 },
      { lane: "b", waiting: 1 },
    ]);
    assert.deepEqual(waitingIn(store, "b"), ["1"]);
    assert.deepEqual(waitingIn(store, "c"), []);
  },

  "gives no more what was settled": async ({ store }) => {
    const records = ["1", "2", "3"].map((name) => delivery(name));
    await store.outbox.append(records);
    await store.outbox.settle([delivered(records[1]!)]);
    assert.deepEqual(waitingIn(store), ["1", "3"]);
    await store.outbox.settle([delivered(records[0]!), delivered(records[2]!)]);
    assert.deepEqual(store.outbox.backlog(), []);
  },

  "gives what was postponed as it is now": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    const attempt = tryOf(record, { outcome: "unavailable" });
    Object.assign(record, { failures: 1, notBefore: START + 9_000, degrade: ["text-only"], possibleRepeat: true });
    await store.outbox.postpone([{ delivery: record, attempt }]);
    assert.deepEqual(store.outbox.page("a", null, 10), [record]);
  },

  "gives what was amended as it is told now, and at its new place": async ({ store }) => {
    const records = [delivery("1"), delivery("2", { priority: 10 }), delivery("3")];
    await store.outbox.append(records);
    const last = records[2]!;
    const list = { name: "alerts.txt", data: new TextEncoder().encode("one\ntwo\n"), contentType: "text/plain" };
    last.notification = { ...last.notification, title: "3 and more", count: 5, priority: 30, files: [list] };
    await store.outbox.amend(last);
    assert.deepEqual(waitingIn(store), ["3 and more", "2", "1"]);
    assert.deepEqual(store.outbox.page("a", null, 1), [last]);
    last.notification = { ...last.notification, title: "even more" };
    await store.outbox.amend(last);
    assert.deepEqual(waitingIn(store), ["even more", "2", "1"]);
  },

  "gives a delivery that takes over with what had been folded into the one before": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    const list = { name: "alerts.txt", data: new TextEncoder().encode("one\ntwo\n"), contentType: "text/plain" };
    record.notification = { ...record.notification, title: "1 and more", count: 2, files: [list] };
    await store.outbox.amend(record);
    const successor = { ...alsoTo("b", record), elsewhere: ["a"] };
    await Promise.all([store.outbox.append([successor]), store.outbox.settle([rejected(record)])]);
    assert.deepEqual(store.outbox.page("b", null, 10), [successor]);
    await store.outbox.settle([rejected(successor)]);
    const { items } = await store.deadLetters.list({});
    assert.deepEqual(
      items.map(({ notification }) => [notification.title, notification.count]),
      [["1 and more", 2]],
    );
    const { records } = await store.deadLetters.replay({ filter: {} });
    assert.deepEqual(records[0]?.notification, record.notification);
    assert.deepEqual(store.outbox.page("b", null, 10), records);
  },

  "keeps a delivery once that is appended twice": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    await store.outbox.append([record]);
    assert.deepEqual(waitingIn(store), ["1"]);
    await store.outbox.settle([delivered(record)]);
    await store.outbox.append([record]);
    assert.deepEqual(waitingIn(store), []);
  },

  "keeps a try once that is told twice, as when it failed to say that it had it": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    const attempt = tryOf(record, { outcome: "unavailable" });
    await store.outbox.postpone([{ delivery: record, attempt }]);
    await store.outbox.postpone([{ delivery: record, attempt }]);
    const settlement = delivered(record);
    await store.outbox.settle([settlement]);
    await store.outbox.settle([settlement]);
    const detail = await store.history.find(record.notification.id);
    assert.deepEqual(
      detail?.deliveries[0]?.tries.map(({ attempt: number }) => number),
      [1, 2],
    );
  },

  "passes over what it does not know, and what is settled already": async ({ store }) => {
    const stranger = delivery("stranger");
    await store.outbox.settle([delivered(stranger)]);
    await store.outbox.postpone([{ delivery: stranger, attempt: tryOf(stranger) }]);
    await store.outbox.amend(stranger);
    const record = delivery("1");
    await store.outbox.append([record]);
    const settlement = delivered(record);
    await store.outbox.settle([settlement]);
    await store.outbox.settle([settlement]);
    assert.equal((await store.history.find(record.notification.id))?.deliveries[0]?.tries.length, 1);
    assert.equal(await store.history.find(stranger.notification.id), null);
  },

  "tells each recent request once, oldest first": async ({ store }) => {
    const [first, second, third, other] = [
      delivery("1"),
      delivery("2"),
      delivery("3"),
      delivery("4", {}, { lane: "b" }),
    ];
    await store.outbox.append([first!, second!, third!, other!]);
    await store.outbox.settle([delivered(first!, { startedAt: START })]);
    // One message that told two.
    await store.outbox.settle([second!, third!].map((one) => delivered(one, { startedAt: START + 1_000 })));
    await store.outbox.postpone([
      { delivery: other!, attempt: tryOf(other!, { startedAt: START + 500, endedAt: START + 2_000 }) },
    ]);
    assert.deepEqual(store.outbox.recentRequests(START + 80), [
      { lane: "a", endedAt: START + 80 },
      { lane: "a", endedAt: START + 1_080 },
      { lane: "b", endedAt: START + 2_000 },
    ]);
    // No request was made for this one.
    const dropped = delivery("5");
    await store.outbox.append([dropped]);
    await store.outbox.settle([ended(dropped, "queue-full", START + 3_000)]);
    assert.deepEqual(store.outbox.recentRequests(START + 1_081), [{ lane: "b", endedAt: START + 2_000 }]);
  },

  "finds recent requests behind older ones that were written late": async ({ store }) => {
    const [recent, old] = [delivery("1"), delivery("2")];
    await store.outbox.append([recent, old]);
    await store.outbox.settle([delivered(recent, { startedAt: START + 60_000 })]);
    await store.outbox.settle([delivered(old, { startedAt: START })]);
    assert.deepEqual(store.outbox.recentRequests(START + 30_000), [{ lane: "a", endedAt: START + 60_080 }]);
  },

  "takes a thousand writes at once": async ({ store }) => {
    const records = Array.from({ length: 1_000 }, (_, n) => delivery(String(n).padStart(4, "0")));
    await Promise.all(records.map((record) => store.outbox.append([record])));
    await Promise.all(records.slice(0, 998).map((record) => store.outbox.settle([delivered(record)])));
    assert.deepEqual(waitingIn(store), ["0998", "0999"]);
  },

  "knows what was accepted under an idempotency key, the newest of several, and for how long": async ({ store }) => {
    const { outbox, history } = store;
    assert.equal(outbox.acceptedUnder("order", 0), null);
    const first = delivery("1", { idempotencyKey: "order" });
    await outbox.append([first, alsoTo("b", first), delivery("2", { idempotencyKey: "Order" }), delivery("3")]);
    const known = { id: first.notification.id, createdAt: START };
    assert.deepEqual(outbox.acceptedUnder("order", START - 0.5), known);
    assert.equal(outbox.acceptedUnder("order", START), null);
    // What became of it does not matter, and what was never accepted does not count.
    await outbox.settle([rejected(first)]);
    await history.skip(delivery("4", { idempotencyKey: "order", createdAt: START + 1_000 }).notification, "disabled");
    assert.deepEqual(outbox.acceptedUnder("order", 0), known);
    const second = delivery("5", { idempotencyKey: "order", createdAt: START + 2_000 });
    await outbox.append([second]);
    assert.deepEqual(outbox.acceptedUnder("order", 0), { id: second.notification.id, createdAt: START + 2_000 });
  },

  "remembers facts, changes and forgets them": async ({ store: { memory } }) => {
    await memory.remember("lane:a", { until: 5, reason: null });
    await memory.remember("lane:b", [1, "two"]);
    await memory.remember("lane:a", { until: 6, reason: "told" });
    await memory.forget("lane:b");
    await memory.forget("lane:c");
    assert.deepEqual(memory.recall(), new Map([["lane:a", { until: 6, reason: "told" }]]));
  },

  "keeps everything that was asked for when it is closed, and closes any number of times": async ({ store }) => {
    const writes = Array.from({ length: 50 }, (_, n) => store.outbox.append([delivery(String(n))]));
    await Promise.all([store.close(), store.outbox.close(), store.close()]);
    await Promise.all(writes);
  },
};

const WHOLE: Partial<DeliveryRecord["notification"]> = {
  createdAt: START + 0.125,
  type: "error",
  severity: "error",
  message: "All of it",
  fields: [{ name: "File", value: "a.csv", inline: true }],
  labels: { site: "berlin", "": "empty" },
  mentions: ["@here", "user:42"],
  content: "above",
  url: "https://example.org/",
  color: 0,
  footer: { text: "below", iconUrl: null },
  author: { name: "Me", url: null, iconUrl: "https://example.org/i.png" },
  thumbnail: "https://example.org/t.png",
  image: "https://example.org/i.png",
  timestamp: 0,
  files: [
    { name: "a.bin", data: new Uint8Array([0, 255, 10, 13]), contentType: null },
    { name: "empty.txt", data: new Uint8Array(), contentType: "text/plain" },
  ],
  key: "import",
  phase: "firing",
  over: { since: START - 60_000, until: START },
  count: 3,
  firstAt: START - 60_000,
  idempotencyKey: "once",
  priority: -5,
  expiresAt: START + 3_600_000,
  atMostOnce: true,
  format: "markdown",
};

function pageByPage(
  outbox: { page(lane: string, after: Place | null, limit: number): readonly DeliveryRecord[] },
  limit: number,
) {
  const ids: string[] = [];
  let after: Place | null = null;
  for (;;) {
    const page = outbox.page("a", after, limit);
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) return ids;
    after = { priority: last.notification.priority, id: last.id };
  }
}
