/** Ends that come in quiet hours, of what was told before them: what is changed at once, and what waits until it may be heard. */
import { describe, expect, it } from "vitest";
import { createFakeChannel, type FakeChannel } from "../../testing/fake-channel.ts";
import { rejected } from "../../testing/outcomes.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import type { Recovery } from "../notification/recovery.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";

/** A Monday, an hour before the quiet hours. */
const EVENING = Date.UTC(2026, 0, 5, 21);
const HOUR = 3_600_000;
const MORNING = EVENING + 10 * HOUR;

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const firing = (key: string) => ({ key, phase: "firing", title: `${key} down`, severity: "error" }) as const;
const resolved = (key: string) => ({ key, phase: "resolved", title: `${key} up`, severity: "error" }) as const;

interface Stage {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly channel: FakeChannel;
}

function stageOf(store?: (clock: VirtualClock) => Store): Stage {
  const clock = createVirtualClock({ startAt: EVENING });
  const channel = createFakeChannel({ clock, inPlace: ["edit", "answer"] });
  return { clock, channel, store: store?.(clock) ?? createMemoryStore({ clock }) };
}

function open(recovery: Recovery, stage = stageOf()) {
  const { clock, store, channel } = stage;
  const routes = [{ name: "all", to: "ops", quietHours: "22:00-07:00", recovery }];
  const about = { env: {}, clock, logger, validateOnStart: false, timeZone: "UTC", store, routes };
  const notifier = createNotifier({ ...about, destinations: { ops: channel } });
  return { ...stage, notifier, told: () => toldBy(channel) };
}

/** Each request as what it does to what. */
function toldBy({ sent }: FakeChannel): readonly string[] {
  return sent.map(({ request: { edit, answers, notifications } }) => {
    const names = notifications.map(({ title }) => title).join(" + ");
    if (edit !== undefined) return `edit ${edit.id}: ${names}`;
    return answers === undefined ? names : `${names} -> ${answers.map((address) => address?.id).join()}`;
  });
}

const ONE_RECOVERED = "While it was quiet: 0 fired, 1 recovered, 0 still open";

