/** Quiet hours at the notifier: what waits, what does not, the one summary, and what history says of each. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { type NotificationInput, SEVERITIES } from "../notification/notification.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import type { RouteOptions } from "./route-options.ts";

/** A Monday. */
const EVENING = Date.UTC(2026, 0, 5, 23);
const HOUR = 3_600_000;
const MORNING = EVENING + 8 * HOUR;
const QUIET: RouteOptions = { name: "all", to: "ops", quietHours: "22:00-07:00" };

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function open(store: Store | undefined, clock = createVirtualClock({ startAt: EVENING }), routes = [QUIET]) {
  const channel = createFakeChannel({ clock });
  const destinations = { ops: channel };
  const about = { env: {}, clock, logger, validateOnStart: false, timeZone: "UTC", destinations, routes };
  const notifier = createNotifier(store === undefined ? about : { ...about, store });
  const told = () => channel.sent.map(({ request }) => request.notifications.map(({ title }) => title).join(" + "));
  return { clock, channel, notifier, told, store };
}

const firing = (key: string) => ({ key, phase: "firing", title: `${key} down`, severity: "error" }) as const;
const resolved = (key: string) => ({ key, phase: "resolved", title: `${key} up`, severity: "error" }) as const;

describe("in quiet hours", () => {
  it("what comes waits, and is told in one summary when they end", async () => {
    const { notifier, clock, told } = open(undefined);
    expect(await notifier.send(firing("fan"))).toMatchObject({ success: true, status: "deferred" });
    expect(await notifier.notify(resolved("fan")).accepted).toBe(true);
    await notifier.send(firing("gw-7"));
    await clock.advance(8 * HOUR - 1);
    expect(told()).toEqual([]);
    await clock.advance(1);
    expect(told()).toEqual(["While it was quiet: 2 fired, 1 recovered, 1 still open"]);
    await notifier.send(firing("door"));
    expect(told()).toHaveLength(2);
    await clock.advance(48 * HOUR);
    expect(told()).toHaveLength(2);
  });

  it("what is critical goes at once", async () => {
    const { notifier, told } = open(undefined);
    await notifier.send({ title: "Fire", severity: "critical" });
    expect(told()).toEqual(["Fire"]);
  });

  it("the end of what the summary told as open is told", async () => {
    const { notifier, clock, told } = open(undefined);
    await notifier.send(firing("gw-7"));
    await clock.advance(8 * HOUR);
    expect(await notifier.send(resolved("gw-7"))).toMatchObject({ status: "delivered" });
    expect(told()).toEqual(["While it was quiet: 1 fired, 0 recovered, 1 still open", "gw-7 up"]);
    await notifier.send(firing("fan"));
    expect(await notifier.send(resolved("gw-7"))).toMatchObject({ reason: "nothing-to-resolve" });
  });

  it("the end of what was told before them is counted, and not told again", async () => {
    const clock = createVirtualClock({ startAt: EVENING - 2 * HOUR });
    const { notifier, told } = open(undefined, clock);
    await notifier.send(firing("gw-7"));
    await clock.advance(2 * HOUR);
    expect(await notifier.send(resolved("gw-7"))).toMatchObject({ status: "deferred" });
    await clock.advance(8 * HOUR);
    expect(told()).toEqual(["gw-7 down", "While it was quiet: 0 fired, 1 recovered, 0 still open"]);
    expect(await notifier.send(resolved("gw-7"))).toMatchObject({ reason: "nothing-to-resolve" });
  });

  it("the same news again is counted once", async () => {
    const { notifier, clock, told } = open(undefined);
    for (let i = 0; i < 3; i++) await notifier.send(firing("gw-7"));
    await clock.advance(8 * HOUR);
    expect(told()).toEqual(["While it was quiet: 1 fired, 0 recovered, 1 still open"]);
  });

  it("what would be lost with the process is told when it ends", async () => {
    const { notifier, told } = open(undefined);
    await notifier.send(firing("gw-7"));
    await notifier.close();
    expect(told()).toEqual(["While it was quiet: 1 fired, 0 recovered, 1 still open"]);
  });

  it("flushing does not wait for the morning", async () => {
    const { notifier } = open(undefined);
    await notifier.send(firing("gw-7"));
    expect(await notifier.flush()).toEqual({ drained: true, open: 0 });
  });

  it("that end at different times for different routes, each has its own summary", async () => {
    const routes = [
      { name: "a", matchers: "type=a", to: "ops", quietHours: "22:00-06:00" },
      { ...QUIET, quietHours: "22:00-08:00" },
    ];
    const { notifier, clock, told } = open(undefined, createVirtualClock({ startAt: EVENING }), routes);
    await notifier.send({ ...firing("gw-7"), type: "a" });
    await notifier.send(firing("fan"));
    await clock.advance(8 * HOUR);
    await notifier.send({ ...firing("gw-7"), type: "b" });
    expect(told()).toEqual(["While it was quiet: 1 fired, 0 recovered, 1 still open"]);
    await clock.advance(HOUR);
    expect(told()[1]).toBe("While it was quiet: 2 fired, 0 recovered, 2 still open");
    await clock.advance(48 * HOUR);
    expect(told()).toHaveLength(2);
  });

  it("more than memory should hold is told early, and nothing is lost", { timeout: 30_000 }, async () => {
    const { notifier, clock, told } = open(undefined);
    for (let i = 0; i < 5_001; i++) notifier.notify(firing(`device ${i}`));
    await clock.advance(1_000);
    expect(told()).toEqual(["While it was quiet: 5001 fired, 0 recovered, 5001 still open"]);
  });
});

