/** Quiet hours that change while something waits for their end, and destinations that come and go meanwhile. */
import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";
import { openSqliteStore } from "../sqlite.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { temporaryFile } from "../store/sqlite/temp-folder.fixture.ts";
import type { Store } from "../store/store.ts";
import type { Notifier } from "./api.ts";
import type { RouteOptions } from "./route-options.ts";

/** A Monday, 23:00. */
const NIGHT = Date.UTC(2026, 0, 5, 23);
const HOUR = 3_600_000;
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Options {
  readonly store?: Store;
  readonly routes?: readonly RouteOptions[];
  readonly clock?: ReturnType<typeof createVirtualClock>;
}

function open({ clock = createVirtualClock({ startAt: NIGHT }), routes = [], store }: Options = {}) {
  const general = createFakeChannel({ clock });
  const team = createFakeChannel({ clock });
  const notifier = createNotifier({
    ...{ env: {}, clock, logger, validateOnStart: false, timeZone: "UTC", webhookUrl: general, routes },
    ...(store !== undefined && { store }),
  });
  const told = (channel = general) =>
    channel.sent.map(({ request }) => request.notifications.map(({ title }) => title).join(" + "));
  return { clock, general, team, notifier, told };
}

/** Waits until seven. */
function down(notifier: Notifier, key: string, more: object = {}) {
  const labels = { device: key };
  const about = { key, phase: "firing", title: `${key} down`, severity: "error", labels } as const;
  return notifier.send({ ...about, quietHours: "22:00-07:00", destination: "team", ...more });
}

const change = (notifier: Notifier, quietHours: string | null, matchers = "device=fan") =>
  notifier.changeQuietHours({ matchers, quietHours });

const ONE = "While it was quiet: 1 fired, 0 recovered, 1 still open";

describe("what waits under quiet hours of its own that change", () => {
  it.each([
    ["end earlier", "22:00-02:00", 3],
    ["end later", "22:00-09:00", 10],
    ["are lifted", null, 0],
    ["do not cover the present", "00:00-07:00", 0],
  ] as const)("waits for the new ones when they %s", async (_how, hours, passed) => {
    const { notifier, clock, told } = open();
    await down(notifier, "fan");
    expect(await change(notifier, hours)).toBe(1);
    await clock.advance(Math.max(0, passed * HOUR - 1));
    expect(told()).toEqual(passed === 0 ? [ONE] : []);
    await clock.advance(1);
    expect(told()).toEqual([ONE]);
    await clock.advance(24 * HOUR);
    expect(told()).toEqual([ONE]);
  });

  it("leaves alone what it does not match, and what has no hours of its own", async () => {
    const routes = [{ name: "all", matchers: "severity>=info", to: "default", quietHours: "22:00-07:00" }];
    const { notifier, clock, told } = open({ routes });
    await down(notifier, "door");
    await down(notifier, "fan", { quietHours: undefined });
    expect(await change(notifier, null)).toBe(0);
    await clock.advance(8 * HOUR);
    expect(told()).toEqual(["While it was quiet: 2 fired, 0 recovered, 2 still open"]);
  });

  it("still waits for its route's hours", async () => {
    const routes = [{ name: "all", matchers: "severity>=info", to: "default", quietHours: "21:00-05:00" }];
    const { notifier, clock, told } = open({ routes });
    await down(notifier, "fan");
    await change(notifier, null);
    await clock.advance(6 * HOUR - 1);
    expect(told()).toEqual([]);
    await clock.advance(1);
    expect(told()).toEqual([ONE]);
  });

  it("keeps beginning and end together, in their order, repeats counted", async () => {
    const { notifier, clock, told, general } = open();
    await down(notifier, "fan");
    await down(notifier, "fan");
    await down(notifier, "gw");
    await down(notifier, "fan", { phase: "resolved", title: "fan up" });
    await change(notifier, null);
    await clock.advance(1);
    expect(told()).toEqual(["While it was quiet: 1 fired, 1 recovered, 0 still open"]);
    const list = Buffer.from(general.sent[0]!.request.notifications[0].files[0]!.data).toString();
    expect(list).toMatch(/fan down {2}×2 .*firing\n.*fan up .*resolved\n$/);
    await clock.advance(8 * HOUR);
    expect(told()).toHaveLength(2);
  });

  it("is known as such after a restart, and history tells until when", async () => {
    const file = temporaryFile();
    const first = open({ store: openSqliteStore({ database: file }) });
    const { id } = await down(first.notifier, "fan");
    await change(first.notifier, "22:00-01:00");
    await first.notifier.close();
    const store = openSqliteStore({ database: file });
    const second = open({ store, clock: first.clock });
    await second.clock.settle();
    expect(await store.history.find(id)).toMatchObject({ status: "waiting" });
    await second.clock.advance(2 * HOUR);
    // A disk takes its own time.
    await expect.poll(() => second.told()).toEqual([ONE]);
    await second.notifier.close();
  });

  it.each([
    [{ matchers: "=", quietHours: null }, /matchers: /],
    [{ matchers: "a=b", quietHours: "25:00-26:00" }, /quietHours: /],
    [{ matchers: "a=b", quietHours: "22:00-07:00 Mars/Olympus" }, /quietHours: .*Mars/],
  ])("is a mistake as %j", async (wrong, says) => {
    const { notifier } = open();
    await expect(notifier.changeQuietHours(wrong)).rejects.toThrow(says);
    await expect(notifier.changeQuietHours(wrong)).rejects.toMatchObject({ code: "CONFIG_QUIET_HOURS" });
  });
});

