/** Destinations, routes and times that change together while a notifier runs: what is decided from then on, and what becomes of what waits. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createFakeChannel, type FakeChannel, type FakeChannelOptions } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import type { Notifier } from "./api.ts";
import type { NotifierOptions } from "./options.ts";

/** A Monday, 23:00. */
const NIGHT = Date.UTC(2026, 0, 5, 23);
const HOUR = 3_600_000;
const ALL = Number.POSITIVE_INFINITY;

const notifiers: Notifier[] = [];

afterEach(async () => {
  for (const notifier of notifiers.splice(0)) await notifier.close({ timeoutMs: 0 });
});

function begin(options: NotifierOptions = {}) {
  const clock = createVirtualClock({ startAt: NIGHT });
  const fake = (label: string, about: Partial<FakeChannelOptions> = {}) =>
    createFakeChannel({ clock, label, ...about });
  const general = fake("general");
  const events: DeliveryEvent[] = [];
  const log: string[] = [];
  const write = (line: string): void => void log.push(line);
  const notifier = createNotifier({
    ...{ env: {}, clock, webhookUrl: general, validateOnStart: false, timeZone: "UTC", batching: false },
    logger: { debug: write, info: write, warn: write, error: write },
    onEvent: (event) => events.push(event),
    rateLimit: { limit: ALL },
    ...options,
  });
  notifiers.push(notifier);
  return { clock, fake, general, events, log, notifier };
}

const titles = ({ sent }: FakeChannel) => sent.map(({ request }) => request.notifications[0].title);
const CHANGES = { added: [], changed: [], removed: [] };
const SUMMARY = "While it was quiet: 1 fired, 0 recovered, 1 still open";

describe("other routes", () => {
  it("decide about whatever comes from then on, with the other time zone and maintenance", async () => {
    const { notifier, fake, clock } = begin();
    const ops = fake("ops");
    const outcome = await notifier.reconfigure({
      timeZone: "Asia/Tokyo",
      destinations: { ops },
      routes: [{ name: "mornings", to: "ops", activeTimes: "08:00-09:00" }],
      maintenance: [{ name: "roof", from: NIGHT + HOUR, until: NIGHT + 2 * HOUR }],
    });
    expect(outcome).toEqual({ ok: true, destinations: { ...CHANGES, added: ["ops"] }, notes: [] });
    // 23:00 in UTC is 8:00 in Tokyo.
    expect(notifier.explain({ title: "x" })).toMatchObject({ to: ["ops"], because: "routes" });
    expect(notifier.maintenance()).toMatchObject([{ name: "roof", isActive: false }]);
    await clock.advance(HOUR);
    expect(notifier.explain({ title: "x" })).toMatchObject({ because: "maintenance" });
  });

  it("that are left out are none", async () => {
    const { notifier, fake } = begin();
    await notifier.reconfigure({ destinations: { ops: fake("ops") }, routes: [{ to: "ops" }] });
    expect(await notifier.reconfigure({})).toMatchObject({ destinations: { removed: ["ops"] } });
    expect(notifier.explain({ title: "x" })).toMatchObject({ to: ["default"], because: "default" });
  });

  it("with a mistake in them change nothing, and every mistake is said without a secret", async () => {
    const { notifier, fake } = begin();
    await notifier.reconfigure({ destinations: { ops: fake("ops") }, routes: [{ name: "all", to: "ops" }] });
    const token = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
    const url = `https://evil.example/api/webhooks/1403872946109284352/${token}`;
    const wrong = await notifier.reconfigure({ destinations: { bad: url }, routes: [{ name: "r", to: "opps" }] });
    expect(wrong).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(/^The destination for bad /),
        expect.stringMatching(/^The route r leads to "opps", which is no destination/),
      ],
    });
    expect(JSON.stringify(wrong)).not.toContain(token);
    expect(await notifier.reconfigure({ routes: [{ to: "ops", matchers: "severity>=loud" }] })).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^routes\[0\]\.matchers: /)],
    });
    expect(notifier.explain({ title: "x" })).toMatchObject({ to: ["ops"], because: "routes" });
    expect(notifier.problems).toEqual([]);
  });

  it("are changed in spite of a mistake of the environment, which was there before", async () => {
    const { notifier, fake } = begin({ env: { DISCORD_WEBHOOK_ERRORS: "nonsense" } });
    expect(notifier.problems).toHaveLength(1);
    expect(await notifier.reconfigure({ destinations: { ops: fake("ops") } })).toMatchObject({ ok: true });
    expect(notifier.problems).toHaveLength(1);
  });

  it("fold under other alerts from then on, and what was folded is told at the end of its source all the same", async () => {
    const { notifier, general, clock } = begin();
    const fire = (key: string, type: string) => notifier.send({ key, type, phase: "firing", title: key });
    await notifier.reconfigure({ inhibit: [{ source: "type=gateway", target: "type=device" }] });
    await fire("gw", "gateway");
    expect(await fire("fan", "device")).toMatchObject({ status: "skipped", reason: "inhibited" });
    await notifier.reconfigure({});
    await fire("pump", "device");
    await notifier.send({ key: "gw", type: "gateway", phase: "resolved", title: "gw up" });
    await clock.settle();
    expect(titles(general).toSorted()).toEqual(["fan", "gw", "gw up", "pump"]);
  });
});

