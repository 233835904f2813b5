/** History: what became of each notification, newest first, and only what was asked for. */
import assert from "node:assert/strict";
import type { HistoryFilter, HistoryStatus } from "../../src/history/history.ts";
import type { NotificationId } from "../../src/notification/notification.ts";
import type { Store } from "../../src/store/store.ts";
import type { StoreChecks } from "../store-conformance.ts";
import { createRandom } from "../virtual-clock.ts";
import { alsoTo, delivered, delivery, ended, foldedInto, rejected, START, tryOf } from "./scenes.ts";

export const HISTORY_CHECKS: StoreChecks = {
  "tells every try of a notification, with waits and durations": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    const first = tryOf(record, { outcome: "unavailable", startedAt: START + 10, endedAt: START + 30 });
    await store.outbox.postpone([{ delivery: record, attempt: first }]);
    await store.outbox.settle([delivered(record, { startedAt: START + 1_030, endedAt: START + 1_100 })]);
    const detail = await store.history.find(record.notification.id);
    assert.equal(detail?.status, "delivered");
    const [there] = detail.deliveries;
    assert.deepEqual(there?.result, {
      destination: "a",
      status: "delivered",
      attempts: 2,
      messageId: "message-dlv_1",
      possibleRepeat: false,
    });
    assert.equal(there.settledAt, START + 1_100);
    assert.deepEqual(
      there.tries.map(({ attempt, outcome, waitMs, durationMs }) => ({ attempt, outcome, waitMs, durationMs })),
      [
        { attempt: 1, outcome: "unavailable", waitMs: 10, durationMs: 20 },
        { attempt: 2, outcome: "delivered", waitMs: 1_000, durationMs: 70 },
      ],
    );
    const { deliveryId: _, ...told } = first;
    assert.deepEqual(there.tries[0], { ...told, waitMs: 10, durationMs: 20 });
    assert.equal(await store.history.find("ntf_unknown" as NotificationId), null);
  },

  "names a status for everything that can become of a notification": async ({ store }) => {
    await writeEveryStatus(store);
    const { items } = await store.history.query({});
    assert.deepEqual(
      Object.fromEntries(items.map(({ notification, status }) => [notification.title, status])),
      Object.fromEntries(EVERY_STATUS.map((status) => [status, status])),
    );
    for (const status of EVERY_STATUS) {
      const found = await store.history.query({ statuses: [status] });
      assert.deepEqual(
        found.items.map(({ notification }) => notification.title),
        [status],
      );
    }
    assert.equal((await store.history.query({ statuses: ["failed", "skipped"] })).items.length, 2);
    const skipped = await store.history.find("ntf_skipped" as NotificationId);
    assert.equal(skipped?.skipped, "no-destination");
  },

  "counts the destination that took over, not the one that failed": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    const successor = { ...alsoTo("b", record), elsewhere: ["a"] };
    await Promise.all([store.outbox.append([successor]), store.outbox.settle([rejected(record)])]);
    assert.equal((await store.history.find(record.notification.id))?.status, "waiting");
    await store.outbox.settle([delivered(successor)]);
    const detail = await store.history.find(record.notification.id);
    assert.equal(detail?.status, "delivered");
    assert.deepEqual(
      detail.deliveries.map(({ destination, sequel }) => [destination, sequel]),
      [
        ["a", "diverted"],
        ["b", null],
      ],
    );
  },

  "shows what is told instead of a notification that others were folded into": async ({ store }) => {
    const record = delivery("1");
    await store.outbox.append([record]);
    record.possibleRepeat = true;
    await store.outbox.amend(record);
    assert.equal((await store.history.find(record.notification.id))?.deliveries[0]?.told, null);
    record.notification = { ...record.notification, count: 37 };
    await store.outbox.amend(record);
    const detail = await store.history.find(record.notification.id);
    assert.equal(detail?.notification.count, 1);
    assert.equal(detail.deliveries[0]?.told?.count, 37);
  },

  "shows files by name and size": async ({ store }) => {
    const files = [{ name: "a.bin", data: new Uint8Array(300), contentType: null }];
    const record = delivery("1", { files });
    await store.outbox.append([record]);
    const shown = [{ name: "a.bin", contentType: null, sizeBytes: 300 }];
    assert.deepEqual((await store.history.find(record.notification.id))?.notification.files, shown);
    await store.outbox.settle([delivered(record)]);
    assert.deepEqual((await store.history.find(record.notification.id))?.notification.files, shown);
  },

  "gives pages, newest first, that stay as they are while more is accepted": async ({ store }) => {
    const record = (n: number) => delivery(String(n).padStart(2, "0"), { createdAt: START + Math.floor(n / 3) });
    const titles = Array.from({ length: 25 }, (_, n) => String(n).padStart(2, "0")).reverse();
    for (let n = 0; n < 25; n++) await store.outbox.append([record(n)]);
    const seen: (string | null)[] = [];
    let cursor: string | null = null;
    for (let more = 25; ; more++) {
      const page = await store.history.query({ limit: 10, cursor });
      seen.push(...page.items.map(({ notification }) => notification.title));
      await store.outbox.append([record(more)]);
      cursor = page.next;
      if (cursor === null) break;
    }
    assert.deepEqual(seen, titles);
  },

  "refuses a cursor that is none of its own, and a limit out of range": async ({ store: { history } }) => {
    for (const cursor of ["", "x", "no cursor", Buffer.from("1:2:3:4").toString("base64url")])
      await assert.rejects(history.query({ cursor }), { name: "QueryError" });
    for (const limit of [0, 501, 1.5, Number.NaN])
      await assert.rejects(history.query({ limit }), { name: "QueryError" });
  },

  "finds what matches a filter, and nothing else": async ({ store }) => {
    await writeMany(store, 200);
    const all = await everything(store, {});
    assert.equal(all.length, 200);
    for (const filter of FILTERS) {
      const expected = all.filter((entry) => matches(entry, filter));
      assert.ok(expected.length > 0 && expected.length < 200, `${JSON.stringify(filter)} tells nothing apart`);
      assert.deepEqual(await everything(store, filter), expected, JSON.stringify(filter));
    }
    for (const filter of [{ types: [] }, { severities: [] }, { statuses: [] }, { destinations: [] }])
      assert.deepEqual(await everything(store, filter), [], JSON.stringify(filter));
  },
};