describe("what waits for the end of quiet hours", () => {
  it("for a destination that it names goes there when that comes", async () => {
    const { notifier, clock, told, team } = open();
    await down(notifier, "fan");
    await down(notifier, "gw", { destination: undefined });
    await notifier.setDestination("team", team);
    await clock.advance(8 * HOUR);
    expect([told(team), told()]).toEqual([[ONE], [ONE]]);
  });

  it("for a destination that goes and has no fallback ends as a dead letter", async () => {
    const clock = createVirtualClock({ startAt: NIGHT });
    const store = createMemoryStore({ clock });
    const { notifier, team, told } = open({ store, clock });
    await notifier.setDestination("team", team, { fallback: null });
    await down(notifier, "fan");
    await notifier.removeDestination("team");
    await clock.advance(1);
    expect([told(team), told()]).toEqual([[], []]);
    expect((await store.deadLetters.list({})).items).toMatchObject([{ result: { reason: "destination-removed" } }]);
  });

  it.each(["memory", "sqlite"])(
    "for a destination that goes waits for its fallback, also over a restart (%s)",
    async (kind) => {
      const file = temporaryFile();
      const clock = createVirtualClock({ startAt: NIGHT });
      const memory = createMemoryStore({ clock });
      const openStore = () => (kind === "sqlite" ? openSqliteStore({ database: file }) : memory);
      const first = open({ store: openStore(), clock });
      await first.notifier.setDestination("team", first.team);
      const { id } = await down(first.notifier, "fan");
      await first.notifier.removeDestination("team");
      await first.clock.settle();
      if (kind === "sqlite") await first.notifier.close();
      const store = kind === "sqlite" ? openStore() : memory;
      const { notifier, told } = kind === "sqlite" ? open({ store, clock }) : first;
      expect(await store.history.find(id)).toMatchObject({ status: "waiting" });
      await clock.advance(8 * HOUR);
      await expect.poll(() => [told(), told(first.team)]).toEqual([[ONE], []]);
      await expect.poll(() => store.history.find(id)).toMatchObject({ status: "folded" });
      expect(await down(notifier, "fan", { phase: "resolved", title: "fan up" })).toMatchObject({
        status: "delivered",
      });
      await notifier.close();
    },
  );
});
