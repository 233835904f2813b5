import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createFakeChannel, type FakeChannel } from "../../testing/fake-channel.ts";
import { banned, misconfigured, rejected, unavailable } from "../../testing/outcomes.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import type { SendOutcome } from "../delivery/channel.ts";
import { createNotifier } from "../notifier.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import type { NotifierOptions } from "./options.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const cleanups: (() => Promise<unknown>)[] = [];
const stores: Store[] = [];

afterEach(async () => {
  stores.length = 0;
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function aFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tocsin-store-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  return join(folder, "tocsin.db");
}

interface Process {
  readonly notifier: ReturnType<typeof createNotifier>;
  readonly channel: FakeChannel;
  end(): Promise<void>;
}

/** A process over the file: ended by `end()`, which leaves what waits to the next one. */
function start(path: string, clock: VirtualClock, options: NotifierOptions = {}): Process {
  const store = options.store ?? openSqliteStore({ database: path, clock });
  stores.push(store as Store);
  const channel = createFakeChannel({ clock, label: "hook" });
  const shared = { env: {}, clock, logger: SILENT, validateOnStart: false };
  const notifier = createNotifier({ ...shared, webhookUrl: channel, ...options, store });
  const end = async (): Promise<void> => {
    const closing = notifier.close({ timeoutMs: 1 });
    await clock.advance(1);
    await closing;
  };
  return { notifier, channel, end };
}

const titles = ({ channel }: Process) =>
  channel.sent.flatMap(({ request }) => request.notifications.map(({ title }) => title));

/** Lets the stores commit what was asked for, and what that leads to: the disk takes real time, and none of the clock's. */
async function commits(clock: VirtualClock): Promise<void> {
  for (let round = 0; round < 10; round++) {
    // Comes after all before it; a store that has been closed has nothing left to write.
    for (const { outbox } of stores) await outbox.append([])?.catch(() => {});
    await clock.settle();
  }
}

// A12
describe("a pause", () => {
  it("outlives the process, with what waits for its end, and does not hold up the end of the process", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const first = start(path, clock);
    expect(await first.notifier.pause({ by: "Ann" })).toBe("done");
    await first.notifier.notify({ title: "1", severity: "critical" }).accepted;
    const before = clock.now();
    expect(await first.notifier.close({ timeoutMs: 10_000 })).toEqual({ drained: false, open: 1 });
    expect(clock.now()).toBe(before);
    expect(first.channel.sent).toEqual([]);

    const second = start(path, clock);
    await commits(clock);
    expect(second.notifier.status()).toMatchObject({ pause: { by: "Ann" }, destinations: [{ waiting: 1 }] });
    expect(second.channel.sent).toEqual([]);
    await second.notifier.resume();
    await commits(clock);
    expect(titles(second)).toEqual(["1"]);
    await second.end();

    const third = start(path, clock);
    expect(third.notifier.status().pause).toBeNull();
    await third.end();
  });

  it("of one destination does not keep flush() from waiting for the others", async () => {
    const clock = createVirtualClock();
    const slow = createFakeChannel({ clock, label: "slow", latencyMs: 100 });
    const first = start(":memory:", clock, { webhooks: { error: slow } });
    await first.notifier.pause({ destination: "default" });
    void first.notifier.notify({ title: "waits" });
    void first.notifier.notify({ title: "goes", type: "error" });
    const flushed = first.notifier.flush();
    await clock.advance(100);
    await commits(clock);
    expect(await flushed).toEqual({ drained: false, open: 1 });
    expect(slow.sent).toHaveLength(1);
    await first.end();
  });
});