describe("quiet hours of a notification's own", () => {
  const night = { quietHours: "22:00-07:00" } as const;
  /** No route knows of quiet hours; or there is none. */
  const everywhere = [{ name: "all", to: "ops" }];

  it.each([
    { there: "a route takes it", routes: everywhere },
    { there: "severity and type say where to", routes: [{ name: "none", matchers: "type=other", to: "ops" }] },
  ])("hold it where $there", async ({ routes }) => {
    const clock = createVirtualClock({ startAt: EVENING });
    const channel = createFakeChannel({ clock });
    const about = { env: {}, clock, logger, validateOnStart: false, timeZone: "UTC", destinations: { ops: channel } };
    const notifier = createNotifier({ ...about, webhookUrl: channel, routes });
    const told = () => channel.sent.map(({ request }) => request.notifications[0].title);
    expect(await notifier.send({ ...firing("gw-7"), ...night })).toMatchObject({ status: "deferred" });
    expect(await notifier.send({ ...resolved("gw-7"), ...night })).toMatchObject({ status: "deferred" });
    await notifier.send({ ...firing("fan"), ...night });
    await notifier.send({ title: "Fire", severity: "critical", ...night });
    await notifier.send({ title: "Other plant" });
    expect(told()).toEqual(["Fire", "Other plant"]);
    await clock.advance(8 * HOUR);
    expect(told().slice(2)).toEqual(["While it was quiet: 2 fired, 1 recovered, 1 still open"]);
    await notifier.close();
  });

  it("say in explain() whose they are; the later end holds", () => {
    const routes = [{ name: "all", to: "ops", quietHours: "22:00-06:00" }];
    const { notifier } = open(undefined, createVirtualClock({ startAt: EVENING }), routes);
    const explained = (input: NotificationInput) => notifier.explain(input, { at: EVENING }).deferred;
    expect(explained({})).toEqual([{ destination: "ops", until: MORNING - HOUR, by: "route" }]);
    expect(explained(night)).toEqual([{ destination: "ops", until: MORNING, by: "notification" }]);
    expect(explained({ quietHours: "22:00-05:00" })).toEqual(explained({}));
    expect(notifier.explain({ ...night, severity: "critical" }, { at: EVENING }).deferred).toEqual([]);
  });

  it("hold an end with its beginning, which another route took", async () => {
    const routes = [{ name: "firing", matchers: "severity=error", to: "ops" }];
    const { notifier, clock, told } = open(undefined, createVirtualClock({ startAt: EVENING }), routes);
    await notifier.send({ ...firing("gw-7"), ...night });
    const end = { ...resolved("gw-7"), severity: "info" } as const;
    expect(notifier.explain(end).deferred).toEqual([{ destination: "ops", until: MORNING, by: "beginning" }]);
    expect(await notifier.send(end)).toMatchObject({ status: "deferred" });
    await clock.advance(8 * HOUR);
    expect(told()).toEqual(["While it was quiet: 1 fired, 1 recovered, 0 still open"]);
  });

  it.each([
    { quietHours: "at night", says: /write days, times or both/ },
    { quietHours: "mon-sun", says: /never end/ },
    { quietHours: ["00:00-12:00", "12:00-24:00"], says: /never end/ },
  ])(
    "that are of no use ($quietHours) are said once, and what carries them goes at once",
    async ({ quietHours, says }) => {
      const clock = createVirtualClock({ startAt: EVENING });
      const channel = createFakeChannel({ clock });
      const warned: string[] = [];
      const listening = { ...logger, warn: (line: string) => void warned.push(line) };
      const about = { env: {}, clock, logger: listening, validateOnStart: false, webhookUrl: channel };
      const notifier = createNotifier(about);
      for (let i = 0; i < 2; i++) await notifier.send({ title: "told", quietHours });
      expect(channel.sent).toHaveLength(2);
      expect(warned).toEqual([expect.stringMatching(says)]);
      await notifier.close();
    },
  );

  it.each([
    { change: "forward", date: [2026, 2, 28], hours: 7 },
    { change: "back", date: [2026, 9, 24], hours: 9 },
  ] as const)("are an hour off when the clocks are put $change", async ({ date: [year, month, day], hours }) => {
    // Berlin: 23:00 is 22:00 UTC in winter, 21:00 in summer; 07:00 comes 7 or 9 hours later.
    const startAt = Date.UTC(year, month, day, month === 2 ? 22 : 21);
    const { notifier, clock, told } = open(undefined, createVirtualClock({ startAt }), everywhere);
    await notifier.send({ ...firing("gw-7"), quietHours: "22:00-07:00 Europe/Berlin" });
    await clock.advance(hours * HOUR - 1);
    expect(told()).toEqual([]);
    await clock.advance(1);
    expect(told()).toHaveLength(1);
  });
});

