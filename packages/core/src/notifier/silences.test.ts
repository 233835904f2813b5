/** Silences at the notifier: what they keep back, what they never keep back, and what is left of them after a restart. */
import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { quietNotifier } from "./notifier.fixture.ts";

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const FIRING = { title: "Down", key: "gw-7", phase: "firing", labels: { device: "gw-7" } } as const;
const RESOLVED = { ...FIRING, title: "Up", phase: "resolved" } as const;

function setUp() {
  const clock = createVirtualClock({ startAt: START });
  const store = createMemoryStore({ clock });
  const channel = createFakeChannel({ clock });
  return { ...quietNotifier({ clock, store, webhookUrl: channel }), store, clock, channel };
}

describe("a silence", () => {
  it("keeps back what matches until its time is up, and says so in result, history and explanation", async () => {
    const { notifier, store, clock } = setUp();
    const silence = await notifier.silence({ matchers: "device=gw-7", untilAt: START + HOUR, by: "Ann" });
    expect(await notifier.send({ ...FIRING, phase: undefined })).toMatchObject({
      status: "skipped",
      reason: "silenced",
    });
    expect(await notifier.send({ title: "Other" })).toMatchObject({ success: true });
    const withheld = { by: "silence", id: silence.id, until: START + HOUR, who: "Ann", comment: null };
    expect(notifier.explain(FIRING)).toMatchObject({ to: [], because: "silenced", withheld });
    const { items } = await store.history.query({ statuses: ["skipped"] });
    expect(items).toMatchObject([{ skipped: "silenced", notification: { title: "Down", routing: { withheld } } }]);

    expect(notifier.explain(FIRING, { at: START + HOUR })).toMatchObject({ because: "default", withheld: null });
    await clock.advance(HOUR);
    expect(notifier.silences()).toEqual([]);
    expect(await notifier.send(FIRING)).toMatchObject({ success: true });
  });

  it("never keeps back the end of what was told before", async () => {
    const { notifier, channel } = setUp();
    await notifier.send(FIRING);
    await notifier.silence({ matchers: "device=gw-7", untilAt: START + HOUR });
    expect(await notifier.send(FIRING)).toMatchObject({ reason: "silenced" });
    expect(await notifier.send(RESOLVED)).toMatchObject({ success: true });
    expect(channel.sent.map(({ request }) => request.notifications[0]?.title)).toEqual(["Down", "Up"]);
  });

  it("leaves out the end of what it kept back, with the reason", async () => {
    const { notifier } = setUp();
    await notifier.silence({ matchers: "device=gw-7", untilAt: START + HOUR });
    await notifier.send(FIRING);
    expect(await notifier.send(RESOLVED)).toMatchObject({ status: "dropped", reason: "nothing-to-resolve" });
  });

  it("ends when somebody ends it", async () => {
    const { notifier } = setUp();
    const { id } = await notifier.silence({ matchers: "device=gw-7", untilAt: START + HOUR });
    expect(notifier.silences()).toMatchObject([{ id }]);
    expect(await notifier.unsilence(id)).toBe(true);
    expect(await notifier.unsilence(id)).toBe(false);
    expect(await notifier.send(FIRING)).toMatchObject({ success: true });
  });

  it("keeps back what is prepared for a transaction as well", async () => {
    const { notifier } = setUp();
    await notifier.silence({ matchers: "device=gw-7", untilAt: START + HOUR });
    const prepared = notifier.prepare(FIRING);
    expect(prepared.records).toEqual([]);
    expect(await prepared.admit().settled).toMatchObject({ reason: "silenced" });
  });

  it("rejects, and throws nothing, when it cannot be made", async () => {
    const { notifier } = setUp();
    await expect(notifier.silence({ matchers: "", untilAt: 0 })).rejects.toThrow(/CONFIG_SILENCE/);
  });
});

it("holds after a restart, for the rest of its time", async () => {
  const clock = createVirtualClock({ startAt: START });
  const first = openSqliteStore({ database: ":memory:", clock });
  const about = { env: {}, clock, validateOnStart: false, webhookUrl: createFakeChannel({ clock }) };
  const before = createNotifier({ ...about, store: { ...first, close: () => Promise.resolve() } });
  const { id } = await before.silence({ matchers: "device=gw-7", untilAt: START + HOUR });
  const over = await before.silence({ matchers: "device=gw-8", untilAt: START + 1 });
  await before.close();

  await clock.advance(1_000);
  const after = createNotifier({ ...about, store: first });
  expect(after.silences()).toMatchObject([{ id, matchers: "device=gw-7" }]);
  expect(after.explain(FIRING)).toMatchObject({ because: "silenced" });
  expect(after.silences()).not.toContainEqual(over);
  await after.unsilence(id);
  expect([...first.memory.recall().keys()].filter((key) => key.startsWith("silence:"))).toEqual([]);
  await after.close();
});
