/** A store that cannot be opened, read or written: the application goes on, and says so. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unavailable } from "../../testing/outcomes.ts";
import { StoreError } from "../errors/store-error.ts";
import { APPLICATION_ID } from "../store/sqlite/inspect.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { quietNotifier } from "./notifier.fixture.ts";

const cleanups: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-trouble-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  rmSync(folder, { recursive: true });
});

const file = (): string => join(folder, "alerts.db");

/** What takes turns of the event loop and of the disk, not time. */
async function untilTrue(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo).toBe(true);
}

/** Files that are of no use, and what is said about each. */
const UNUSABLE: readonly {
  readonly name: string;
  readonly make: () => Promise<() => unknown>;
  readonly says: RegExp;
}[] = [
  {
    name: "another program's file",
    make: async () => {
      writeFileSync(file(), "not a database, but somebody's letter to his mother, and long enough to be read");
      return () => readFileSync(file(), "utf8");
    },
    says: /^STORE_FOREIGN: .*alerts\.db belongs to another program.*Use another file/,
  },
  {
    name: "a damaged file",
    make: async () => {
      await openSqliteStore({ database: file() }).close();
      const bytes = readFileSync(file());
      writeFileSync(file(), bytes.fill(7, 4_096));
      return () => readFileSync(file()).equals(bytes);
    },
    says: /^STORE_CORRUPT: .*alerts\.db is damaged.*put a backup in its place/,
  },
  {
    name: "a file of a newer version",
    make: async () => {
      const db = new DatabaseSync(file());
      db.exec(`create table a (x); pragma application_id = ${APPLICATION_ID}; pragma user_version = 99`);
      db.close();
      return () => readFileSync(file()).length;
    },
    says: /^STORE_NEWER: .*alerts\.db was written by a newer version.*Install that version/,
  },
  {
    name: "a folder",
    make: async () => {
      mkdirSync(file());
      return () => readdirSync(file());
    },
    says: /^STORE_UNREACHABLE: .*alerts\.db is not a file/,
  },
  {
    name: "a file that is open elsewhere",
    make: async () => {
      const owner = openSqliteStore({ database: file() });
      cleanups.push(() => owner.close());
      return () => owner.outbox.backlog();
    },
    says: /^STORE_IN_USE: .*alerts\.db is open in this process already/,
  },
];

describe("a store that cannot be opened", () => {
  it.each(UNUSABLE)("for $name leaves the notifier in memory, which says why", async ({ make, says }) => {
    const look = await make();
    const before = look();
    const { notifier, channel, logger } = quietNotifier({ store: () => openSqliteStore({ database: file() }) });
    const error = expect.stringMatching(says);
    expect(notifier.status().store).toEqual({ isDurable: false, pendingWrites: 0, error });
    expect(logger.error).toHaveBeenCalledWith(expect.stringMatching(/^the store fails, going on in memory: STORE_/));
    const receipt = notifier.notify({ title: "1" });
    expect([await receipt.accepted, await receipt.settled]).toMatchObject([true, { success: true }]);
    expect(channel.sent).toHaveLength(1);
    await notifier.close();
    expect(look()).toEqual(before);
  });

  it("is the programmer's to mend when a setting of it is wrong", () => {
    const open = () => openSqliteStore({ database: file(), keepMs: -1 });
    expect(() => quietNotifier({ store: open })).toThrow(expect.objectContaining({ code: "CONFIG_STORE" }));
  });

  it("is an error where it was opened by the program itself", () => {
    writeFileSync(file(), "x".repeat(5_000));
    expect(() => openSqliteStore({ database: file() })).toThrow(StoreError);
  });
});

describe("a store that cannot be read", () => {
  it("keeps nothing from being sent, and its backlog for a process that can read it", async () => {
    const store = openSqliteStore({ database: file() });
    const torn = (): never => {
      throw new StoreError("STORE_CORRUPT", "is damaged.", { path: file() });
    };
    const outbox = {
      ...store.outbox,
      backlog: () => [{ lane: "default", waiting: 3 }],
      page: torn,
      recentRequests: torn,
    };
    const { notifier, channel } = quietNotifier({ store: { ...store, outbox } });
    expect(notifier.status().store.error).toContain("is damaged");
    notifier.notify({ title: "new" });
    await untilTrue(() => channel.sent.length === 1);
    await notifier.close();
  });
});

describe("a store that cannot be written", () => {
  function grow({ database: { handle } }: SqliteStore, pages: number): void {
    const size = Number(handle.prepare("pragma page_count").get()?.["page_count"]);
    handle.exec(`pragma max_page_count = ${size + pages}`);
  }

  it("does not keep notifications from being told, and has them all when there is room again", async () => {
    // The notifier's clock is months behind the store's: nothing must leave for its age.
    const store = openSqliteStore({ database: file(), keepMs: Number.POSITIVE_INFINITY });
    const { notifier, clock, channel, logger } = quietNotifier({ store });
    grow(store, 0);
    const message = "x".repeat(4_000);
    const receipts = Array.from({ length: 20 }, (_, n) => notifier.notify({ title: String(n), message }));
    await untilTrue(() => notifier.status().store.error !== null);
    expect(notifier.status().store.error).toMatch(/alerts\.db cannot grow: the disk is full\. Make room/);
    await untilTrue(() => channel.sent.length > 0);
    expect(logger.error).toHaveBeenCalledWith(expect.stringContaining("going on in memory"));
    grow(store, 1_000_000);
    await clock.advance(60_000);
    await Promise.all(receipts.map(({ settled }) => settled));
    await expect
      .poll(() => clock.advance(30_000).then(() => notifier.status().store))
      .toMatchObject({ pendingWrites: 0, error: null });
    expect((await store.history.query({ statuses: ["delivered"] })).items).toHaveLength(20);
    await notifier.close();
  });

  it("has accepted what it has, and what has been told: nothing else", async () => {
    const store = openSqliteStore({ database: file() });
    const { notifier, clock, channel } = quietNotifier({ store });
    grow(store, 0);
    channel.answer(unavailable());
    const message = "x".repeat(4_000);
    const receipt = notifier.notify({
      title: "1",
      message,
      fields: Array.from({ length: 20 }, () => ({ name: "a", value: message, inline: false })),
    });
    let accepted: boolean | null = null;
    void receipt.accepted.then((is) => {
      accepted = is;
    });
    await untilTrue(() => channel.sent.length === 1);
    expect([notifier.status().store.pendingWrites > 0, accepted]).toEqual([true, null]);
    // The second try arrives.
    await clock.advance(5_000);
    await untilTrue(() => channel.sent.length === 2);
    await untilTrue(() => accepted === true);
    grow(store, 1_000_000);
    await clock.advance(60_000);
    await notifier.close();
  });
});