it("history tells of each what became of it", async () => {
  const clock = createVirtualClock({ startAt: EVENING });
  const store = createMemoryStore({ clock });
  const { notifier } = open(store, clock);
  const first = await notifier.send(firing("gw-7"));
  const second = await notifier.send(firing("gw-7"));
  expect(await store.history.find(second.id)).toMatchObject({
    status: "waiting",
    notification: { routing: { because: "deferred", deferred: [{ destination: "ops", until: MORNING }] } },
    deliveries: [{ destination: "quiet:ops", notBefore: MORNING }],
  });
  await clock.advance(9 * HOUR);
  const [summary] = (await store.history.query({ labels: { "tocsin-summary": "1" } })).items;
  expect(summary).toMatchObject({ status: "delivered", notification: { title: expect.stringMatching(/1 fired/) } });
  const into = { destination: "ops", status: "folded", into: summary?.notification.id };
  expect(await store.history.find(second.id)).toMatchObject({ status: "folded", deliveries: [{ result: into }] });
  expect(await store.history.find(first.id)).toMatchObject({ deliveries: [{ result: { into: second.id } }] });
});

describe("after a restart", () => {
  const lasting = (clock: ReturnType<typeof createVirtualClock>) => {
    const store = openSqliteStore({ database: ":memory:", clock });
    return { store, kept: { ...store, close: () => Promise.resolve() } };
  };

  it("what waits is still told at the end of the quiet hours", async () => {
    const clock = createVirtualClock({ startAt: EVENING });
    const { store, kept } = lasting(clock);
    const before = open(kept, clock);
    await before.notifier.notify(firing("gw-7")).accepted;
    await before.notifier.notify(firing("fan")).accepted;
    await before.notifier.close();
    expect(before.told()).toEqual([]);

    await clock.advance(HOUR);
    const after = open(store, clock);
    await after.notifier.notify(resolved("fan")).accepted;
    await clock.advance(7 * HOUR);
    await after.notifier.flush();
    expect(after.told()).toEqual(["While it was quiet: 2 fired, 1 recovered, 1 still open"]);
    await after.notifier.close();
  });

  it("it is still known since when, and how often", async () => {
    const clock = createVirtualClock({ startAt: EVENING });
    const { store, kept } = lasting(clock);
    const before = open(kept, clock);
    await before.notifier.notify(firing("gw-7")).accepted;
    await clock.advance(HOUR);
    await before.notifier.notify(firing("gw-7")).accepted;
    await before.notifier.close();
    const after = open(store, clock);
    await clock.advance(8 * HOUR);
    await after.notifier.flush();
    expect(after.channel.sent[0]?.request.notifications[0].message).toContain("since 5 Jan, 23:00");
    await after.notifier.close();
  });

  it("that came after their end, what waited is told at once, and only once", async () => {
    const clock = createVirtualClock({ startAt: EVENING });
    const { store, kept } = lasting(clock);
    const before = open(kept, clock);
    await before.notifier.notify(firing("gw-7")).accepted;
    await before.notifier.close();
    await clock.advance(20 * HOUR);
    const after = open(kept, clock);
    await clock.advance(1_000);
    await after.notifier.flush();
    expect(after.told()).toEqual(["While it was quiet: 1 fired, 0 recovered, 1 still open"]);
    await after.notifier.close();
    const again = open(store, clock);
    await clock.advance(1_000);
    expect(again.told()).toEqual([]);
    await again.notifier.close();
  });

  it("what a transaction of somebody else's has kept waits as well", async () => {
    const clock = createVirtualClock({ startAt: EVENING });
    const { store } = lasting(clock);
    const { notifier, told } = open(store, clock);
    const prepared = notifier.prepare(firing("gw-7"));
    expect(prepared.records).toMatchObject([{ lane: "quiet:ops", notBefore: MORNING }]);
    await store.outbox.append(prepared.records);
    expect(await prepared.admit().settled).toMatchObject({ status: "deferred" });
    await clock.advance(9 * HOUR);
    await notifier.flush();
    expect(told()).toHaveLength(1);
    await notifier.close();
  });
});