describe("a destination of the configuration", () => {
  it("that stays goes on as if nothing had happened", async () => {
    const { notifier, fake, events, clock } = begin();
    const ops = fake("ops", { latencyMs: 100 });
    await notifier.reconfigure({ destinations: { ops } });
    const results = [1, 2].map((n) => notifier.send({ title: `${n}`, destination: "ops" }));
    await clock.advance(50);
    const before = events.length;
    expect(await notifier.reconfigure({ destinations: { ops }, routes: [{ to: "ops" }] })).toMatchObject({
      destinations: CHANGES,
    });
    expect(events.slice(before)).toEqual([]);
    await clock.advance(150);
    expect(await Promise.all(results)).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
    expect([titles(ops), ops.closed]).toEqual([["1", "2"], false]);
  });

  it("that leads elsewhere has what waits go there, after the request that is under way", async () => {
    const { notifier, fake, clock } = begin();
    const [old, other] = [fake("old", { latencyMs: 100 }), fake("new")];
    await notifier.reconfigure({ destinations: { ops: old } });
    for (const title of ["1", "2", "3"]) notifier.notify({ title, destination: "ops" });
    await clock.advance(50);
    expect(await notifier.reconfigure({ destinations: { ops: other } })).toMatchObject({
      destinations: { ...CHANGES, changed: ["ops"] },
    });
    expect(old.closed).toBe(false);
    await clock.advance(50);
    await clock.settle();
    expect([titles(old), titles(other), old.closed]).toEqual([["1"], ["2", "3"], true]);
  });

  it("with another token of the same webhook leads elsewhere", async () => {
    const { notifier } = begin();
    const url = (token: string) => `https://discord.com/api/webhooks/1403872946109284352/${token.repeat(34)}`;
    await notifier.reconfigure({ destinations: { ops: url("ab") } });
    expect(await notifier.reconfigure({ destinations: { ops: url("ab") } })).toMatchObject({ destinations: CHANGES });
    expect(await notifier.reconfigure({ destinations: { ops: url("cd") } })).toMatchObject({
      destinations: { ...CHANGES, changed: ["ops"] },
    });
  });

  it.each([
    ["under another name hands what waits to that", { toName: "crew" }, "crew"],
    ["hands what waits to its fallback", { fallback: "duty" }, "duty"],
    ["hands what waits to where all goes", {}, "general"],
  ])("that is gone, %s", async (_how, { toName, fallback }: { toName?: string; fallback?: string }, heir) => {
    const { notifier, fake, general, clock } = begin();
    const [ops, duty] = [fake("ops"), fake("duty")];
    const routes = [{ to: "ops", matchers: "type=never", ...(fallback !== undefined && { fallback }) }];
    await notifier.reconfigure({ destinations: { ops, duty }, routes });
    await notifier.pause({ destination: "ops" });
    for (const title of ["1", "2"]) notifier.notify({ title, destination: "ops" });
    await clock.settle();
    await notifier.reconfigure({ destinations: { duty, ...(toName !== undefined && { [toName]: ops }) } });
    await clock.settle();
    const heirs = { crew: ops, duty, general };
    expect(Object.entries(heirs).map(([name, channel]) => [name, titles(channel)])).toEqual(
      Object.keys(heirs).map((name) => [name, name === heir ? ["1", "2"] : []]),
    );
    expect(ops.closed).toBe(toName === undefined);
  });

  it("that is gone and leaves nobody ends what waits as a dead letter", async () => {
    const clock = createVirtualClock({ startAt: NIGHT });
    const store = createMemoryStore({ clock });
    const { notifier, fake } = begin({ clock, store, webhookUrl: "" });
    await notifier.reconfigure({ destinations: { ops: fake("ops") } });
    await notifier.pause({ destination: "ops" });
    notifier.notify({ title: "1", destination: "ops" });
    await clock.settle();
    await notifier.reconfigure({});
    await clock.settle();
    expect((await store.deadLetters.list({})).items).toMatchObject([{ result: { reason: "destination-removed" } }]);
  });

  it("may not take the name of one that was set meanwhile, which keeps a fallback", async () => {
    const { notifier, fake, general, clock } = begin();
    await notifier.reconfigure({ destinations: { ops: fake("ops") } });
    await notifier.setDestination("team", fake("team"), { fallback: "ops" });
    expect(await notifier.reconfigure({ destinations: { team: fake("other") } })).toEqual({
      ok: false,
      problems: [expect.stringMatching(/^The destination team has the name of one that was set/)],
    });
    await notifier.reconfigure({});
    notifier.notify({ title: "1", destination: "team" });
    await notifier.pause({ destination: "team" });
    await clock.settle();
    expect(notifier.status().destinations.map(({ destination }) => destination)).toEqual(["default", "team"]);
    await notifier.removeDestination("team");
    await clock.settle();
    expect(titles(general)).toEqual(["1"]);
  });
});