describe("a notifier over a file", () => {
  it("is durable once accepted: the next process sends what this one could not", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const first = start(path, clock);
    first.channel.answer(unavailable());
    const receipt = first.notifier.notify({ title: "1" });
    first.notifier.notify({ title: "2" });
    expect(await receipt.accepted).toBe(true);
    await commits(clock);
    await first.end();
    const second = start(path, clock);
    await clock.advance(60_000);
    await commits(clock);
    expect(titles(second)).toEqual(["1", "2"]);
    expect(second.notifier.status().open).toBe(0);
    await second.end();
  });

  it("remembers who is disabled and until when the address is banned", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const first = start(path, clock);
    first.channel.answer(misconfigured());
    await first.notifier.send({ title: "1" });
    await first.end();
    const second = start(path, clock);
    expect(second.notifier.status().destinations[0]).toMatchObject({ mode: "disabled" });
    expect(await second.notifier.send({ title: "2" })).toMatchObject({ reason: "destination-disabled" });
    expect(second.channel.sent).toHaveLength(0);
    await second.end();
  });

  it("reports a disabled destination through its fallback once, however often the program begins anew", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const reports: (string | null)[] = [];
    const run = async (...answers: readonly SendOutcome[]) => {
      const fallback = createFakeChannel({ clock, label: "fallback" });
      // Asked at the start whether it is usable, it says no as well.
      const error = { code: "discord-10015", message: "The webhook has been deleted.", status: 404 };
      const channel = createFakeChannel({
        clock,
        label: "hook",
        check: () => ({ ok: false, kind: "misconfigured", error }),
      });
      const { notifier, end } = start(path, clock, { webhookUrl: channel, fallback, validateOnStart: true });
      channel.answer(...answers);
      const told = notifier.send({ title: "1" });
      await commits(clock);
      await told;
      await commits(clock);
      await end();
      const sent = fallback.sent.flatMap(({ request }) => request.notifications.map(({ title }) => title));
      reports.push(...sent.filter((title) => title !== "1"));
    };
    await run(misconfigured());
    for (let restart = 0; restart < 3; restart++) await run();
    expect(reports).toEqual(['Destination "default" is disabled']);
  });

  it("waits out a ban that an earlier process was told of", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const limits = { egress: { key: "out", spec: { limit: 50, intervalMs: 1_000 } }, pool: null, bucket: null };
    const withEgress = () => ({ webhookUrl: createFakeChannel({ clock, label: "hook", limits }) });
    const hook = withEgress();
    const first = start(path, clock, hook);
    hook.webhookUrl.answer(banned(3_600_000));
    first.notifier.notify({ title: "1" });
    await commits(clock);
    await first.end();
    const next = withEgress();
    const second = start(path, clock, next);
    await clock.advance(3_000_000);
    await commits(clock);
    expect(next.webhookUrl.sent).toHaveLength(0);
    await clock.advance(700_000);
    await commits(clock);
    expect(next.webhookUrl.sent).toHaveLength(1);
    await second.end();
  });

  it("writes what was told also where a check names a shared limit that nobody keeps to", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const check = () => ({ ok: true, detail: "usable", poolKey: "channel:7" }) as const;
    const first = start(path, clock, { webhookUrl: createFakeChannel({ clock, label: "hook", check }) });
    await first.notifier.check();
    const receipt = first.notifier.notify({ title: "1" });
    await commits(clock);
    expect(await receipt.settled).toMatchObject({ success: true });
    expect(first.notifier.status().store).toMatchObject({ pendingWrites: 0, error: null });
    await first.end();
  });

  it("keeps dead letters, and sends them again when asked", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const store = openSqliteStore({ database: path, clock });
    const { notifier, channel, end } = start(path, clock, { store });
    channel.answer(rejected());
    expect(await notifier.send({ title: "bad" })).toMatchObject({ reason: "rejected" });
    const { items } = await store.deadLetters.list({});
    expect(items.map(({ notification }) => notification.title)).toEqual(["bad"]);
    const report = await notifier.replay({ ids: [items[0]!.id] });
    expect(report).toMatchObject({ replayed: [expect.stringMatching(/^dlv_/)], refused: [] });
    await commits(clock);
    expect(channel.sent).toHaveLength(2);
    expect((await store.deadLetters.list({})).items).toEqual([]);
    await end();
  });

  it("gives the first receipt of an idempotency key back after a restart, and the verdict with it", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const first = start(path, clock);
    const told = await first.notifier.send({ title: "told", idempotencyKey: "told" });
    first.channel.answer(unavailable());
    const coming = first.notifier.notify({ title: "coming", idempotencyKey: "coming" });
    await commits(clock);
    await first.end();
    const second = start(path, clock);
    const again = second.notifier.notify({ title: "told", idempotencyKey: "told" });
    expect([again.id, await again.accepted]).toEqual([told.id, true]);
    expect(await again.settled).toEqual(told);
    // Under way in the process before, told in this one.
    const [one, other] = [1, 2].map(() => second.notifier.send({ title: "coming", idempotencyKey: "coming" }));
    await clock.advance(60_000);
    await commits(clock);
    expect(await one).toMatchObject({ id: coming.id, status: "delivered", attempts: 2 });
    expect(await other).toBe(await one);
    expect(titles(second)).toEqual(["coming"]);
    await second.end();
  });

  it("takes an idempotency key anew when its window has passed, whichever process knew it", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const options = { idempotencyWindowMs: 60_000 };
    const first = start(path, clock, options);
    const { id } = await first.notifier.send({ title: "paid", idempotencyKey: "order" });
    await first.end();
    const second = start(path, clock, options);
    const again = () => second.notifier.notify({ title: "paid", idempotencyKey: "order" });
    second.notifier.notify({ title: "sent", idempotencyKey: "another" });
    await clock.advance(59_998);
    expect(again().id).toBe(id);
    // Found late, it is not known for longer.
    await clock.advance(1);
    expect(again().id).not.toBe(id);
    await commits(clock);
    await second.end();
  });

  it("keeps a notification only if the caller's own transaction commits", async () => {
    const [path, clock] = [await aFile(), createVirtualClock()];
    const store = openSqliteStore({ database: path, clock });
    const { notifier, channel, end } = start(path, clock, { store });
    const { handle } = store.database;
    for (const title of ["undone", "kept"]) {
      const prepared = notifier.prepare({ title });
      handle.exec("begin immediate");
      store.appendWithin(prepared.records);
      handle.exec(title === "kept" ? "commit" : "rollback");
      if (title === "kept") expect(await prepared.admit().settled).toMatchObject({ success: true });
      else prepared.withdraw();
    }
    expect(channel.sent.map(({ request }) => request.notifications[0].title)).toEqual(["kept"]);
    expect(notifier.status().open).toBe(0);
    await end();
  });
});
