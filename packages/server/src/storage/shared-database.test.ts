/** The server's tables and those of notifications in one file: transactions that span both, and a disk that is full. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNotifier, type Notifier } from "@tocsin/core";
import { createFakeChannel, createVirtualClock, type FakeChannel, type VirtualClock } from "@tocsin/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aBatch, anAlert, aPlant, aSeries, MANNER, T } from "../../testing/samples.ts";
import { createTestLogger } from "../../testing/test-logger.ts";
import type { NewAlert } from "../greenhouse/alert.ts";
import { composeAlert } from "../greenhouse/alert-text.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { openStorage, type Storage } from "./storage.ts";

const DAY = 86_400_000;

let folder: string;
let clock: VirtualClock;
let storage: Storage;
let channel: FakeChannel;
let notifier: Notifier;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-shared-"));
  clock = createVirtualClock({ startAt: T });
  storage = await openStorage({ path: join(folder, "test.db"), clock });
  channel = createFakeChannel({ clock });
  const { logger } = createTestLogger();
  notifier = createNotifier({ store: storage.notifications, webhookUrl: channel, clock, logger, env: {} });
});

afterEach(async () => {
  const closing = notifier.close();
  await clock.advance(5_000);
  await closing;
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function found(id: `ale_${string}`): NewAlert {
  const record = anAlert({ id });
  const message = notifier.prepare(composeAlert(record, MANNER));
  return { record: { ...record, notificationId: message.id }, message };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await clock.settle();
}

const waiting = () => storage.notifications.outbox.backlog().reduce((sum, lane) => sum + lane.waiting, 0);

describe("an alert and its deliveries (A5)", () => {
  it("are written in one transaction, and sent after it", async () => {
    const alert = found("ale_1");
    await storage.writeBatch(aBatch({ alerts: [alert] }));
    expect(waiting()).toBe(1);
    expect(storage.alerts.idOf(alert.record.notificationId!)).toBe("ale_1");
    await settle();
    expect(channel.sent).toHaveLength(0);
    alert.message!.admit();
    // The disk takes its own time.
    await expect.poll(() => [channel.sent.length, waiting()]).toEqual([1, 0]);
  });

  it("are both absent when the transaction fails, and both there when it is tried again", async () => {
    const good = found("ale_1");
    const batch = aBatch({ alerts: [good, good] });
    await expect(storage.writeBatch(batch)).rejects.toThrow(/UNIQUE/);
    expect([waiting(), await storage.alerts.records("alr_1", 1)]).toEqual([0, []]);
    batch.alerts.pop();
    await storage.writeBatch(batch);
    expect([waiting(), await storage.alerts.records("alr_1", 1)]).toMatchObject([1, [{ id: "ale_1" }]]);
  });

  it("survive the process: the next one sends what this one has committed and not handed over", async () => {
    const alert = found("ale_1");
    await storage.writeBatch(aBatch({ alerts: [alert] }));
    alert.message!.withdraw();
    await notifier.close();
    await storage.close();
    storage = await openStorage({ path: join(folder, "test.db"), clock });
    channel = createFakeChannel({ clock });
    const { logger } = createTestLogger();
    notifier = createNotifier({ store: storage.notifications, webhookUrl: channel, clock, logger, env: {} });
    await clock.advance(2_000);
    const told = () => channel.sent.map(({ request }) => request.notifications[0].id);
    await expect.poll(told).toEqual([alert.record.notificationId]);
  });
});

describe("one connection for all", () => {
  it("gives each its turn: nothing lands in the middle of another's transaction", async () => {
    await storage.plants.insert(aPlant());
    const changes = [1, 2, 3].map(() =>
      storage.plants.update("plt_1", (plant) => ({ ...plant, updatedAt: plant.updatedAt + 1 })),
    );
    const others: Promise<unknown>[] = [];
    // At every step of the changes, which are several statements each.
    for (let i = 0; i < 100; i++) {
      others.push(storage.writeBatch(aBatch({ readings: [{ series: aSeries(), at: T + i, value: i }] })));
      others.push(storage.acceptance.transaction(() => i));
      await Promise.resolve();
    }
    await Promise.all([...changes, ...others]);
    expect(await storage.plants.find("plt_1")).toMatchObject({ updatedAt: T + 3 });
    expect(await storage.readings.list({ plantId: "plt_1", before: null, limit: 500 })).toHaveLength(100);
  });
});

describe("a full disk", () => {
  function grow(pages: number): void {
    const { handle } = storage.notifications.database;
    const size = Number(handle.prepare("pragma page_count").get()?.["page_count"]);
    handle.exec(`pragma max_page_count = ${size + pages}`);
  }

  it("is named with the file and the remedy, takes nothing by halves, and is over when there is room", async () => {
    await storage.plants.insert(aPlant());
    grow(0);
    const error = {
      code: "STORE_FULL",
      message: expect.stringMatching(/test\.db cannot grow: the disk is full\. Make room/),
    };
    const readings = Array.from({ length: 20_000 }, (_, i) => ({ series: aSeries(), at: T + i, value: i }));
    const batch = aBatch({ readings, alerts: [found("ale_1")] });
    await expect(storage.writeBatch(batch)).rejects.toMatchObject(error);
    expect([waiting(), await storage.alerts.records("alr_1", 1)]).toEqual([0, []]);
    const large = aPlant({ id: "plt_2", name: "x".repeat(1_000_000) });
    await expect(storage.plants.insert(large)).rejects.toMatchObject(error);
    await expect(storage.plants.update("plt_1", () => ({ ...large, id: "plt_1" }))).rejects.toMatchObject(error);
    await expect(
      storage.acceptance.transaction((transaction) => {
        for (let i = 0; i < 10_000; i++)
          transaction.putKey(`k${i}`, { fingerprint: "f", notificationId: "ntf_1", createdAt: T });
      }),
    ).rejects.toMatchObject(error);
    grow(1_000_000);
    await storage.writeBatch(batch);
    await storage.plants.insert(large);
    expect(waiting()).toBe(1);
  });
});

describe("housekeeping", () => {
  /** Two series: 2,500 readings a day for three days. */
  async function fill(): Promise<void> {
    const all = [aSeries({ metric: "a" }), aSeries({ metric: "b" })];
    const readings = [-3, -2, -1].flatMap((day) =>
      all.flatMap((series) => Array.from({ length: 2_500 }, (_, i) => ({ series, at: T + day * DAY + i, value: i }))),
    );
    await storage.writeBatch(aBatch({ readings }));
  }

  const left = async () =>
    (await storage.readings.list({ plantId: "plt_1", before: null, limit: 20_000 })).map(({ at }) => at);

  it("removes old readings in pieces of a thousand, each series its own", async () => {
    await fill();
    const pieces: number[] = [];
    for await (const piece of storage.readings.removeBefore(T - 2 * DAY)) pieces.push(piece);
    expect(pieces).toEqual([1_000, 1_000, 500, 1_000, 1_000, 500]);
    const rest = await left();
    expect([rest.length, Math.min(...rest)]).toEqual([10_000, T - 2 * DAY]);
  });

  it("happens a minute after the start and every hour, and not for what is kept for ever", async () => {
    await fill();
    const { logger } = createTestLogger();
    const forEver = createHousekeeping({ clock, logger, storage, keepReadingsMs: Number.POSITIVE_INFINITY });
    forEver.start();
    await clock.advance(60_000);
    await settle();
    expect(await left()).toHaveLength(15_000);
    await forEver.stop();

    const housekeeping = createHousekeeping({ clock, logger, storage, keepReadingsMs: 2.5 * DAY });
    housekeeping.start();
    await clock.advance(59_999);
    await settle();
    expect(await left()).toHaveLength(15_000);
    await clock.advance(1);
    await expect.poll(async () => (await left()).length).toBe(10_000);
    // The next one is planned when the last one has ended.
    await settle();
    await clock.advance(DAY);
    await expect.poll(async () => (await left()).length).toBe(5_000);
    await housekeeping.stop();
  });

  it("forgets idempotency keys after a day", async () => {
    const known = { fingerprint: "f", notificationId: "ntf_1", createdAt: T } as const;
    await storage.acceptance.transaction((transaction) => transaction.putKey("k", known));
    const find = () => storage.acceptance.transaction((transaction) => transaction.findKey("k"));
    await storage.acceptance.forgetKeys(T);
    expect(await find()).toEqual(known);
    await storage.acceptance.forgetKeys(T + 1);
    expect(await find()).toBeNull();
  });

  it("ends at the next piece when the server ends", async () => {
    await fill();
    const { logger } = createTestLogger();
    const housekeeping = createHousekeeping({ clock, logger, storage, keepReadingsMs: 0 });
    housekeeping.start();
    await clock.advance(60_000);
    await housekeeping.stop();
    const { length } = await left();
    expect(length).toBeGreaterThan(10_000);
    expect(clock.pending).toBe(0);
  });
});