describe("what waits for the end of a route's quiet hours", () => {
  it.each([
    ["end earlier", [{ to: "ops", quietHours: "22:00-02:00" }], 3],
    ["end later", [{ to: "ops", quietHours: "22:00-09:00" }], 10],
    ["are lifted", [{ to: "ops" }], 0],
    ["are those of another zone", [{ to: "ops", quietHours: "22:00-07:00 Europe/Berlin" }], 7],
    ["are no longer asked, as its route is gone", [], 8],
  ])("waits for the new ones when they %s", async (_how, routes, hours) => {
    const { notifier, fake, clock } = begin();
    const ops = fake("ops");
    await notifier.reconfigure({ destinations: { ops }, routes: [{ to: "ops", quietHours: "22:00-07:00" }] });
    expect(await notifier.send({ title: "x", key: "k", phase: "firing" })).toMatchObject({ status: "deferred" });
    await notifier.reconfigure({ destinations: { ops }, routes });
    await clock.advance(Math.max(0, hours * HOUR - 1));
    expect(titles(ops)).toEqual(hours === 0 ? [SUMMARY] : []);
    await clock.advance(1);
    expect(titles(ops)).toEqual([SUMMARY]);
  });

  it("waits at another one where its own is gone", async () => {
    const { notifier, fake, general, clock } = begin();
    await notifier.reconfigure({
      destinations: { ops: fake("ops") },
      routes: [{ to: "ops", quietHours: "22:00-07:00" }],
    });
    await notifier.send({ title: "x", key: "k", phase: "firing" });
    await notifier.reconfigure({});
    await clock.advance(8 * HOUR);
    expect(titles(general)).toEqual([SUMMARY]);
  });
});

it("however often it changes: everything is told once", async () => {
  const names = ["a", "b", "c"] as const;
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("send" as const), to: fc.constantFrom(...names) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("change" as const),
        to: fc.dictionary(fc.constantFrom(...names), fc.nat({ max: 3 })),
        quiet: fc.boolean(),
      }),
    },
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 250 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { notifier, fake, general, clock } = begin({ overflow: "reject", queueSize: 1_000 });
      const channels = [0, 1, 2, 3].map((n) => fake(`channel ${n}`, { latencyMs: 100 }));
      const all = new Set([general, ...channels]);
      // What was closed is not used again.
      const open = (n: number): FakeChannel => {
        if (channels[n]!.closed) channels[n] = fake(`channel ${n}`, { latencyMs: 100 });
        all.add(channels[n]!);
        return channels[n]!;
      };
      const sent: Promise<unknown>[] = [];
      for (const one of steps) {
        if (one.do === "send") sent.push(notifier.send({ title: `n${sent.length}n`, destination: one.to }));
        else if (one.do === "wait") await clock.advance(one.ms);
        else {
          const destinations = Object.fromEntries(Object.entries(one.to).map(([name, n]) => [name, open(n)]));
          const routes = one.quiet ? [{ to: "default", quietHours: "22:00-07:00" }] : [];
          expect(await notifier.reconfigure({ destinations, routes })).toMatchObject({ ok: true });
        }
      }
      await clock.advance(9 * HOUR);
      await Promise.all(sent);
      const texts = [...all].flatMap(({ sent: requests }) =>
        requests.flatMap(({ request }) => request.notifications.flatMap(({ title, message }) => [title, message])),
      );
      const told = texts.flatMap((text) => text?.match(/n\d+n/g) ?? []);
      expect(notifier.getQueueSize()).toBe(0);
      expect(told.toSorted()).toEqual(sent.map((_one, index) => `n${index}n`).toSorted());
      await notifier.close();
    }),
    { numRuns: 100 },
  );
});
