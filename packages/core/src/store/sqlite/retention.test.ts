import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { delivered, delivery, rejected, waitingIn } from "../../../testing/store-conformance/scenes.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { HistoryDetail } from "../../history/history.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

function setUp(options: Partial<SqliteStoreOptions> = {}) {
  const clock = createVirtualClock({ startAt: START });
  const path = temporaryFile();
  const problems: unknown[] = [];
  const store = openSqliteStore({ database: path, clock, onProblem: (problem) => problems.push(problem), ...options });
  onTestFinished(() => store.close());
  const folder = `${path}.archive`;
  const archived = (file: string): string[] =>
    gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => (JSON.parse(line) as HistoryDetail).notification.title ?? "");
  const titles = async () =>
    (await store.history.query({ limit: 500 })).items.map(({ notification }) => notification.title);
  /** Accepted and delivered, so many hours after the start. */
  const put = async (name: string, hours: number) => {
    const record = delivery(name, { createdAt: START + hours * 3_600_000 });
    await store.outbox.append([record]);
    await store.outbox.settle([delivered(record)]);
    return record;
  };
  return { clock, path, store, folder, archived, titles, put, problems };
}

/** As a disk does: takes a part and calls that a success, and refuses only the next write. */
function leaveRoomFor(bytes: number, sample: FileHandle) {
  onTestFinished(() => sample.close());
  type Write = (
    ...what: [data: Uint8Array, from: number, length: number, at: number]
  ) => Promise<{ bytesWritten: number }>;
  const handles = Object.getPrototypeOf(sample) as { write: Write };
  const { write } = handles;
  let left = bytes;
  return vi.spyOn(handles, "write").mockImplementation(function (this: unknown, ...[data, from, , at]) {
    const taken = left;
    left = 0;
    if (taken > 0) return write.call(this, data, from, taken, at);
    return Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
  });
}