const EVERY_STATUS: readonly HistoryStatus[] = [
  "waiting",
  "delivered",
  "folded",
  "partial",
  "failed",
  "dropped",
  "expired",
  "skipped",
];

async function writeEveryStatus({ outbox, history }: Store): Promise<void> {
  const of = (title: string) => delivery(title, { title });
  const partial = of("partial");
  const partialB = alsoTo("b", partial);
  const waiting = of("waiting");
  const waitingB = alsoTo("b", waiting);
  const [arrived, failed, dropped, expired, folded] = ["delivered", "failed", "dropped", "expired", "folded"].map(of);
  await outbox.append([waiting, waitingB, partial, partialB, arrived!, failed!, dropped!, expired!, folded!]);
  await outbox.settle([
    delivered(waiting),
    delivered(arrived!),
    delivered(partial),
    rejected(partialB),
    rejected(failed!),
    ended(dropped!, "queue-full"),
    ended(expired!, "expired"),
    foldedInto(arrived!.notification.id, folded!),
  ]);
  await history.skip(of("skipped").notification, "no-destination");
}

const TYPES = ["general", "error", "own type"] as const;
const SEVERITIES = ["info", "warning", "critical"] as const;
const LANES = ["a", "b", "lane with spaces"] as const;
const SITES = ["berlin", "x".repeat(200)] as const;

/** Notifications that differ in everything that can be asked for, by chance. */
async function writeMany({ outbox }: Store, count: number): Promise<void> {
  const random = createRandom(11);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  for (let n = 0; n < count; n++) {
    const createdAt = START + Math.floor(random() * 10_000);
    const labels = random() < 0.2 ? null : { site: pick(SITES), rack: String(n % 4) };
    const more = { createdAt, type: pick(TYPES), severity: pick(SEVERITIES), labels };
    const record = delivery(String(n), more, { lane: pick(LANES) });
    await outbox.append([record]);
    if (random() < 0.6) await outbox.settle([delivered(record)]);
    else if (random() < 0.5) await outbox.settle([rejected(record)]);
  }
}

const FILTERS: readonly HistoryFilter[] = [
  { types: ["error"] },
  { types: ["error", "own type"] },
  { severities: ["critical"] },
  { destinations: ["lane with spaces"] },
  { labels: { site: "berlin" } },
  { labels: { site: "x".repeat(200), rack: "2" } },
  { statuses: ["delivered"] },
  { statuses: ["waiting"] },
  { statuses: ["failed", "waiting"] },
  { from: START + 2_000 },
  { to: START + 2_000 },
  { from: START + 1_000, to: START + 5_000, types: ["general"] },
  { types: ["error"], severities: ["info", "warning"], destinations: ["a", "b"], statuses: ["delivered"] },
  { labels: { rack: "1" }, statuses: ["failed"], from: START + 3_000 },
];

type Entry = Awaited<ReturnType<typeof everything>>[number];

/** Worked out by itself, so that a mistake that all stores share shows. */
function matches({ type, severity, lane, labels, status, createdAt }: Entry, filter: HistoryFilter): boolean {
  if (filter.types !== undefined && !filter.types.includes(type)) return false;
  if (filter.severities !== undefined && !filter.severities.some((one) => one === severity)) return false;
  if (filter.destinations !== undefined && !filter.destinations.includes(lane)) return false;
  if (filter.statuses !== undefined && !filter.statuses.includes(status)) return false;
  if (filter.from !== undefined && createdAt < filter.from) return false;
  if (filter.to !== undefined && createdAt >= filter.to) return false;
  return Object.entries(filter.labels ?? {}).every(([name, value]) => labels?.[name] === value);
}

/** All that a filter finds, in small pages. */
async function everything({ history }: Store, filter: HistoryFilter) {
  const found = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof history.query>> = await history.query({ ...filter, cursor, limit: 9 });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return found.map(({ notification, status, deliveries }) => {
    const { id, type, severity, labels, createdAt } = notification;
    return { id, type, severity, labels, createdAt, status, lane: deliveries[0]!.destination };
  });
}
