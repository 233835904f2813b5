/** Destinations that come, change and go while a notifier runs: what they get, in which order, and what becomes of what waits. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createFakeChannel, type FakeChannel, type FakeChannelOptions } from "../../testing/fake-channel.ts";
import { ambiguous, banned, misconfigured, rateLimited, rejected, unavailable } from "../../testing/outcomes.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { temporaryFile } from "../store/sqlite/temp-folder.fixture.ts";
import type { Notifier } from "./api.ts";
import type { NotifierOptions } from "./options.ts";

const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
const DISCORD = `https://discord.com/api/webhooks/1403872946109284352/${TOKEN}`;
const HOUR = 3_600_000;

const notifiers: Notifier[] = [];

afterEach(async () => {
  for (const notifier of notifiers.splice(0)) await notifier.close({ timeoutMs: 0 });
});

function begin(options: NotifierOptions = {}) {
  const clock = (options.clock as VirtualClock | undefined) ?? createVirtualClock();
  const general = createFakeChannel({ clock, label: "general" });
  const events: DeliveryEvent[] = [];
  const log: string[] = [];
  const write = (line: string): void => void log.push(line);
  const notifier = createNotifier({
    ...{ env: {}, clock, webhookUrl: general, validateOnStart: false, onEvent: (event) => events.push(event) },
    logger: { debug: write, info: write, warn: write, error: write },
    rateLimit: { limit: Number.POSITIVE_INFINITY },
    batching: false,
    ...options,
  });
  notifiers.push(notifier);
  const fake = (label: string, about: Partial<FakeChannelOptions> = {}) =>
    createFakeChannel({ clock, label, ...about });
  const send = (title: string, more: object = {}) => notifier.send({ title, destination: "team", ...more });
  return { clock, general, events, log, notifier, fake, send };
}

const titles = ({ sent }: FakeChannel) => sent.map(({ request }) => request.notifications[0].title);

describe("a destination that is added", () => {
  it("gets what names it, and nothing else; its name is as good as any that was configured", async () => {
    const { notifier, general, fake, send, clock, events } = begin();
    const team = fake("team");
    expect(await notifier.setDestination("team", team)).toEqual({ ok: true, label: "team", notes: [] });
    await Promise.all([send("1"), notifier.send({ title: "2" }), send("3", { destination: "nobody" })]);
    await clock.settle();
    expect([titles(team), titles(general)]).toEqual([["1"], ["2", "3"]]);
    expect(notifier.status().destinations.map(({ destination }) => destination)).toEqual(["default", "team"]);
    expect(notifier.explain({ destination: "team" })).toMatchObject({ to: ["team"], because: "named" });
    expect(notifier.validateConfiguration().destinations[1]).toMatchObject({
      destination: "team",
      fallback: "default",
    });
    expect(await notifier.pause({ destination: "team" })).toBe("done");
    expect(events).toContainEqual(expect.objectContaining({ type: "lane-added", destination: "team", label: "team" }));
  });

  it("goes before every route, and yields to silences like any", async () => {
    const { notifier, general, fake, send } = begin({ routes: [{ name: "all", to: "default" }] });
    const team = fake("team");
    await notifier.setDestination("team", team);
    await notifier.silence({ matchers: "type=noise", untilAt: HOUR * 1e6 });
    expect(await send("1")).toMatchObject({ success: true });
    expect(await send("2", { type: "noise" })).toMatchObject({ status: "skipped", reason: "silenced" });
    expect([titles(team), titles(general)]).toEqual([["1"], []]);
  });

  it("is asked whether it is usable, and an answer that comes when it leads elsewhere counts for nothing", async () => {
    const { notifier, fake, clock } = begin({ validateOnStart: true });
    const error = { code: "discord-10015", message: "Gone.", status: 404 };
    const answer = Promise.withResolvers<{ ok: false; kind: "misconfigured"; error: typeof error }>();
    const old = { ...fake("old"), check: () => answer.promise };
    await notifier.setDestination("team", old);
    const next = fake("next");
    await notifier.setDestination("team", next);
    answer.resolve({ ok: false, kind: "misconfigured", error });
    await clock.settle();
    expect(next.checks).toBe(1);
    expect(notifier.status().destinations[1]).toMatchObject({ label: "next", mode: "idle" });
  });

  it.each([
    ["team:a", "console:", /no name for a destination/],
    [" team", "console:", /no name for a destination/],
    ["", "console:", /no name for a destination/],
    ["default", "console:", /one of the configuration/],
    ["team", "https://example.org/hook", /not Discord/],
    ["team", `${DISCORD}/more/words`, /goes on after the token/],
    [DISCORD, "console:", /no name for a destination/],
  ])("%s at %s is refused with what to do, and without a secret", async (name, destination, says) => {
    const { notifier, log } = begin();
    const outcome = await notifier.setDestination(name, destination);
    expect(outcome).toMatchObject({ ok: false, problems: [expect.stringMatching(says)] });
    expect(JSON.stringify([outcome, log])).not.toContain(TOKEN);
    expect(notifier.status().destinations).toHaveLength(1);
  });

  it("with a fallback that is none is refused; so is any in a notifier that has ended", async () => {
    const { notifier, fake } = begin();
    expect(await notifier.setDestination("team", fake("team"), { fallback: "nobody" })).toMatchObject({
      problems: [expect.stringMatching(/fallback "nobody".*known are default/)],
    });
    await notifier.close();
    expect(await notifier.setDestination("team", fake("team"))).toMatchObject({ ok: false });
  });

  it("tells of its URL in no log, status, event or history", async () => {
    const clock = createVirtualClock();
    const store = createMemoryStore({ clock });
    const { notifier, log, events, send } = begin({ clock, store });
    await notifier.setDestination("team", DISCORD.replace("discord.com", "discord.com:9"), { fallback: null });
    await notifier.setDestination("team", DISCORD, { fallback: null });
    void send("1");
    await clock.settle();
    await notifier.removeDestination("team");
    const { items } = await store.history.query({});
    expect(JSON.stringify([log, events, items, notifier.status(), notifier.problems])).not.toContain(TOKEN);
    expect(log).toContain("team was added: Discord webhook 1403872946109284352");
  });
});

describe("a destination that is replaced", () => {
  it("has what waits go to the new one, in its order", async () => {
    const { notifier, fake, send, clock } = begin();
    const [old, next] = [fake("old"), fake("next")];
    await notifier.setDestination("team", old);
    await notifier.pause({ destination: "team" });
    for (const title of ["1", "2", "3"]) void send(title);
    void send("0", { severity: "critical" });
    await notifier.setDestination("team", next);
    await clock.settle();
    expect(notifier.status().destinations[1]).toMatchObject({
      label: "next",
      waiting: 4,
      pause: { of: "destination" },
    });
    await notifier.resume({ destination: "team" });
    await clock.settle();
    expect([titles(old), titles(next)]).toEqual([[], ["0", "1", "2", "3"]]);
  });

  it.each([
    ["is deleted", misconfigured()],
    ["does not answer", unavailable()],
    ["is limited", rateLimited(HOUR)],
  ])(
    "waits for the request that is under way; when the old one $0, the message goes to the new one at once",
    async (_, outcome) => {
      const { notifier, fake, send, clock, events, general } = begin();
      const [old, next] = [fake("old", { latencyMs: 100 }), fake("next")];
      await notifier.setDestination("team", old);
      old.answer(outcome);
      const sent = [send("1"), send("2")];
      await clock.settle();
      const replaced = notifier.setDestination("team", next);
      await clock.settle();
      expect([titles(old), titles(next), old.closed]).toEqual([["1"], [], false]);
      await clock.advance(100);
      expect([titles(next), titles(general), old.closed, (await replaced).ok]).toEqual([["1", "2"], [], true, true]);
      expect(await Promise.all(sent)).toMatchObject([{ success: true, attempts: 2 }, { success: true }]);
      expect(events.filter(({ type }) => type === "lane-disabled" || type === "rate-limited")).toEqual([]);
      expect(notifier.status().destinations[1]).toMatchObject({ mode: "idle", breaker: "closed" });
    },
  );

  it("does not open the breaker of the new one", async () => {
    const { notifier, fake, send, clock } = begin({ breaker: { failureThreshold: 1 } });
    const [old, next] = [fake("old", { latencyMs: 100 }), fake("next", { latencyMs: 100 })];
    await notifier.setDestination("team", old);
    old.answer(unavailable());
    void send("1");
    await clock.settle();
    await notifier.setDestination("team", next);
    await clock.advance(100);
    expect([titles(next), notifier.status().destinations[1]?.breaker]).toEqual([["1"], "closed"]);
    await clock.advance(100);
  });

  it("is believed in what it says of the message, and of this address", async () => {
    const { notifier, fake, send, clock } = begin();
    const limits = { egress: { key: "out", spec: { limit: 50, intervalMs: 1_000 } }, pool: null, bucket: null };
    const old = fake("old", { latencyMs: 100, limits });
    await notifier.setDestination("team", old, { fallback: null });
    const next = fake("next", { limits });
    old.answer(rejected(), banned(HOUR));
    const refused = send("1");
    await clock.settle();
    await notifier.setDestination("team", old, { fallback: null });
    await clock.advance(100);
    expect(await refused).toMatchObject({ reason: "rejected" });
    void send("2");
    await clock.settle();
    await notifier.setDestination("team", next, { fallback: null });
    await clock.advance(HOUR);
    expect(titles(next)).toEqual([]);
    await clock.advance(100);
    expect(titles(next)).toEqual(["2"]);
  });

  it("is usable again when it was disabled, and its trouble can be told again", async () => {
    const { notifier, fake, send, clock, general, events } = begin();
    const old = fake("old", { respond: () => misconfigured() });
    await notifier.setDestination("team", old);
    await send("1");
    const next = fake("next", { respond: (_, n) => (n === 1 ? ambiguous() : misconfigured()) });
    await notifier.setDestination("team", next);
    expect(events.map(({ type }) => type)).toContain("lane-enabled");
    await clock.settle();
    const told = send("2");
    await clock.advance(60_000);
    await told;
    const reports = titles(general).filter((title) => title?.startsWith("Destination"));
    expect(reports).toEqual(Array(2).fill('Destination "team" is disabled'));
    expect(titles(general).filter((title) => title?.length === 1)).toEqual(["1", "2"]);
  });

  it("has the end of what the old one told told anew", async () => {
    const { notifier, fake, send, clock } = begin({ recovery: "edit" });
    const [old, next] = [fake("old", { inPlace: ["edit"], latencyMs: 10 }), fake("next", { inPlace: ["edit"] })];
    await notifier.setDestination("team", old);
    void send("down", { key: "db", phase: "firing" });
    await clock.settle();
    await notifier.setDestination("team", next);
    await clock.advance(10);
    await send("up", { key: "db", phase: "resolved" });
    expect(next.sent.map(({ request }) => [request.notifications[0].title, request.edit])).toEqual([["up", undefined]]);
  });
});

describe("a destination that is removed", () => {
  it("accepts nothing more; what waits goes to the fallback, in its order", async () => {
    const { notifier, fake, send, clock, general, log } = begin();
    const team = fake("team");
    await notifier.setDestination("team", team);
    await notifier.pause({ destination: "team" });
    const sent = ["1", "2"].map((title) => send(title));
    await clock.settle();
    expect(await notifier.removeDestination("team")).toBe(true);
    expect(await notifier.removeDestination("team")).toBe(false);
    expect(await Promise.all([...sent, send("3")])).toMatchObject(Array(3).fill({ success: true }));
    expect([titles(team), titles(general), team.closed]).toEqual([[], ["1", "2", "3"], true]);
    expect(notifier.status().destinations.map(({ destination }) => destination)).toEqual(["default"]);
    expect([await notifier.pause({ destination: "team" }), notifier.getQueueSize()]).toEqual([
      "unknown-destination",
      0,
    ]);
    expect(log).toContain("team was removed: team");
  });

  it("is told what waits for it first, when it is given the time; what comes meanwhile too", async () => {
    const { notifier, fake, send, clock, general } = begin();
    const team = fake("team", { latencyMs: 1_000 });
    await notifier.setDestination("team", team);
    const sent = [send("1"), send("2")];
    let isDone = false;
    const removed = notifier.removeDestination("team", { waitMs: 5_000 }).then(() => {
      isDone = true;
    });
    await clock.advance(1_999);
    expect([isDone, titles(team)]).toEqual([false, ["1", "2"]]);
    await clock.advance(1);
    await removed;
    expect([await Promise.all(sent), titles(general)]).toMatchObject([[{ success: true }, { success: true }], []]);
    expect(await send("3")).toMatchObject({ success: true });
    expect(titles(general)).toEqual(["3"]);
  });

  it.each([
    [
      "does not answer in time",
      5_000,
      (it: FakeChannel) => it.answer(rateLimited(4_000), unavailable(), unavailable()),
    ],
    ["is paused", 0, null],
  ] as const)("goes at the latest when that time is over; at once when it %s", async (_, afterMs, prepare) => {
    const { notifier, fake, send, clock, general } = begin();
    const team = fake("team");
    await notifier.setDestination("team", team);
    if (prepare === null) await notifier.pause({ destination: "team" });
    else prepare(team);
    const sent = send("1");
    await clock.settle();
    const removed = notifier.removeDestination("team", { waitMs: 5_000 });
    await clock.advance(afterMs);
    expect(await removed).toBe(true);
    expect(await sent).toMatchObject({ success: true });
    expect(titles(general)).toEqual(["1"]);
  });

  it("without a fallback ends what waits as a dead letter that says so", async () => {
    const clock = createVirtualClock();
    const store = createMemoryStore({ clock });
    const { notifier, fake, send, general } = begin({ clock, store });
    await notifier.setDestination("team", fake("team"), { fallback: null });
    await notifier.pause({ destination: "team" });
    const sent = send("1");
    await clock.settle();
    await notifier.removeDestination("team");
    const error = "The destination was removed before it could be sent.";
    expect(await sent).toMatchObject({ status: "failed", reason: "destination-removed", error });
    expect((await store.deadLetters.list({})).items).toMatchObject([
      { destination: "team", result: { reason: "destination-removed" } },
    ]);
    expect(titles(general)).toEqual([]);
  });

  it.each([
    ["has arrived", null, []],
    ["has failed", unavailable(), ["1"]],
    ["met a destination that is gone", misconfigured(), ["1"]],
  ])("finishes what is under way; when that $0 it is told once", async (_, outcome, elsewhere) => {
    const { notifier, fake, send, clock, general, events } = begin();
    const team = fake("team", { latencyMs: 100 });
    await notifier.setDestination("team", team);
    if (outcome !== null) team.answer(outcome);
    const sent = send("1");
    await clock.settle();
    let isDone = false;
    void notifier.removeDestination("team").then(() => {
      isDone = true;
    });
    await clock.advance(99);
    expect([isDone, team.closed]).toEqual([false, false]);
    await clock.advance(1);
    expect([isDone, team.closed, titles(general)]).toEqual([true, true, elsewhere]);
    expect(await sent).toMatchObject({ success: true });
    expect(events.filter(({ type }) => type === "lane-disabled")).toEqual([]);
  });

  it("takes what was prepared for it before to the fallback", async () => {
    const { notifier, fake, general, clock } = begin();
    await notifier.setDestination("team", fake("team"));
    const prepared = notifier.prepare({ title: "1", destination: "team" });
    await notifier.removeDestination("team");
    expect(await prepared.admit().settled).toMatchObject({ success: true });
    await clock.settle();
    expect(titles(general)).toEqual(["1"]);
  });

  it("sends what still comes for it on at once, also while its last request is under way", async () => {
    const { notifier, fake, send, general, clock } = begin();
    await notifier.setDestination("team", fake("team", { latencyMs: 100 }));
    void send("1");
    const prepared = notifier.prepare({ title: "2", destination: "team" });
    await clock.settle();
    void notifier.removeDestination("team");
    prepared.admit();
    await clock.settle();
    expect(titles(general)).toEqual(["2"]);
    await clock.advance(100);
  });

  it("leaves the ends of what it told to the fallback; that of one that was never told is still left out", async () => {
    const { notifier, fake, send, general } = begin();
    const team = fake("team");
    await notifier.setDestination("team", team);
    await send("down", { key: "db", phase: "firing" });
    await notifier.removeDestination("team");
    expect(await send("up", { key: "db", phase: "resolved" })).toMatchObject({ status: "delivered" });
    expect(await send("up", { key: "web", phase: "resolved" })).toMatchObject({ reason: "nothing-to-resolve" });
    expect([titles(team), titles(general)]).toEqual([["down"], ["up"]]);
  });

  it("may come back under its name, as a new one", async () => {
    const { notifier, fake, send, clock } = begin();
    const [old, next] = [fake("old"), fake("next")];
    await notifier.setDestination("team", old);
    await notifier.pause({ destination: "team" });
    await notifier.removeDestination("team");
    await notifier.setDestination("team", next);
    await send("1");
    await clock.settle();
    expect([titles(old), titles(next)]).toEqual([[], ["1"]]);
  });

  it("is none of those that were configured", async () => {
    const { notifier, send } = begin();
    expect(await notifier.removeDestination("default")).toBe(false);
    expect(await send("1")).toMatchObject({ success: true });
  });
});

// B8
it("a fallback tells the end of what was told where it takes over", async () => {
  const { notifier, fake, send, general, clock } = begin();
  const team = fake("team", {
    respond: (_, n) => (n === 1 ? { kind: "delivered", messageId: "1", status: 200, limits: null } : misconfigured()),
  });
  await notifier.setDestination("team", team);
  await send("down", { key: "db", phase: "firing" });
  await send("other");
  expect(await send("up", { key: "db", phase: "resolved" })).toMatchObject({ status: "delivered" });
  await clock.settle();
  expect(titles(general).filter((title) => !title?.startsWith("Destination"))).toEqual(["other", "up"]);
});

it("whatever comes, changes and goes: everything is told once, and in order where nothing failed", async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ do: "send" } as const) },
    fc.constant({ do: "set" } as const),
    fc.constant({ do: "remove" } as const),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 250 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { notifier, fake, send, clock, general } = begin({ overflow: "reject", queueSize: 1_000 });
      const channels: FakeChannel[] = [];
      const sent: ReturnType<typeof send>[] = [];
      for (const one of steps) {
        if (one.do === "send") sent.push(send(String(sent.length)));
        else if (one.do === "wait") await clock.advance(one.ms);
        else if (one.do === "remove") void notifier.removeDestination("team");
        else {
          const channel = fake(`team ${channels.length}`, { latencyMs: 100 });
          channels.push(channel);
          await notifier.setDestination("team", channel);
        }
      }
      await clock.advance(100 * (sent.length + 1));
      expect(await Promise.all(sent)).toEqual(
        sent.map(() => expect.objectContaining({ status: "delivered", attempts: 1 })),
      );
      const atTeam = channels.flatMap((channel) => titles(channel)).map(Number);
      const all = [...atTeam, ...titles(general).map(Number)];
      expect(all.toSorted((a, b) => a - b)).toEqual(sent.map((_one, index) => index));
      expect(atTeam).toEqual(atTeam.toSorted((a, b) => a - b));
      expect([notifier.getQueueSize(), Math.max(0, ...channels.map(({ mostInFlight }) => mostInFlight))]).toEqual([
        0,
        atTeam.length > 0 ? 1 : 0,
      ]);
      await notifier.close();
      expect(channels.every(({ closed }) => closed)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe("after a restart with a durable store", () => {
  /** Two processes over one file; the first leaves behind what its destination did not take. */
  async function restarted(
    leave: (first: ReturnType<typeof begin>, team: FakeChannel) => Promise<void>,
    atOnce: (second: ReturnType<typeof begin>) => void = () => {},
  ) {
    const [path, clock] = [temporaryFile(), createVirtualClock()];
    const stores = [openSqliteStore({ database: path, clock })];
    const first = begin({ clock, store: stores[0]! });
    const team = first.fake("hook");
    await first.notifier.setDestination("team", team);
    await leave(first, team);
    await commits();
    await Promise.all([first.notifier.close({ timeoutMs: 1 }), clock.advance(1)]);
    stores[0] = openSqliteStore({ database: path, clock });
    const second = begin({ clock, store: stores[0] });
    atOnce(second);
    async function commits(): Promise<void> {
      for (let round = 0; round < 10; round++) {
        await stores[0]!.outbox.append([])?.catch(() => {});
        await clock.settle();
      }
    }
    return { ...second, commits, store: stores[0] };
  }

  const waiting = async ({ notifier, send }: ReturnType<typeof begin>): Promise<void> => {
    await notifier.pause({ destination: "team", by: "Ann" });
    for (const title of ["1", "2"]) void send(title);
  };

  it("what waits for it is kept, said once, and sent in order when it is set again; its pause holds", async () => {
    const { notifier, fake, send, commits, log } = await restarted(waiting);
    await commits();
    expect(log.filter((line) => /2 notifications wait in the store for "team"/.test(line))).toHaveLength(1);
    const team = fake("hook");
    await notifier.setDestination("team", team);
    void send("3");
    await commits();
    expect(notifier.status().destinations[1]).toMatchObject({ waiting: 3, pause: { by: "Ann" } });
    await notifier.resume({ destination: "team" });
    await commits();
    expect(titles(team)).toEqual(["1", "2", "3"]);
  });

  it("nothing is said when it is set right after the start", async () => {
    const { commits, log } = await restarted(waiting, ({ notifier, fake }) => {
      void notifier.setDestination("team", fake("hook"));
    });
    await commits();
    expect(log.filter((line) => line.includes("wait in the store"))).toEqual([]);
  });

  it("what waits for one that nobody sets again can be ended, and goes to the fallback", async () => {
    const { notifier, general, commits, store } = await restarted(waiting);
    expect(await notifier.removeDestination("team")).toBe(true);
    await commits();
    expect(titles(general)).toEqual(["1", "2"]);
    expect(notifier.getQueueSize()).toBe(0);
    expect(store.outbox.backlog()).toEqual([]);
    expect(await notifier.removeDestination("team")).toBe(false);
  });

  it("it is known to be disabled, as long as it leads to the same", async () => {
    const gone = async ({ send }: ReturnType<typeof begin>, team: FakeChannel): Promise<void> => {
      team.answer(misconfigured());
      await send("1");
    };
    const { notifier, fake } = await restarted(gone);
    await notifier.setDestination("team", fake("hook"));
    expect(notifier.status().destinations[1]).toMatchObject({ mode: "disabled" });
    await notifier.setDestination("team", fake("hook"));
    expect(notifier.status().destinations[1]).toMatchObject({ mode: "idle" });
  });

  it("it begins anew where it led before, when it led elsewhere in between", async () => {
    const gone = async ({ notifier, send, fake }: ReturnType<typeof begin>, team: FakeChannel): Promise<void> => {
      team.answer(misconfigured());
      await send("1");
      await notifier.setDestination("team", fake("another"));
    };
    const { notifier, fake } = await restarted(gone);
    await notifier.setDestination("team", fake("hook"));
    expect(notifier.status().destinations[1]).toMatchObject({ mode: "idle" });
  });

  it("what was told there is known: its end is told, there or by the fallback", async () => {
    const down = async ({ send }: ReturnType<typeof begin>): Promise<void> => {
      await Promise.all(["a", "b"].map((key) => send(`${key} down`, { key, phase: "firing" })));
    };
    const { notifier, fake, send, general, commits } = await restarted(down);
    const team = fake("hook");
    await notifier.setDestination("team", team);
    void send("a up", { key: "a", phase: "resolved" });
    await commits();
    await notifier.removeDestination("team");
    void send("b up", { key: "b", phase: "resolved" });
    await commits();
    expect([titles(team), titles(general)]).toEqual([["a up"], ["b up"]]);
  });

  it("what was sent shortly before still counts in its windows, and a ban holds", async () => {
    const path = temporaryFile();
    const clock = createVirtualClock();
    const limits = {
      egress: { key: "out", spec: { limit: 50, intervalMs: 1_000 } },
      pool: null,
      bucket: { key: "hook", spec: { limit: 2, intervalMs: 30_000 } },
    };
    const open = async (answer?: ReturnType<typeof banned>) => {
      const store = openSqliteStore({ database: path, clock });
      const process = begin({ clock, store });
      const team = process.fake("hook", { limits });
      await clock.settle();
      if (answer !== undefined) team.answer(answer);
      await process.notifier.setDestination("team", team, { fallback: null });
      const commits = async (): Promise<void> => {
        for (let round = 0; round < 10; round++) {
          await store.outbox.append([])?.catch(() => {});
          await clock.settle();
        }
      };
      return { ...process, team, commits };
    };
    const first = await open();
    for (const title of ["1", "2"]) {
      await first.send(title);
      await clock.advance(10);
    }
    await first.notifier.close();
    const second = await open(banned(HOUR));
    void second.send("3");
    await clock.advance(29_000);
    await second.commits();
    expect(titles(second.team)).toEqual([]);
    await clock.advance(3_000);
    await second.commits();
    expect(titles(second.team)).toEqual(["3"]);
    await Promise.all([second.notifier.close({ timeoutMs: 1 }), clock.advance(1)]);
    const third = await open();
    await clock.advance(HOUR - 60_000);
    await third.commits();
    expect(titles(third.team)).toEqual([]);
    await clock.advance(120_000);
    await third.commits();
    expect(titles(third.team)).toEqual(["3"]);
  });
});

it("a thread takes its destinations from the options only, and says so", async () => {
  const notifier = createNotifier({
    env: {},
    thread: true,
    webhookUrl: "console:",
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await expect(notifier.setDestination("team", "console:")).rejects.toMatchObject({ code: "CONFIG_THREAD" });
  await expect(notifier.removeDestination("team")).rejects.toThrow(/leave out thread/);
  await expect(notifier.reconfigure({})).rejects.toMatchObject({ code: "CONFIG_THREAD" });
  await notifier.close();
});
