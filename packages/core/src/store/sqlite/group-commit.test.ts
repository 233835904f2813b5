import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Defer } from "../../clock/turn.ts";
import { nextTurn } from "../../clock/turn.ts";
import { openSqliteDatabase } from "./database.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { Journal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

const ENTRY: JournalEntry = { kind: "settle", settled: [] };

/** Takes nothing, so that everything goes into the tables. */
function noJournal(bypass: () => void): Pick<Journal, "takes" | "write" | "bypass" | "unfold"> {
  return { takes: () => false, write: () => {}, bypass, unfold: () => 0 };
}

function setUp(defer: Defer = nextTurn) {
  const database = openSqliteDatabase({ path: temporaryFile(), now: 0 });
  onTestFinished(() => database.close());
  let transactions = 0;
  const disk = { isReady: (): Promise<unknown> => Promise.resolve() };
  const counted: typeof database = {
    ...database,
    quickTransaction: (work) => {
      transactions++;
      return database.quickTransaction(work);
    },
    sync: async () => {
      await disk.isReady();
      await database.sync();
    },
  };
  const insert = database.handle.prepare("insert into memory_facts (key, value) values (?, ?)");
  const bypass = vi.fn(() => void insert.run("a", "1"));
  const commits = createGroupCommit(counted, noJournal(bypass), defer);
  const put = (key: string, value: string | null = "1") => commits.write(() => void insert.run(key, value));
  const keys = () =>
    database.reader
      .prepare("select key from memory_facts order by key")
      .all()
      .map(({ key }) => key);
  return { database, commits, bypass, put, keys, disk, transactions: () => transactions };
}

describe("group commit", () => {
  it("commits everything of one turn at once", async () => {
    const { put, keys, transactions } = setUp();
    await Promise.all(["a", "b", "c"].map((key) => put(key)));
    expect(keys()).toEqual(["a", "b", "c"]);
    expect(transactions()).toBe(1);
  });

  it("resolves when it is committed, not before", async () => {
    const { put, keys } = setUp();
    const seen: unknown[] = [];
    const written = put("a").then(() => seen.push(...keys()));
    expect(keys()).toEqual([]);
    await written;
    expect(seen).toEqual(["a"]);
  });

  it("resolves when the disk has it, and lets others write meanwhile", async () => {
    const { put, keys, disk } = setUp();
    const slow = Promise.withResolvers<void>();
    disk.isReady = () => slow.promise;
    let isWritten = false;
    const first = put("a").then(() => {
      isWritten = true;
    });
    await vi.waitFor(() => expect(keys()).toEqual(["a"]));
    disk.isReady = () => Promise.resolve();
    await put("b");
    expect(isWritten).toBe(false);
    slow.resolve();
    await first;
    expect(isWritten).toBe(true);
  });

  it("tells what is committed before the disk has it", async () => {
    const { commits, keys, disk } = setUp();
    const slow = Promise.withResolvers<void>();
    disk.isReady = () => slow.promise;
    const seen: unknown[] = [];
    const written = commits.enter(ENTRY, () => seen.push("committed", ...keys())).then(() => seen.push("durable"));
    await vi.waitFor(() => expect(seen).toEqual(["committed", "a"]));
    slow.resolve();
    await written;
    expect(seen).toEqual(["committed", "a", "durable"]);
  });

  it("does not tell that what has failed is committed", async () => {
    const { commits, bypass } = setUp();
    const onCommitted = vi.fn();
    bypass.mockImplementation(() => {
      throw new Error("no");
    });
    await expect(commits.enter(ENTRY, onCommitted)).rejects.toThrow("no");
    expect(onCommitted).not.toHaveBeenCalled();
  });

  it("fails when the disk does", async () => {
    const { put, disk } = setUp();
    disk.isReady = () => Promise.reject(new Error("EIO"));
    await expect(put("a")).rejects.toThrow("EIO");
  });

  it("takes what is asked for while it waits for its turn into the same transaction", async () => {
    const { database, put, transactions } = setUp();
    const held = Promise.withResolvers<void>();
    const holding = database.exclusive(() => held.promise);
    const first = put("a");
    await new Promise(setImmediate);
    const second = put("b");
    held.resolve();
    await Promise.all([holding, first, second]);
    expect(transactions()).toBe(1);
  });

  it("gives back what a write returns", async () => {
    const { commits } = setUp();
    expect(await Promise.all([commits.write(() => 1), commits.write(() => "two")])).toEqual([1, "two"]);
  });

  it("fails a write that is itself at fault, and keeps the others", async () => {
    const { put, keys } = setUp();
    const outcomes = await Promise.allSettled([put("a"), put("b", null), put("c")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({ reason: { code: "STORE_REFUSED" } });
    expect(keys()).toEqual(["a", "c"]);
  });

  it("keeps nothing of a failed write that did several things", async () => {
    const { commits, put, keys, database } = setUp();
    const insert = database.handle.prepare("insert into memory_facts (key, value) values (?, ?)");
    const half = commits.write(() => {
      insert.run("half", "1");
      insert.run("half", "1");
    });
    await Promise.allSettled([half, put("a")]);
    await expect(half).rejects.toMatchObject({ code: "STORE_REFUSED" });
    expect(keys()).toEqual(["a"]);
  });

  it("fails all when the disk is full, works again when there is room, and has lost nothing of before", async () => {
    const { database, put, keys } = setUp();
    await put("before");
    const pages = Number(database.handle.prepare("pragma page_count").get()?.["page_count"]);
    database.handle.exec(`pragma max_page_count = ${pages + 1}`);
    const outcomes = await Promise.allSettled([put("small"), put("large", "x".repeat(100_000))]);
    // Two of one turn are kept together or not at all.
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "STORE_FULL", path: database.path } });
    }
    expect(keys()).toEqual(["before"]);
    database.handle.exec("pragma max_page_count = 1000000");
    await put("after");
    expect(keys()).toEqual(["after", "before"]);
  });

  it("fails all when somebody else holds the file, without waiting once for each", async () => {
    const { database, put, keys, transactions } = setUp();
    database.handle.exec("pragma busy_timeout = 20");
    const { DatabaseSync } = await import("node:sqlite");
    const other = new DatabaseSync(database.path);
    other.exec("begin immediate");
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => put(String(n))));
    expect(new Set(outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "kept")))).toEqual(
      new Set(["STORE_BUSY"]),
    );
    expect(transactions()).toBe(1);
    other.exec("rollback");
    other.close();
    await put("after");
    expect(keys()).toEqual(["after"]);
  });

  it("lets its caller choose the turn", async () => {
    const turns: (() => void)[] = [];
    const { put, keys } = setUp((fire) => turns.push(fire));
    const written = [put("a"), put("b")];
    await new Promise(setImmediate);
    expect([turns.length, keys()]).toEqual([1, []]);
    turns[0]!();
    await Promise.all(written);
    expect(keys()).toEqual(["a", "b"]);
  });

  it("is settled when everything asked for has been written or has failed", async () => {
    const { commits, put, keys } = setUp();
    const failing = put("b", null).catch(() => {});
    void put("a");
    await commits.settled();
    expect(keys()).toEqual(["a"]);
    await failing;
  });
});
