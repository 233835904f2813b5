import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteDatabase } from "@tocsin/core/sqlite";
import { type AlertState, DEFAULT_ALERT_POLICY, NEW_ALERT, stepAlert } from "@tocsin/core/stages";
import { createVirtualClock } from "@tocsin/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aBatch, aDevice, aLife, anAlert, aPlant, aSeries, T, withMessage } from "../../testing/samples.ts";
import type { ReadingQuery, StoredReading } from "../greenhouse/reading.ts";
import { openStorage, type Storage } from "./storage.ts";

const clock = createVirtualClock({ startAt: T });
let folder: string;
let path: string;
let storage: Storage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-storage-"));
  path = join(folder, "sub", "test.db");
  storage = await open();
});

afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Those of notifications are the library's. */
const OWN_TABLES = [
  "alert_records",
  "alert_states",
  "alerts",
  "devices",
  "idempotency_keys",
  "migrations",
  "migrations_lock",
  "plants",
  "readings",
  "series",
  "silences",
];

describe("the schema", () => {
  it("is the one that was reviewed", async () => {
    const db = new DatabaseSync(path, { readOnly: true });
    const statements = db
      .prepare(
        `select sql from sqlite_schema where sql is not null and tbl_name in (${OWN_TABLES.map(() => "?").join(", ")})
        order by type desc, name`,
      )
      .all(...OWN_TABLES);
    db.close();
    const dump = statements.map(
      ({ sql }) =>
        `${String(sql)
          .replaceAll(/^ {4}/gm, "  ")
          .replaceAll(/^ {2}\)/gm, ")")};\n`,
    );
    await expect(dump.join("\n")).toMatchFileSnapshot("schema.sql");
  });

  it("is the same after a second start", async () => {
    await storage.plants.insert(aPlant());
    await storage.close();
    storage = await open();
    expect(await storage.plants.all()).toHaveLength(1);
  });

  it("of a newer version is left alone, with a word on what to do", async () => {
    await storage.close();
    const db = new DatabaseSync(path);
    db.exec("insert into migrations (name, timestamp) values ('9999-from-the-future', '2099-01-01')");
    db.close();
    const before = readFileSync(path);
    await expect(open()).rejects.toMatchObject({
      code: "STORE_NEWER",
      message: expect.stringMatching(/test\.db was written by a newer version of Tocsin. Install that version/),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    storage = await open(":memory:");
  });

  it("is made whole or not at all, so that a crash in the middle of it can be repaired by the next start", async () => {
    await storage.close();
    const other = join(folder, "other.db");
    const database = openSqliteDatabase({ path: other, now: T });
    database.handle.exec("create table alerts (in_the_way)");
    await database.close();
    await expect(open(other)).rejects.toThrow(/alerts already exists/);
    const db = new DatabaseSync(other);
    expect(db.prepare("select count(*) as n from sqlite_schema where name = 'plants'").get()).toEqual({ n: 0 });
    db.exec("drop table alerts");
    db.close();
    storage = await open(other);
    expect(await storage.plants.all()).toEqual([]);
  });

  it("lies in a file that only its owner can read", () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe("plants and devices", () => {
  it("come back as they were stored, whatever their metrics are called", async () => {
    const thresholds = new Map([
      ["__proto__", { min: 1, max: null }],
      ["Erdfeuchte 🌱", { min: null, max: 2.5 }],
    ]);
    await storage.plants.insert(aPlant({ thresholds, species: "Monstera deliciosa" }));
    expect(await storage.plants.find("plt_1")).toEqual(aPlant({ thresholds, species: "Monstera deliciosa" }));
    expect(await storage.plants.find("plt_2")).toBeNull();
  });

  it("keep what people want to be told of them; what cannot be read counts as nothing", async () => {
    const metric = { muted: true, cooldownMs: 5_000, readingsBeforeAlert: 3, severity: "critical" } as const;
    const pause = { since: T, untilAt: null, by: "Ann", comment: null };
    const preferences = {
      metrics: new Map([["__proto__", metric]]),
      severities: null,
      quietHours: ["22:00-07:00"],
      pause,
    };
    await storage.plants.insert(aPlant({ preferences }));
    expect(await storage.plants.find("plt_1")).toEqual(aPlant({ preferences }));
    await storage.close();
    const db = new DatabaseSync(path);
    db.exec("update plants set preferences = '{\"metrics\":5}'");
    db.close();
    storage = await open();
    expect(await storage.plants.find("plt_1")).toEqual(aPlant());
  });

  it("a device's id is taken once", async () => {
    expect(await storage.devices.insert(aDevice())).toBe(true);
    expect(await storage.devices.insert(aDevice({ passwordHash: "other" }))).toBe(false);
    expect((await storage.devices.find("device-abc"))?.passwordHash).toBe("none");
  });

  it("are listed in pages in order of id", async () => {
    for (const id of ["b", "d", "a", "c"]) await storage.devices.insert(aDevice({ id }));
    expect((await storage.devices.list({ after: null, limit: 3 })).map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect((await storage.devices.list({ after: "c", limit: 3 })).map(({ id }) => id)).toEqual(["d"]);
  });

  it("removing a plant unassigns its devices, drops its readings and states, and keeps its alerts", async () => {
    await storage.plants.insert(aPlant());
    await storage.devices.insert(aDevice({ plantId: "plt_1" }));
    const subject = { fingerprint: "threshold:plt_1", plantId: "plt_1", deviceId: null } as const;
    const series = aSeries();
    const readings = Array.from({ length: 12_000 }, (_, i) => ({ series, at: T + (i >> 1), value: i }));
    await storage.writeBatch(
      aBatch({
        readings,
        alerts: [withMessage(anAlert())],
        lives: new Map([["alr_1", aLife()]]),
        states: new Map([[subject.fingerprint, { ...subject, state: NEW_ALERT, closedAt: null }]]),
      }),
    );
    await storage.plants.remove("plt_1");
    expect((await storage.devices.find("device-abc"))?.plantId).toBeNull();
    expect(await storage.readings.series()).toEqual([]);
    expect(count("readings")).toBe(0);
    expect((await storage.alerts.states()).states).toEqual([]);
    expect(await storage.alerts.find("alr_1")).toMatchObject({ life: { plantName: "Monstera" } });
  });

  it("removing a device keeps the readings it measured for a plant, and drops the others", async () => {
    await storage.devices.insert(aDevice());
    const [ofPlant, ofNone] = [aSeries(), aSeries({ plantId: null })];
    await storage.writeBatch(
      aBatch({
        readings: [
          { series: ofPlant, at: T, value: 1 },
          { series: ofNone, at: T, value: 2 },
        ],
      }),
    );
    await storage.devices.remove("device-abc");
    expect(await storage.readings.series()).toMatchObject([{ plantId: "plt_1" }]);
    expect(count("readings")).toBe(1);
  });
});

describe("a batch", () => {
  it("is written whole or not at all, and can be written again after it failed", async () => {
    await storage.devices.insert(aDevice());
    await storage.writeBatch(aBatch({ alerts: [withMessage(anAlert())] }));
    const series = aSeries();
    const bad = aBatch({
      readings: [{ series, at: T, value: 1 }],
      seen: new Map([["device-abc", T]]),
      alerts: [withMessage(anAlert({ id: "ale_2" })), withMessage(anAlert())],
    });
    await expect(storage.writeBatch(bad)).rejects.toThrow(/UNIQUE/);
    expect([count("readings"), count("series"), count("alert_records")]).toEqual([0, 0, 1]);
    expect(series.id).toBeNull();
    expect((await storage.devices.find("device-abc"))?.lastSeenAt).toBeNull();

    bad.alerts.pop();
    await storage.writeBatch(bad);
    expect([count("readings"), count("series"), count("alert_records")]).toEqual([1, 1, 2]);
    expect(series.id).toBe(1);
  });

  it("makes one series of many readings, also for a device without a plant", async () => {
    const series = aSeries({ plantId: null });
    await storage.writeBatch(aBatch({ readings: [1, 2, 3].map((value) => ({ series, at: T, value })) }));
    expect([count("series"), count("readings")]).toEqual([1, 3]);
  });

  it("waits for its turn behind a query that is under way", async () => {
    const listing = storage.plants.all();
    await storage.writeBatch(aBatch({ alerts: [withMessage(anAlert())] }));
    expect(await listing).toEqual([]);
  });

  it("keeps what becomes of an alert", async () => {
    await storage.writeBatch(
      aBatch({
        alerts: [
          withMessage(anAlert()),
          { record: anAlert({ id: "ale_2", reason: "cooldown", delivery: "not-sent" }), message: null },
        ],
      }),
    );
    await storage.writeBatch(
      aBatch({
        outcomes: new Map([["ale_1", { delivery: "failed", error: "no answer", settledAt: T + 5 }]]),
        repeats: new Map([["ale_2", { count: 37, lastAt: T + 9, value: 12.5 }]]),
      }),
    );
    const settled = { delivery: "failed", error: "no answer", settledAt: T + 5 };
    expect(await storage.alerts.records("alr_1", 9)).toEqual([{ ...anAlert(), ...settled }]);
    const [held] = await storage.alerts.records("alr_2", 9);
    expect(held).toMatchObject({ count: 37, lastAt: T + 9, finding: { value: 12.5 } });
  });

  it("keeps alert states, the last one of each condition", async () => {
    const subject = { fingerprint: "offline:device-abc", plantId: null, deviceId: "device-abc" };
    const put = (state: AlertState) =>
      storage.writeBatch(aBatch({ states: new Map([[subject.fingerprint, { ...subject, state, closedAt: null }]]) }));
    const { state: firing } = stepAlert(DEFAULT_ALERT_POLICY, NEW_ALERT, { kind: "met", now: T });
    await put(firing);
    expect((await storage.alerts.states()).states).toEqual([{ ...subject, state: firing, closedAt: null }]);
    await put({ ...NEW_ALERT, toldAt: T });
    expect((await storage.alerts.states()).states).toMatchObject([{ state: { ...NEW_ALERT, toldAt: T } }]);
  });
});

describe("readings", () => {
  /** Two devices with two metrics, two readings of each in each of 5 milliseconds: 40 in all. */
  async function fill(): Promise<void> {
    const all = ["a", "b"].flatMap((deviceId) => ["x", "y"].map((metric) => aSeries({ deviceId, metric })));
    const readings = [0, 1, 2, 3, 4].flatMap((ms) =>
      all.flatMap((series) => [0, 1].map((n) => ({ series, at: T + ms, value: ms * 10 + n }))),
    );
    await storage.writeBatch(aBatch({ readings }));
  }

  async function walk(query: Omit<ReadingQuery, "before">): Promise<StoredReading[]> {
    const all: StoredReading[] = [];
    for (;;) {
      const page = await storage.readings.list({ ...query, before: all.at(-1)?.position ?? null });
      all.push(...page);
      if (page.length < query.limit) return all;
    }
  }

  it.each([1, 3, 7, 40, 100])("in pages of %i are all of them, once each, the newest first", async (limit) => {
    await fill();
    const all = await walk({ plantId: "plt_1", limit });
    expect(all).toHaveLength(40);
    expect(new Set(all.map(({ position }) => JSON.stringify(position)))).toHaveProperty("size", 40);
    expect(all.map(({ at }) => at)).toEqual([...all.map(({ at }) => at)].sort((a, b) => b - a));
  });

  it("are filtered by metric, device and time, the end excluded", async () => {
    await fill();
    const some = await walk({ plantId: "plt_1", metric: "x", deviceId: "b", from: T + 1, to: T + 3, limit: 100 });
    expect(some.map(({ deviceId, metric, at, value }) => [deviceId, metric, at - T, value])).toEqual([
      ["b", "x", 2, 21],
      ["b", "x", 2, 20],
      ["b", "x", 1, 11],
      ["b", "x", 1, 10],
    ]);
    expect(await walk({ plantId: "plt_2", limit: 100 })).toEqual([]);
  });
});

describe("alerts", () => {
  it("are listed newest first with what was told and held back, by plant, device, kind, severity, phase and delivery", async () => {
    const offline = { kind: "offline", lastSeenAt: T } as const;
    const over = { at: T + 5, phase: "resolved", reason: "resolved-by-hand", by: "Ann", comment: "done" } as const;
    const lives = [
      aLife(),
      aLife({ id: "alr_2", plantId: null, plantName: null, finding: offline, severity: "critical" }),
      aLife({ id: "alr_3", deviceId: "other", transitions: [...aLife().transitions, over] }),
    ];
    await storage.writeBatch(
      aBatch({
        lives: new Map(lives.map((life) => [life.id, life])),
        alerts: [
          withMessage(anAlert()),
          {
            record: anAlert({ id: "ale_11", alertId: "alr_1", reason: "cooldown", count: 7, delivery: "not-sent" }),
            message: null,
          },
          withMessage(anAlert({ id: "ale_2", finding: offline, delivery: "delivered" })),
          withMessage(anAlert({ id: "ale_3", delivery: "skipped" })),
        ],
      }),
    );
    const ids = async (filter: Parameters<Storage["alerts"]["list"]>[0]) =>
      (await storage.alerts.list(filter)).map(({ life }) => life.id);
    const page = { before: null, limit: 10 };
    expect(await ids(page)).toEqual(["alr_3", "alr_2", "alr_1"]);
    expect(await ids({ before: "alr_3", limit: 1 })).toEqual(["alr_2"]);
    expect(await ids({ ...page, plantId: "plt_1" })).toEqual(["alr_3", "alr_1"]);
    expect(await ids({ ...page, deviceId: "other" })).toEqual(["alr_3"]);
    expect(await ids({ ...page, kind: "offline" })).toEqual(["alr_2"]);
    expect(await ids({ ...page, severity: ["critical", "error"] })).toEqual(["alr_2"]);
    expect(await ids({ ...page, phase: ["pending", "firing"] })).toEqual(["alr_2", "alr_1"]);
    expect(await ids({ ...page, delivery: "queued" })).toEqual(["alr_1"]);
    expect((await storage.alerts.open()).map(({ id }) => id)).toEqual(["alr_1", "alr_2"]);
    expect(await storage.alerts.find("alr_1")).toMatchObject({
      life: lives[0],
      told: 1,
      heldBack: 7,
      latest: { id: "ale_11" },
      latestTold: { id: "ale_1" },
    });
    expect((await storage.alerts.find("alr_3"))?.life).toEqual(lives[2]);
    expect(await storage.alerts.find("alr_9")).toBeNull();
  });

  it("are one row, which its changes change", async () => {
    const life = aLife();
    await storage.writeBatch(aBatch({ lives: new Map([["alr_1", life]]) }));
    const seen = { at: T + 5, phase: "acknowledged", reason: "acknowledged", by: "Ann", comment: null } as const;
    const acknowledged = { ...life, transitions: [...life.transitions, seen] };
    await storage.writeBatch(aBatch({ lives: new Map([["alr_1", acknowledged]]) }));
    expect(await storage.alerts.open()).toEqual([acknowledged]);
  });
});

it("a closed storage leaves no file open that could be written", async () => {
  await storage.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  storage = await open(":memory:");
});

function open(at = path): Promise<Storage> {
  return openStorage({ path: at, clock });
}

function count(table: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const [row] = db.prepare(`select count(*) as n from ${table}`).all();
  db.close();
  return Number(row?.["n"]);
}
