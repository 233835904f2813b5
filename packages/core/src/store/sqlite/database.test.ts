import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { StoreError } from "../../errors/store-error.ts";
import { openSqliteDatabase, type SqliteDatabase } from "./database.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

const NOW = Date.UTC(2026, 0, 1);

function open(path: string): SqliteDatabase {
  const database = openSqliteDatabase({ path, now: NOW, busyTimeoutMs: 50 });
  onTestFinished(() => database.close());
  return database;
}

/** What opening the file fails with. */
function failureOf(path: string): StoreError {
  try {
    open(path);
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return error as StoreError;
  }
  throw new Error("it could be opened");
}

async function makeDatabase(path: string): Promise<void> {
  const database = openSqliteDatabase({ path, now: NOW });
  const insert = database.handle.prepare("insert into memory_facts (key, value) values (?, ?)");
  await database.transaction(() => {
    for (let n = 0; n < 2_000; n++) insert.run(`key-${n}`, "x".repeat(100));
  });
  await database.close();
}

describe("a quick transaction", () => {
  const safety = (database: SqliteDatabase) => database.handle.prepare("pragma synchronous").get()!["synchronous"];

  it("does not wait for the disk, and leaves everybody else waiting for it as before", async () => {
    const database = open(temporaryFile());
    onTestFinished(() => database.close());
    expect(await database.quickTransaction(() => safety(database))).toBe(1);
    expect(await database.transaction(() => safety(database))).toBe(2);
    const failing = database.quickTransaction(() => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(safety(database)).toBe(2);
  });

  it("is on the disk once that has been asked for", async () => {
    const database = open(temporaryFile());
    onTestFinished(() => database.close());
    await database.quickTransaction(() => database.handle.exec("insert into memory_facts values ('a', '1')"));
    await expect(database.sync()).resolves.toBeUndefined();
  });
});

describe("a file that can be used", () => {
  it("is made for its owner alone, together with its folder", async () => {
    const path = join(dirname(temporaryFile()), "deep", "er", "t.db");
    const database = open(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(database.handle.prepare("pragma journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(database.handle.prepare("pragma synchronous").get()).toEqual({ synchronous: 2 });
    await database.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it("may be there already, empty", () => {
    const path = temporaryFile();
    writeFileSync(path, "");
    expect(open(path).path).toBe(path);
  });

  it("is opened again by the next one, as soon as it is closed", async () => {
    const path = temporaryFile();
    await makeDatabase(path);
    expect(open(path).reader.prepare("select count(*) as n from memory_facts").get()).toEqual({ n: 2_000 });
  });
});

describe("a file that cannot be used is told by name and remedy, and left as it was", () => {
  it.each([
    ["a text", "STORE_FOREIGN", (path: string) => writeFileSync(path, "Dear diary, ".repeat(1_000))],
    ["a few bytes", "STORE_FOREIGN", (path: string) => writeFileSync(path, "hi")],
    ["another program's database", "STORE_FOREIGN", (path: string) => makeForeign(path, 0)],
    ["another program's database with a mark", "STORE_FOREIGN", (path: string) => makeForeign(path, 1_234)],
    ["a newer schema", "STORE_NEWER", makeNewer],
    ["pages overwritten", "STORE_CORRUPT", (path: string) => overwrite(path, { from: 4_096 * 3, bytes: 4_096 * 20 })],
    [
      "a page of zeros",
      "STORE_CORRUPT",
      (path: string) => overwrite(path, { from: 4_096 * 30, bytes: 4_096, value: 0 }),
    ],
    ["the end missing", "STORE_CORRUPT", (path: string) => truncateSync(path, statSync(path).size - 4_096 * 10)],
    ["the beginning overwritten", "STORE_FOREIGN", (path: string) => overwrite(path, { from: 0, bytes: 100 })],
  ] as const)("%s: %s", async (_name, code, spoil) => {
    const path = temporaryFile();
    await makeDatabase(path);
    spoil(path);
    const before = readFileSync(path);
    const { code: told, message } = failureOf(path);
    expect(told, message).toBe(code);
    expect(message).toContain(path);
    expect(message).toMatch(/(Use another file|Install that version|Move it away)/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("a folder", () => {
    const path = temporaryFile();
    mkdirSync(path);
    expect(failureOf(path).code).toBe("STORE_UNREACHABLE");
  });

  it("a path through a file", () => {
    const path = temporaryFile();
    writeFileSync(path, "");
    expect(failureOf(join(path, "t.db")).code).toBe("STORE_UNREACHABLE");
  });

  it("a database without any of our tables is ours to use only when nobody has marked it", () => {
    const path = temporaryFile();
    const db = new DatabaseSync(path);
    db.exec("pragma application_id = 77");
    db.close();
    expect(failureOf(path).code).toBe("STORE_FOREIGN");
  });
});

describe("a file without the right to write it", () => {
  it.each([
    ["the file", 0o444, 0o777],
    ["its folder", 0o444, 0o555],
  ])("is told: %s", async (_name, fileMode, folderMode) => {
    const path = temporaryFile();
    await makeDatabase(path);
    chmodSync(path, fileMode);
    chmodSync(`${path}.lock`, 0o666);
    chmodSync(dirname(path), folderMode);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    expect(await openAsNobody(path)).toContain(`STORE_READ_ONLY: ${path}`);
  });

  it("is told where there is no file yet", async () => {
    const path = temporaryFile();
    chmodSync(dirname(path), 0o555);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    expect(await openAsNobody(path)).toContain(`STORE_READ_ONLY: ${path}`);
    expect(existsSync(path)).toBe(false);
  });
});

describe("a file that is in use", () => {
  it("is told with the process and since when, also to the same process", () => {
    const path = temporaryFile();
    open(path);
    const { code, message } = failureOf(path);
    expect(code).toBe("STORE_IN_USE");
    expect(message).toBe(
      `STORE_IN_USE: ${path} is open in this process already, since 2026-01-01T00:00:00.000Z. End that one, or use another file.`,
    );
  });

  it("is free again at once when its process is killed", async () => {
    const path = temporaryFile();
    const child = runChild(`
      import { openSqliteDatabase } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
      openSqliteDatabase({ path: ${JSON.stringify(path)}, now: ${NOW} });
      console.log("open");
      setInterval(() => {}, 1_000);
    `);
    await once(child.stdout, "data");
    expect(failureOf(path).message).toContain(`is open in process ${child.pid}, since 2026`);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(open(path).handle.isOpen).toBe(true);
  });

  it("can still be read by others, a backup for instance", () => {
    const path = temporaryFile();
    open(path);
    const other = new DatabaseSync(path, { readOnly: true });
    expect(other.prepare("select count(*) as n from notifications").get()).toEqual({ n: 0 });
    other.close();
  });
});

describe("transactions", () => {
  it("are taken back as a whole when their work throws", async () => {
    const { handle, transaction } = open(temporaryFile());
    const work = (): never => {
      handle.exec("insert into memory_facts values ('a', '1')");
      throw new Error("no");
    };
    await expect(transaction(work)).rejects.toThrow("no");
    expect(handle.isTransaction).toBe(false);
    expect(handle.prepare("select count(*) as n from memory_facts").get()).toEqual({ n: 0 });
  });

  it("wait for whoever holds the connection, in the order of asking", async () => {
    const { handle, reader, exclusive, transaction } = open(temporaryFile());
    const order: string[] = [];
    const held = Promise.withResolvers<void>();
    const first = exclusive(async () => {
      handle.exec("begin immediate; insert into memory_facts values ('first', '1')");
      await held.promise;
      handle.exec("commit");
      order.push("first");
    });
    const second = transaction(() => order.push("second"));
    const third = exclusive(() => order.push("third"));
    await new Promise(setImmediate);
    expect(order).toEqual([]);
    // Nobody acts on what is not committed yet.
    expect(reader.prepare("select count(*) as n from memory_facts").get()).toEqual({ n: 0 });
    held.resolve();
    await Promise.all([first, second, third]);
    expect(order).toEqual(["first", "second", "third"]);
    expect(reader.prepare("select count(*) as n from memory_facts").get()).toEqual({ n: 1 });
  });

  it("let the next one through after a failure", async () => {
    const { exclusive } = open(temporaryFile());
    await expect(exclusive(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await exclusive(() => 5)).toBe(5);
  });

  it("say so when another process holds the file for too long", async () => {
    const path = temporaryFile();
    const { transaction } = open(path);
    const other = new DatabaseSync(path);
    other.exec("begin immediate");
    await expect(transaction(() => {})).rejects.toMatchObject({ code: "STORE_BUSY" });
    other.exec("rollback");
    other.close();
    await transaction(() => {});
  });
});

function makeForeign(path: string, applicationId: number): void {
  truncateSync(path, 0);
  const db = new DatabaseSync(path);
  db.exec(`pragma journal_mode = wal; create table diary (day text); pragma application_id = ${applicationId}`);
  db.close();
}

function makeNewer(path: string): void {
  const db = new DatabaseSync(path);
  db.exec("pragma user_version = 1000");
  db.close();
}

function overwrite(path: string, { from, bytes, value = 0xa5 }: { from: number; bytes: number; value?: number }): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(bytes, value), 0, bytes, from);
  closeSync(file);
}

function runChild(source: string, user: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", source], { ...user, stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Rights mean nothing to the administrator, as whom the tests may run. */
async function openAsNobody(path: string): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const child = runChild(
    `
    import { openSqliteDatabase } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
    try {
      openSqliteDatabase({ path: ${JSON.stringify(path)}, now: 0 });
      console.log("opened");
    } catch (error) {
      console.log(error.message);
    }
  `,
    isRoot ? { uid: 65_534, gid: 65_534 } : {},
  );
  let told = "";
  for await (const chunk of child.stdout) told += chunk;
  return told;
}
