import { cpSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { delivered, delivery, rejected, START, tryOf, waitingIn } from "../../../testing/store-conformance/scenes.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { DeliveryRecord, Postponement } from "../../delivery/outbox.ts";
import { openSqliteDatabase, type SqliteDatabase } from "./database.ts";
import { MIGRATIONS, migrate } from "./migrations/migrate.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

function setUp(path = temporaryFile(), change: (database: SqliteDatabase) => SqliteDatabase = (same) => same) {
  const database = openSqliteDatabase({ path, now: START });
  const problems: unknown[] = [];
  // Nothing is unfolded just because time passes.
  const clock = createVirtualClock({ startAt: START });
  const store = openSqliteStore({ database: change(database), clock, onProblem: (error) => problems.push(error) });
  onTestFinished(async () => {
    await store.close();
    await database.close();
  });
  const count = (table: string): number => {
    const row = database.reader.prepare(`select count(*) as n from ${table}`).get();
    return Number(row?.["n"]);
  };
  const rows = () => [count("journal"), count("notifications"), count("deliveries"), count("attempts")];
  return { path, database, store, problems, rows };
}

function postponed(record: DeliveryRecord): Postponement {
  const attempt = tryOf(record, { outcome: "unavailable" });
  record.failures = 1;
  record.notBefore = START + 60_000;
  return { delivery: record, attempt };
}

/** The files as a process that dies at this instant leaves them. */
function asAfterCrash(path: string): string {
  const copy = join(temporaryFile(), "..", "crashed.db");
  for (const end of ["", "-wal"]) cpSync(path + end, copy + end);
  return copy;
}

describe("the journal", () => {
  it("takes the place of the tables until somebody asks, and then they have it in its last state", async () => {
    const { store, rows } = setUp();
    const [a, b] = [delivery("a"), delivery("b")];
    await Promise.all([store.outbox.append([a]), store.outbox.append([b])]);
    await store.outbox.settle([delivered(a)]);
    expect(rows()).toEqual([2, 0, 0, 0]);
    expect((await store.history.find("ntf_a"))?.deliveries).toMatchObject([
      { id: "dlv_a", attempts: 1, result: { status: "delivered" }, tries: [{ attempt: 1, status: 200 }] },
    ]);
    expect(rows()).toEqual([0, 2, 2, 1]);
    expect(waitingIn(store)).toEqual(["b"]);
  });

  it("tells that it has what was appended before the disk has it", async () => {
    const disk = Promise.withResolvers<void>();
    const { store } = setUp(temporaryFile(), (database) => ({ ...database, sync: () => disk.promise }));
    const told: string[] = [];
    const committed = Promise.withResolvers<void>();
    const durable = store.outbox.append([delivery("a")], () => {
      told.push("committed");
      committed.resolve();
    });
    await committed.promise;
    disk.resolve();
    await durable?.then(() => told.push("durable"));
    expect(told).toEqual(["committed", "durable"]);
  });

  it("is unfolded by the process that comes after a crash", async () => {
    const { path, store, rows } = setUp();
    const [a, b, c] = [
      delivery("a", { key: "k", fields: [{ name: "ü", value: '"\n', inline: true }] }),
      delivery("b"),
      delivery("c"),
    ];
    await store.outbox.append([a, b, c]);
    await store.outbox.settle([rejected(b)]);
    await store.outbox.settle([delivered(c)]);
    expect(rows()).toEqual([3, 0, 0, 0]);
    const after = setUp(asAfterCrash(path));
    expect(after.rows()).toEqual([0, 3, 3, 2]);
    expect(after.store.outbox.page("a", null, 9)).toEqual([a]);
    expect(await after.store.deadLetters.count({})).toBe(1);
    for (const id of ["ntf_a", "ntf_b", "ntf_c"] as const)
      expect(await after.store.history.find(id)).toEqual(await store.history.find(id));
  });

  it("keeps what is asked for twice once", async () => {
    const { store, rows } = setUp();
    const a = delivery("a");
    const end = delivered(a);
    for (let k = 0; k < 2; k++) await store.outbox.append([a]);
    for (let k = 0; k < 2; k++) await store.outbox.settle([end]);
    await store.history.find("ntf_a");
    await store.outbox.settle([end]);
    await store.history.find("ntf_a");
    expect(rows()).toEqual([0, 1, 1, 1]);
  });

  it("loses nothing where the transaction that unfolds it is undone", async () => {
    let fails = false;
    const { store, rows } = setUp(temporaryFile(), (database) => ({
      ...database,
      quickTransaction: (work) =>
        database.quickTransaction(() => {
          const result = work();
          if (fails) throw Object.assign(new Error("disk I/O error"), { errcode: 10 });
          return result;
        }),
    }));
    const a = delivery("a");
    await store.outbox.append([a]);
    await store.outbox.settle([delivered(a)]);
    fails = true;
    const many = Array.from({ length: 65 }, (_, k) => delivery(`b${k}`));
    await expect(store.outbox.append(many)).rejects.toThrow("cannot be read or written");
    await expect(store.outbox.append([delivery("c")])).rejects.toThrow("cannot be read or written");
    fails = false;
    expect(rows()).toEqual([2, 0, 0, 0]);
    await store.outbox.append([delivery("d")]);
    expect(waitingIn(store)).toEqual(["d"]);
    expect(rows()).toEqual([0, 2, 2, 1]);
  });

  it("is unfolded before a change that it cannot hold", async () => {
    const { store, rows } = setUp();
    const a = delivery("a");
    await store.outbox.append([a]);
    await store.outbox.settle([rejected(a)]);
    expect(await store.deadLetters.discard({ ids: [a.id] })).toBe(1);
    expect(rows()).toEqual([0, 1, 1, 1]);
  });

  it("is passed by where many are written at once", async () => {
    const { store, rows } = setUp();
    await store.outbox.append([delivery("first")]);
    await store.outbox.append(Array.from({ length: 65 }, (_, k) => delivery(`m${k}`)));
    expect(rows()).toEqual([0, 66, 66, 0]);
  });

  it("takes many at once where it is long: to unfold it for them would hold everybody up", async () => {
    const { store, rows } = setUp();
    for (let k = 0; k < 40; k++) await store.outbox.append(Array.from({ length: 50 }, (_, n) => delivery(`${k}-${n}`)));
    await store.outbox.append([delivery("one more")]);
    await store.outbox.append(Array.from({ length: 65 }, (_, k) => delivery(`m${k}`)));
    expect(rows()).toEqual([42, 0, 0, 0]);
    expect(store.outbox.page("a", null, 9_999)).toHaveLength(2_066);
  });

  it("holds files, and what is amended, postponed and skipped", async () => {
    const { store, rows } = setUp();
    const data = new Uint8Array([0, 255]);
    const files = [{ name: "a", data, contentType: null }];
    const [f, g, h] = [delivery("f", { files }), delivery("g", { files }), delivery("h")];
    await store.outbox.append([f, g, h]);
    const amended = { ...h, notification: { ...h.notification, count: 2, files }, possibleRepeat: true };
    await store.outbox.amend(amended);
    await store.outbox.postpone([postponed(f)]);
    await store.outbox.settle([delivered(g)]);
    await store.history.skip(delivery("s", { files }).notification, "silenced");
    expect(rows()).toEqual([5, 0, 0, 0]);
    expect(store.outbox.page("a", null, 9)).toEqual([f, amended]);
    expect(await store.history.find("ntf_s")).toMatchObject({
      skipped: "silenced",
      notification: { files: [{ name: "a", sizeBytes: 2 }] },
    });
    expect((await store.history.find("ntf_f"))?.deliveries[0]?.tries).toMatchObject([
      { attempt: 1, outcome: "unavailable" },
    ]);
  });

  it("keeps the try of a delivery that was put off before it ended", async () => {
    const { store, rows } = setUp();
    const a = delivery("a");
    await store.outbox.append([a]);
    await store.outbox.postpone([postponed(a)]);
    await store.outbox.settle([delivered(a)]);
    expect((await store.history.find("ntf_a"))?.deliveries[0]?.tries).toMatchObject([
      { attempt: 1, outcome: "unavailable" },
      { attempt: 2, outcome: "delivered" },
    ]);
    expect(rows()).toEqual([0, 1, 1, 2]);
  });

  it("is not unfolded for the next page of a lane: what has ended by it is passed over", async () => {
    const { store, rows } = setUp();
    const ten = Array.from({ length: 100 }, (_, k) => delivery(`m${String(k).padStart(3, "0")}`));
    await store.outbox.append(ten);
    const [first, second, ...rest] = ten;
    await store.outbox.settle([delivered(second!), delivered(rest[1]!), delivered(rest[3]!)]);
    const after = { priority: 0, id: first!.id };
    expect(store.outbox.page("a", after, 3).map(({ id }) => id)).toEqual(["dlv_m002", "dlv_m004", "dlv_m006"]);
    expect(rows()).toEqual([1, 100, 100, 0]);
    // What comes may belong into this page.
    await store.outbox.append([delivery("m002b")]);
    expect(store.outbox.page("a", after, 2).map(({ id }) => id)).toEqual(["dlv_m002", "dlv_m002b"]);
    expect(rows()).toEqual([0, 101, 101, 3]);
  });

  it("knows the idempotency keys that it has, without being unfolded", async () => {
    const { store, rows } = setUp();
    await store.outbox.append([delivery("a", { idempotencyKey: "k" })]);
    await store.outbox.append([delivery("b", { idempotencyKey: "k", createdAt: START + 1 })]);
    expect(store.outbox.acceptedUnder("k", START)).toEqual({ id: "ntf_b", createdAt: START + 1 });
    expect(store.outbox.acceptedUnder("k", START + 1)).toBeNull();
    expect(store.outbox.acceptedUnder("other", 0)).toBeNull();
    expect(rows()).toEqual([2, 0, 0, 0]);
    await store.history.find("ntf_a");
    expect(store.outbox.acceptedUnder("k", START)).toEqual({ id: "ntf_b", createdAt: START + 1 });
  });

  it("does not hold up what need not wait for it: facts", async () => {
    const { store, rows } = setUp();
    await Promise.all([store.outbox.append([delivery("a")]), store.memory.remember("lane:a", 1)]);
    expect(rows()).toEqual([1, 0, 0, 0]);
    expect(store.memory.recall()).toEqual(new Map([["lane:a", 1]]));
  });

  it("is bounded: beyond 50,000 writes each commit shortens it by more than it adds", async () => {
    const { store, rows } = setUp();
    const fifty = (k: number) => Array.from({ length: 50 }, (_, n) => delivery(`${k}-${n}`));
    // In one turn, and so in one commit, it would take as many at once.
    for (let k = 0; k < 41; k++) await store.outbox.append(fifty(k));
    const many = (name: string, length: number) => Array.from({ length }, (_, n) => delivery(`${name}${n}`));
    for (let k = 0; k < 47; k++) await store.outbox.append(many(`k${k}-`, 1_000));
    await store.outbox.append(many("m", 950));
    expect(rows()).toEqual([89, 0, 0, 0]);
    await store.outbox.append([delivery("last")]);
    expect(rows()[0]).toBeLessThan(90);
    expect(rows()[1]).toBeGreaterThanOrEqual(1_000);
    expect(rows()[1]).toBeLessThan(1_100);
    // One append of many is a single entry, and no less for that.
    await store.outbox.append(many("n", 3_000));
    expect(rows()[1]).toBeGreaterThanOrEqual(1_000 + 4_000);
  });

  it("says that it cannot be read while somebody holds a transaction, and harms neither", async () => {
    const { database, store } = setUp();
    await store.outbox.append([delivery("a")]);
    await database.exclusive(() => {
      database.handle.exec("begin immediate; insert into memory_facts values ('x', '1')");
      expect(store.outbox.isCaughtUp).toBe(false);
      expect(() => store.outbox.page("a", null, 9)).toThrow("is being written by this process itself");
      database.handle.exec("commit");
    });
    expect(store.outbox.isCaughtUp).toBe(true);
    expect(waitingIn(store)).toEqual(["a"]);
  });

  it("leaves out what SQLite refuses of it, says so, and keeps the rest", async () => {
    const { database, store, problems, rows } = setUp();
    await store.outbox.append([delivery("a")]);
    const broken = '[{"append":[{"place":1,"body":{"id":"ntf_x","createdAt":"never"},"to":[]}]}]';
    database.handle.prepare("insert into journal values (2, ?)").run(broken);
    expect(waitingIn(store)).toEqual(["a"]);
    expect(problems).toEqual([new TypeError("A notification cannot be created at never.")]);
    expect(rows()).toEqual([0, 1, 1, 0]);
  });

  it("gives no place twice where the clock was set back", async () => {
    const { path, store } = setUp();
    await store.outbox.append([delivery("now")]);
    await store.outbox.append([delivery("then", { createdAt: START - 60_000 })]);
    await store.outbox.append([delivery("also then", { createdAt: START - 60_000 })]);
    expect(waitingIn(setUp(asAfterCrash(path)).store).sort()).toEqual(["also then", "now", "then"]);
    expect(waitingIn(store).sort()).toEqual(["also then", "now", "then"]);
  });

  it("is empty after an orderly end", async () => {
    const { path, database, store } = setUp();
    await store.outbox.append([delivery("a")]);
    await store.close();
    await database.close();
    const db = new DatabaseSync(path, { readOnly: true });
    onTestFinished(() => db.close());
    expect(
      db.prepare("select (select count(*) from journal) as j, (select count(*) from deliveries) as d").get(),
    ).toEqual({ j: 0, d: 1 });
  });
});

it("a file from before the journal gets one, and keeps what it has", async () => {
  const path = temporaryFile();
  const db = new DatabaseSync(path);
  migrate(db, MIGRATIONS.slice(0, 1));
  db.exec(`
    insert into notifications (place, id, created_at, type, severity, body)
      values (1024, 'ntf_old', 1, 'general', 'info', '{"id":"ntf_old","createdAt":1,"type":"general","severity":"info","title":"old"}');
    insert into deliveries (place, ordinal, id, lane, rank, state, progress) values (1024, 0, 'dlv_old', 'a', 0, 'waiting', '{"enqueuedAt":1}');
  `);
  db.close();
  const { store, database } = setUp(path);
  expect(database.handle.prepare("pragma user_version").get()).toEqual({ user_version: MIGRATIONS.length });
  await store.outbox.append([delivery("new")]);
  expect(waitingIn(store).sort()).toEqual(["new", "old"]);
});