it("whatever comes whenever: nothing is lost, nothing critical waits, and each ends with one fate", {
  timeout: 60_000,
}, async () => {
  const happening = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    phase: fc.constantFrom("firing" as const, "resolved" as const, undefined),
    severity: fc.constantFrom(...SEVERITIES),
    waitMs: fc.integer({ min: 0, max: 3 * HOUR }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
      const clock = createVirtualClock({ startAt: EVENING });
      const store = createMemoryStore({ clock });
      const { notifier } = open(store, clock);
      for (const { waitMs, ...input } of happenings) {
        await clock.advance(waitMs);
        const receipt = notifier.notify({ title: "x", ...input });
        await clock.settle();
        const { status } = (await store.history.find(receipt.id)) ?? {};
        if (input.severity === "critical" && input.phase !== "resolved") expect(status).not.toBe("waiting");
      }
      await clock.advance(24 * HOUR);
      const { items } = await store.history.query({ limit: 500 });
      expect(items.length).toBeGreaterThanOrEqual(happenings.length);
      for (const { status, deliveries } of items) {
        expect(["delivered", "folded", "dropped"]).toContain(status);
        expect(deliveries.every(({ settledAt }) => settledAt !== null)).toBe(true);
      }
      await notifier.close();
    }),
    { numRuns: 60 },
  );
});
