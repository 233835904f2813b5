/** Statistics: figures worked out by hand. */
import assert from "node:assert/strict";
import type { StoreChecks } from "../store-conformance.ts";
import { delivered, delivery, ended, rejected, START, tryOf } from "./scenes.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Half a bucket of the histogram: 2^(1/16) − 1. */
const PRECISION = 0.045;

export const STATISTICS_CHECKS: StoreChecks = {
  "counts what became of deliveries and requests, in all and by type, destination and severity": async ({ store }) => {
    const ok = delivery("ok", { type: "error", severity: "error" });
    const again = delivery("again", { type: "error", severity: "error" });
    const bad = delivery("bad", {}, { lane: "b" });
    const late = delivery("late", {}, { lane: "b" });
    await store.outbox.append([ok, again, bad, late]);
    await store.outbox.settle([delivered(ok, { startedAt: START, endedAt: START + 100 })]);
    const first = tryOf(again, { outcome: "unavailable", startedAt: START, endedAt: START + 400 });
    await store.outbox.postpone([{ delivery: again, attempt: first }]);
    again.possibleRepeat = true;
    await store.outbox.settle([delivered(again, { startedAt: START + 2_000, endedAt: START + 2_100 })]);
    await store.outbox.settle([rejected(bad, { startedAt: START, endedAt: START + 200 }), ended(late, "expired")]);

    const { total, byType, byDestination, bySeverity, steps } = await store.history.statistics(during());
    assert.deepEqual(total.ends, { delivered: 2, failed: 1, expired: 1 });
    assert.equal(total.successRate, 2 / 3);
    assert.deepEqual(total.reasons, { rejected: 1, expired: 1 });
    assert.equal(total.tries, 4);
    assert.deepEqual(total.outcomes, { delivered: 2, unavailable: 1, rejected: 1 });
    assert.deepEqual(total.errors, { "scripted-unavailable": 1, "scripted-rejected": 1 });
    assert.deepEqual(total.retries, {
      deliveredAtOnce: 1,
      deliveredAfterRetry: 1,
      gaveUpAfterRetry: 0,
      possibleRepeats: 1,
      deliveredAfter: { "1": 1, "2": 1 },
    });
    assert.equal(total.response?.count, 4);
    assert.equal(total.response.meanMs, 200);
    assert.equal(total.response.maxMs, 400);
    near(total.response.p50Ms, 100);
    near(total.response.p99Ms, 400);
    assert.deepEqual([total.endToEnd?.count, total.endToEnd?.maxMs], [2, 2_100]);
    near(total.endToEnd?.p50Ms, 100);
    assert.deepEqual(endsOf(byType), { error: { delivered: 2 }, general: { failed: 1, expired: 1 } });
    assert.deepEqual(endsOf(byDestination), { a: { delivered: 2 }, b: { failed: 1, expired: 1 } });
    assert.deepEqual(endsOf(bySeverity), { error: { delivered: 2 }, info: { failed: 1, expired: 1 } });
    assert.deepEqual(steps, []);
  },

  "counts only what was asked for": async ({ store }) => {
    const records = [
      delivery("1", { type: "error" }),
      delivery("2", { severity: "critical" }),
      delivery("3", {}, { lane: "b" }),
    ];
    await store.outbox.append(records);
    await store.outbox.settle(records.map((one) => delivered(one)));
    const count = async (filter: object) =>
      (await store.history.statistics({ ...during(), ...filter })).total.ends["delivered"] ?? 0;
    assert.equal(await count({}), 3);
    assert.equal(await count({ types: ["error"] }), 1);
    assert.equal(await count({ severities: ["critical"] }), 1);
    assert.equal(await count({ destinations: ["b"] }), 1);
    assert.equal(await count({ destinations: ["b"], types: ["error"] }), 0);
    assert.equal(await count({ types: [] }), 0);
  },

  "puts any range of time together, and tells its course": async ({ store }) => {
    // At noon, and then 1 minute, 1 hour, 1 day and 3 days later.
    const offsets = [0, MINUTE_MS, HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS];
    const records = offsets.map((offset, n) => delivery(String(n), { createdAt: START + offset }));
    await store.outbox.append(records);
    await store.outbox.settle(records.map((one) => delivered(one)));
    const count = async (from: number, to: number) =>
      (await store.history.statistics({ from: START + from, to: START + to })).total.ends["delivered"] ?? 0;
    assert.equal(await count(-HOUR_MS, 100 * HOUR_MS), 5);
    assert.equal(await count(0, MINUTE_MS), 1);
    assert.equal(await count(0, MINUTE_MS + 1), 2);
    assert.equal(await count(MINUTE_MS, 24 * HOUR_MS), 2);
    assert.equal(await count(30 * MINUTE_MS, 24 * HOUR_MS + MINUTE_MS), 2);
    assert.equal(await count(24 * HOUR_MS, 72 * HOUR_MS + MINUTE_MS), 2);
    assert.equal(await count(100 * HOUR_MS, 200 * HOUR_MS), 0);
    const hourly = await store.history.statistics({ from: START, to: START + 24 * HOUR_MS, stepMs: HOUR_MS });
    assert.deepEqual(
      hourly.steps.map(({ at, figures }) => [at - START, figures.ends["delivered"]]),
      [
        [0, 2],
        [HOUR_MS, 1],
      ],
    );
  },

  "tells the course of what was asked for only": async ({ store }) => {
    const records = [0, HOUR_MS].flatMap((offset, n) => [
      delivery(`${n}a`, { createdAt: START + offset, type: "error" }),
      delivery(`${n}b`, { createdAt: START + offset }),
    ]);
    await store.outbox.append(records);
    await store.outbox.settle(records.map((one) => delivered(one)));
    const course = async (filter: object) => {
      const range = { from: START, to: START + 2 * HOUR_MS, stepMs: HOUR_MS } as const;
      const { steps } = await store.history.statistics({ ...range, ...filter });
      return steps.map(({ at, figures }) => [at - START, figures.ends["delivered"], figures.endToEnd?.count]);
    };
    assert.deepEqual(await course({}), [
      [0, 2, 2],
      [HOUR_MS, 2, 2],
    ]);
    assert.deepEqual(await course({ types: ["error"] }), [
      [0, 1, 1],
      [HOUR_MS, 1, 1],
    ]);
    assert.deepEqual(await course({ destinations: ["b"] }), []);
  },

  "has nothing to tell of nothing": async ({ store }) => {
    const { total, byType } = await store.history.statistics(during());
    assert.deepEqual([total.successRate, total.response, total.endToEnd, total.tries], [null, null, null, 0]);
    assert.deepEqual(byType, {});
  },

  "refuses a range that ends before it begins, or has too many steps": async ({ store: { history } }) => {
    await assert.rejects(history.statistics({ from: START, to: START - 1 }), { name: "QueryError" });
    await assert.rejects(history.statistics({ from: Number.NaN, to: START }), { name: "QueryError" });
    const month = { from: START, to: START + 31 * 24 * HOUR_MS, stepMs: MINUTE_MS } as const;
    await assert.rejects(history.statistics(month), { name: "QueryError" });
    const oddly = { from: START, to: START + HOUR_MS, stepMs: 90_000 as 60_000 };
    await assert.rejects(history.statistics(oddly), { name: "QueryError" });
  },
};

function during() {
  return { from: START - HOUR_MS, to: START + HOUR_MS };
}

function endsOf(groups: Readonly<Record<string, { readonly ends: Readonly<Record<string, number>> }>>) {
  return Object.fromEntries(Object.entries(groups).map(([name, { ends }]) => [name, ends]));
}

function near(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && Math.abs(actual / expected - 1) <= PRECISION, `${actual} is not about ${expected}`);
}