describe("an end in quiet hours, of what was told before them", () => {
  it.each([
    { recovery: "new", atOnce: [], inTheMorning: [ONE_RECOVERED] },
    { recovery: "edit", atOnce: ["edit message-1: Resolved: db down"], inTheMorning: [] },
    { recovery: "answer", atOnce: [], inTheMorning: ["db up -> message-1"] },
    { recovery: "both", atOnce: ["edit message-1: Resolved: db down"], inTheMorning: ["db up -> message-1"] },
  ] as const)(
    "is told as its route wants it ($recovery): at once where nobody hears it, the rest when they end",
    async ({ recovery, atOnce, inTheMorning }) => {
      const { notifier, clock, told, store } = open(recovery);
      await notifier.send(firing("db"));
      await clock.advance(2 * HOUR);
      const end = await notifier.send(resolved("db"));
      expect(told()).toEqual(["db down", ...atOnce]);
      await clock.advance(MORNING - clock.now() - 1);
      expect(told()).toHaveLength(1 + atOnce.length);
      await clock.advance(1);
      expect(told()).toEqual(["db down", ...atOnce, ...inTheMorning]);
      expect(await notifier.send(resolved("db"))).toMatchObject({ reason: "nothing-to-resolve" });
      const { status, deliveries = [] } = (await store.history.find(end.id)) ?? {};
      expect(["delivered", "folded"]).toContain(status);
      expect(deliveries.every(({ settledAt }) => settledAt !== null)).toBe(true);
      await notifier.close();
    },
  );

  it("that cannot be told in place any more waits for the summary, and is not heard before", async () => {
    const { notifier, clock, told, channel, store } = open("edit");
    await notifier.send(firing("db"));
    await clock.advance(2 * HOUR);
    channel.answer(rejected("anew"));
    const end = await notifier.send(resolved("db"));
    expect(end).toMatchObject({ success: true, status: "folded" });
    expect(told()).toEqual(["db down", "edit message-1: Resolved: db down"]);
    expect(await store.history.find(end.id)).toMatchObject({
      status: "waiting",
      deliveries: [
        { destination: "ops", result: { status: "folded", into: end.id } },
        { destination: "quiet:ops", notBefore: MORNING },
      ],
    });
    await clock.advance(MORNING - clock.now());
    expect(told().slice(2)).toEqual([ONE_RECOVERED]);
    await notifier.close();
  });

  it("says in explain() and history that it is changed at once, and until when nothing is heard", async () => {
    const { notifier, clock, store } = open("both");
    await notifier.send(firing("db"));
    await clock.advance(2 * HOUR);
    const quietly = [{ destination: "ops", until: MORNING, by: "route" }];
    expect(notifier.explain(resolved("db"))).toMatchObject({
      to: ["ops"],
      deferred: [],
      because: "beginning",
      quietly,
    });
    const { id } = await notifier.send(resolved("db"));
    expect(await store.history.find(id)).toMatchObject({ notification: { routing: { quietly } } });
    await notifier.close();
  });

  it("is counted in a summary that there is anyway", async () => {
    const { notifier, clock, told } = open("answer");
    await notifier.send(firing("db"));
    await clock.advance(2 * HOUR);
    await notifier.send(firing("fan"));
    await notifier.send(resolved("db"));
    await clock.advance(MORNING - clock.now());
    expect(told().slice(1)).toEqual(["While it was quiet: 1 fired, 1 recovered, 1 still open", "db up -> message-1"]);
    await notifier.close();
  });

  it("whose reminder waits as well is told with it: the first message is changed then", async () => {
    const { notifier, clock, told } = open("edit");
    await notifier.send(firing("db"));
    await clock.advance(2 * HOUR);
    await notifier.send(firing("db"));
    await notifier.send(resolved("db"));
    expect(told()).toEqual(["db down"]);
    await clock.advance(MORNING - clock.now());
    expect(told().slice(1)).toEqual([
      "While it was quiet: 1 fired, 1 recovered, 0 still open",
      "edit message-1: Resolved: db down",
    ]);
    await notifier.close();
  });

  it("a full lane takes no more changes: they wait for the summary, and nothing louder than they gives way", async () => {
    const stage = stageOf();
    const { clock, channel, store } = stage;
    const about = { env: {}, clock, logger, validateOnStart: false, timeZone: "UTC", store, queueSize: 2 };
    const routes = [{ name: "all", to: "ops", quietHours: "22:00-07:00", recovery: "edit" as const }];
    const notifier = createNotifier({ ...about, routes, destinations: { ops: channel } });
    for (const key of ["a", "b", "c"]) await notifier.send(firing(key));
    await clock.advance(2 * HOUR);
    await notifier.pause({ destination: "ops" });
    for (const key of ["a", "b", "c"]) notifier.notify(resolved(key));
    await clock.settle();
    await notifier.resume({ destination: "ops" });
    await clock.settle();
    expect(toldBy(channel).slice(3)).toEqual(["edit message-1: Resolved: a down", "edit message-2: Resolved: b down"]);
    await clock.advance(MORNING - clock.now());
    expect(toldBy(channel).slice(5)).toEqual(["edit message-3: Resolved: c down"]);
    await notifier.close();
  });
});

it("a restart between the change and the answer loses neither, and tells neither twice", async () => {
  const stage = stageOf((clock) => openSqliteStore({ database: ":memory:", clock }));
  const kept = { ...stage, store: { ...stage.store, close: () => Promise.resolve() } };
  const first = open("both", kept);
  await first.notifier.send(firing("db"));
  await first.clock.advance(2 * HOUR);
  await first.notifier.notify(resolved("db")).accepted;
  await first.notifier.flush();
  await first.notifier.close();
  await stage.clock.advance(HOUR);
  const channel = createFakeChannel({ clock: stage.clock, inPlace: ["edit", "answer"] });
  const second = open("both", { ...stage, channel });
  await stage.clock.advance(MORNING - stage.clock.now() + 1_000);
  await second.notifier.flush();
  expect(first.told()).toEqual(["db down", "edit message-1: Resolved: db down"]);
  expect(second.told()).toEqual(["db up -> message-1"]);
  await second.notifier.close();
});