describe("retention", () => {
  it("keeps seven days, and archives what is older in a file for each day", async () => {
    const { clock, store, folder, archived, titles, put } = setUp();
    await put("a", 1);
    await put("b", 23);
    await put("c", 25);
    await put("d", 49);
    await clock.advance(9 * DAY_MS);
    expect(await store.sweep()).toEqual({ deleted: 3, archived: 3 });
    expect(await titles()).toEqual(["d"]);
    expect(readdirSync(folder).sort()).toEqual(["2026-01-01.ndjson.gz", "2026-01-02.ndjson.gz"]);
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["a", "b"]);
    expect(archived("2026-01-02.ndjson.gz")).toEqual(["c"]);
    expect(statSync(join(folder, "2026-01-01.ndjson.gz")).mode & 0o777).toBe(0o600);
    expect(await store.sweep()).toEqual({ deleted: 0, archived: 0 });
  });

  it("archives a notification with every try", async () => {
    const { clock, store, folder, put } = setUp();
    const record = await put("a", 0);
    const before = await store.history.find(record.notification.id);
    await clock.advance(8 * DAY_MS);
    await store.sweep();
    const [line] = gunzipSync(readFileSync(join(folder, "2026-01-01.ndjson.gz")))
      .toString()
      .split("\n");
    expect(JSON.parse(line!)).toEqual(JSON.parse(JSON.stringify(before)));
    expect(before?.deliveries[0]?.tries).toHaveLength(1);
  });

  it("never takes out what still waits", async () => {
    const { clock, store, titles } = setUp();
    await store.outbox.append([delivery("old", { createdAt: START })]);
    await clock.advance(100 * DAY_MS);
    expect(await store.sweep()).toEqual({ deleted: 0, archived: 0 });
    expect(await titles()).toEqual(["old"]);
    expect(waitingIn(store)).toEqual(["old"]);
  });

  it("is not opened to keep nothing, and leaves no file then", () => {
    const path = temporaryFile();
    for (const keepMs of [0, -1, Number.NaN])
      expect(() => openSqliteStore({ database: path, keepMs })).toThrow(/CONFIG_STORE: keepMs/);
    expect(existsSync(path)).toBe(false);
  });

  it("archives once what two sweeps find at the same time", async () => {
    const { clock, store, archived, put } = setUp();
    await put("a", 0);
    await clock.advance(8 * DAY_MS);
    const sweeps = await Promise.all([store.sweep(), store.sweep()]);
    expect(sweeps.map(({ deleted }) => deleted)).toEqual([1, 0]);
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["a"]);
  });

  it("lets go of short spans of statistics, and keeps long ones", async () => {
    const { clock, store, put } = setUp();
    await put("a", 0);
    const spansIn = (table: string) =>
      store.database.reader
        .prepare(`select span_ms from ${table} order by span_ms`)
        .all()
        .map(({ span_ms }) => span_ms);
    const after = async (days: number) => {
      await clock.advance(START + days * DAY_MS - clock.now());
      await store.sweep();
      return [spansIn("roll_ups"), spansIn("roll_up_totals")];
    };
    const all = [60_000, 600_000, 3_600_000, 86_400_000];
    expect(await after(7)).toEqual([all, all]);
    expect(await after(9)).toEqual([all.slice(1), all.slice(1)]);
    expect(await after(32)).toEqual([all.slice(2), all.slice(2)]);
    expect(await after(93)).toEqual([all.slice(3), all.slice(3)]);
    expect(await after(10_000)).toEqual([all.slice(3), all.slice(3)]);
  });

  it("does not take out what somebody replays at that moment", async () => {
    const { clock, store, titles } = setUp();
    const record = delivery("1", { createdAt: START });
    await store.outbox.append([record]);
    await store.outbox.settle([rejected(record)]);
    await clock.advance(8 * DAY_MS);
    const sweeping = store.sweep();
    await store.deadLetters.replay({ ids: [record.id] });
    await sweeping;
    expect([await titles(), waitingIn(store)]).toEqual([["1"], ["1"]]);
  });

  it("keeps statistics of what is gone, and its words no longer", async () => {
    const { clock, store, put } = setUp();
    await put("gone", 0);
    expect((await store.history.query({ text: "gone" })).items).toHaveLength(1);
    await clock.advance(8 * DAY_MS);
    await store.sweep();
    expect((await store.history.query({ text: "gone" })).items).toHaveLength(0);
    const { total } = await store.history.statistics({ from: START, to: START + DAY_MS });
    expect(total.ends).toEqual({ delivered: 1 });
    const words = store.database.reader.prepare("select count(*) as n from notification_words").get();
    expect(words).toEqual({ n: 0 });
  });

  it("counts what it takes out, even if nobody had come to count it", async () => {
    const clock = createVirtualClock({ startAt: START });
    const path = temporaryFile();
    const record = delivery("1", { createdAt: START });
    const first = openSqliteStore({ database: path, clock });
    await first.outbox.append([record]);
    await first.outbox.settle([delivered(record)]);
    await first.close();
    await clock.advance(8 * DAY_MS);
    const store = openSqliteStore({ database: path, clock });
    onTestFinished(() => store.close());
    expect((await store.sweep()).deleted).toBe(1);
    const { total } = await store.history.statistics({ from: START, to: START + DAY_MS });
    expect(total.ends).toEqual({ delivered: 1 });
  });

  it("goes on counting when all that was counted is gone", async () => {
    const { clock, path, store, put } = setUp();
    for (const name of ["a", "b", "c"]) await put(name, 0);
    await clock.advance(8 * DAY_MS);
    await store.sweep();
    await put("d", 8 * 24);
    const during = { from: START, to: START + 20 * DAY_MS };
    expect((await store.history.statistics(during)).total.ends).toEqual({ delivered: 4 });
    await clock.advance(8 * DAY_MS);
    await store.sweep();
    await store.close();
    const next = openSqliteStore({ database: path, clock });
    onTestFinished(() => next.close());
    const record = delivery("e", { createdAt: START + 16 * DAY_MS });
    await next.outbox.append([record]);
    await next.outbox.settle([delivered(record)]);
    expect((await next.history.statistics(during)).total.ends).toEqual({ delivered: 5 });
  });

  it("works through more than a chunk, and adds to the day's file", async () => {
    const { clock, store, archived, titles } = setUp();
    const records = Array.from({ length: 450 }, (_, n) =>
      delivery(String(n).padStart(3, "0"), { createdAt: START + n }),
    );
    await store.outbox.append(records);
    await store.outbox.settle(records.map((one) => (one.id.endsWith("7") ? rejected(one) : delivered(one))));
    await clock.advance(8 * DAY_MS);
    expect(await store.sweep()).toEqual({ deleted: 450, archived: 450 });
    expect(await titles()).toEqual([]);
    expect(archived("2026-01-01.ndjson.gz")).toEqual(records.map(({ notification }) => notification.title));
  });

  it("deletes without an archive where none is wanted, and nothing where everything is kept", async () => {
    const without = setUp({ archiveFolder: null });
    await without.put("a", 0);
    await without.clock.advance(8 * DAY_MS);
    expect(await without.store.sweep()).toEqual({ deleted: 1, archived: 0 });
    expect(() => readdirSync(without.folder)).toThrow("ENOENT");
    const forever = setUp({ keepMs: Number.POSITIVE_INFINITY });
    await forever.put("a", 0);
    await forever.clock.advance(10_000 * DAY_MS);
    expect(await forever.store.sweep()).toEqual({ deleted: 0, archived: 0 });
  });

  it("happens by itself some time after a write, and holds no timer then", async () => {
    const { clock, store, put, titles } = setUp();
    await put("a", 0);
    await clock.advance(8 * DAY_MS);
    expect(clock.pending).toBe(0);
    await put("b", 8 * 24);
    await clock.advance(1_000);
    await expect.poll(titles).toEqual(["b"]);
    await store.outbox.settle([]);
    await expect.poll(() => clock.advance(1_000).then(() => clock.pending)).toBe(0);
  });
});

describe("a crash between archive and deletion", () => {
  it("neither loses nor doubles anything", async () => {
    const { clock, store, folder, archived, titles, put } = setUp();
    await put("a", 0);
    await put("b", 1);
    await clock.advance(8 * DAY_MS);
    // The deletion fails after the archive was written, as when the process dies there.
    store.database.handle.exec(
      "create temp trigger no before delete on notifications begin select raise(abort, 'no'); end",
    );
    await expect(store.sweep()).rejects.toMatchObject({ code: "STORE_REFUSED" });
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["a", "b"]);
    expect(await titles()).toEqual(["b", "a"]);
    store.database.handle.exec("drop trigger no");
    await store.sweep();
    expect(await titles()).toEqual([]);
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["a", "b"]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("overwrites what it had torn off", async () => {
    const { clock, store, folder, archived, put } = setUp();
    await put("a", 0);
    await clock.advance(7 * DAY_MS + 1_000);
    await store.sweep();
    await put("b", 1);
    const file = join(folder, "2026-01-01.ndjson.gz");
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.concat([whole, Buffer.alloc(5_000, 7)]));
    await clock.advance(DAY_MS);
    await store.sweep();
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["a", "b"]);
    expect(statSync(file).size).toBeLessThan(2_000);
  });
});

describe("an archive", () => {
  it("is begun anew where its file was taken away", async () => {
    const { clock, store, folder, archived, put } = setUp();
    await put("a", 0);
    await clock.advance(7 * DAY_MS + 1_000);
    await store.sweep();
    rmSync(folder, { recursive: true });
    await put("b", 1);
    await clock.advance(DAY_MS);
    await store.sweep();
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["b"]);
  });

  it("of which somebody has cut off a part is begun anew, and what is there of it is kept", async () => {
    const { clock, store, folder, archived, put } = setUp();
    await put("a", 0);
    await clock.advance(7 * DAY_MS + 1_000);
    await store.sweep();
    const file = join(folder, "2026-01-01.ndjson.gz");
    truncateSync(file, 100);
    const rest = readFileSync(file);
    await put("b", 1);
    await clock.advance(DAY_MS);
    await store.sweep();
    expect(archived("2026-01-01.ndjson.gz")).toEqual(["b"]);
    expect(readFileSync(`${file}.short-100`)).toEqual(rest);
  });

  it("on a disk that is nearly full keeps what it had, and what did not fit stays in the database", async () => {
    const { clock, store, folder, archived, titles, put } = setUp();
    await put("a", 0);
    await clock.advance(7 * DAY_MS + 1_000);
    await store.sweep();
    await put("b", 1);
    await clock.advance(DAY_MS);
    const room = leaveRoomFor(10, await open(join(folder, "2026-01-01.ndjson.gz")));
    await expect(store.sweep()).rejects.toThrow(
      /^STORE_FULL: .*cannot be written \(ENOSPC\).* Make room, or name another/,
    );
    room.mockRestore();
    expect([await titles(), archived("2026-01-01.ndjson.gz")]).toEqual([["b"], ["a"]]);
    expect(await store.sweep()).toEqual({ deleted: 1, archived: 1 });
    expect([await titles(), archived("2026-01-01.ndjson.gz")]).toEqual([[], ["a", "b"]]);
  });

  it("that cannot be written keeps everything in the database, and says so", async () => {
    const { clock, store, folder, titles, put, problems } = setUp();
    writeFileSync(folder, "a file where the folder should be");
    await put("a", 0);
    await clock.advance(8 * DAY_MS);
    await expect(store.sweep()).rejects.toThrow(
      /^STORE_UNREACHABLE: .*2026-01-01.ndjson.gz cannot be written \(EEXIST\), so what was to go there stays in the history\. Give .*, or name another archive folder\.$/,
    );
    await put("b", 8 * 24);
    await clock.advance(1_000);
    await expect.poll(() => problems.length).toBe(1);
    expect(await titles()).toEqual(["b", "a"]);
    rmSync(folder);
    mkdirSync(folder);
    expect(await store.sweep()).toEqual({ deleted: 1, archived: 1 });
  });
});
