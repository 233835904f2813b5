/**
 * The SQLite store in a simulated run: the real one, on a file, with its group commits, roll-ups and word index, whose commits take
 * virtual time. A process that dies leaves the files as they are at that instant, the write-ahead log unfinished.
 *
 * Faults strike at SQLite itself: another connection holds the file, the file may not grow, a commit fails after everything was
 * written, or the disk does not confirm what was committed.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../src/clock/clock.ts";
import type { Defer } from "../../src/clock/turn.ts";
import type { Durable, Memory, Outbox } from "../../src/delivery/outbox.ts";
import type { History, HistoryDetail } from "../../src/history/history.ts";
import { openSqliteDatabase, type SqliteDatabase } from "../../src/store/sqlite/database.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { commitMs, type DiskParts, type DiskRecords, type SimulatedDisk, storeFault } from "./disk.ts";
import { type FaultStep, LANES } from "./plan.ts";

const FILE = "tocsin.db";
/** Over the whole of any run. */
const ALL_TIME_MS = 10 * 86_400_000;
const SQLITE_IOERR = 10;
/** What is committed is told only when the disk has it. */
const SYNC_MS = 5;

export function createSqliteDisk(parts: DiskParts): SimulatedDisk {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-simulated-"));
  let life = 0;
  let current: { readonly store: SqliteStore; readonly close: () => void } | null = null;

  return {
    open(clock) {
      const path = join(folder, String(life), FILE);
      const database = openSqliteDatabase({ path, now: clock.now(), busyTimeoutMs: 0 });
      // A process that dies loses nothing that the system has; a machine that does is SQLite's business.
      database.handle.exec("pragma synchronous = off");
      const rival = new DatabaseSync(path, { timeout: 0 });
      const commits = createSlowCommits(parts, clock);
      const store = openSqliteStore({
        database: createFaultyDatabase(database, rival, {
          clock,
          failure: () => storeFault("store-fails", parts, clock.now())?.how,
        }),
        clock,
        defer: commits.defer,
        keepMs: Number.POSITIVE_INFINITY,
      });
      const close = (): void => {
        rival.close();
        void database.close();
      };
      current = { store, close };
      let isAlive = true;
      return {
        ...mortal(store, () => isAlive),
        waiting: () => LANES.flatMap((lane) => store.outbox.page(lane, null, Number.MAX_SAFE_INTEGER)),
        crash(midCommit) {
          isAlive = false;
          if (midCommit) commits.finish();
          const dead = join(folder, String(life));
          life++;
          copyFiles(dead, join(folder, String(life)));
          close();
          current = null;
          rmSync(dead, { recursive: true });
        },
      };
    },
    records: () => recordsOf(current!.store.history, parts.startAt),
    async dispose() {
      current?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** As the process has left them: nothing is checkpointed, and the index of the log is lost. */
function copyFiles(from: string, to: string): void {
  mkdirSync(to);
  for (const name of [FILE, `${FILE}-wal`]) cpSync(join(from, name), join(to, name));
}

function createSlowCommits(parts: DiskParts, clock: Clock): { readonly defer: Defer; finish(): void } {
  const planned = new Set<() => void>();
  return {
    defer(fire) {
      planned.add(fire);
      const now = clock.now();
      clock.schedule(now + commitMs(parts, now), () => {
        planned.delete(fire);
        fire();
      });
    },
    finish() {
      for (const fire of planned) fire();
    },
  };
}

interface Seam {
  readonly clock: Clock;
  readonly failure: () => Extract<FaultStep, { kind: "store-fails" }>["how"] | undefined;
}

/** Transactions run at once, because nobody here holds one for longer than that. */
function createFaultyDatabase(database: SqliteDatabase, rival: DatabaseSync, { clock, failure }: Seam): SqliteDatabase {
  const { handle } = database;

  function transaction<Result>(work: () => Result): Promise<Result> {
    switch (failure()) {
      case undefined:
      case "sync":
        return database.transaction(work);
      case "busy": {
        rival.exec("begin immediate");
        const done = database.transaction(work);
        rival.exec("rollback");
        return done;
      }
      case "full": {
        handle.exec(`pragma max_page_count = ${Number(handle.prepare("pragma page_count").get()?.["page_count"])}`);
        const done = database.transaction(work);
        handle.exec("pragma max_page_count = 1000000");
        return done;
      }
      case "commit":
        return database.transaction(() => {
          work();
          throw ioError();
        });
    }
  }

  const sync = (): Promise<void> =>
    new Promise((resolve, reject) => {
      clock.schedule(clock.now() + SYNC_MS, () => (failure() === "sync" ? reject(ioError()) : resolve()));
    });
  const quickTransactionNow: SqliteDatabase["quickTransactionNow"] = (work) => {
    try {
      return database.quickTransactionNow(work);
    } finally {
      handle.exec("pragma synchronous = off");
    }
  };
  return { ...database, transaction, quickTransaction: transaction, quickTransactionNow, sync };
}

function ioError(): Error {
  return Object.assign(new Error("disk I/O error"), { errcode: SQLITE_IOERR });
}

/** Nobody hears of a write after the process has died, and nobody can ask for one. */
function mortal({ outbox, memory }: SqliteStore, isAlive: () => boolean): { outbox: Outbox; memory: Memory } {
  const write = (ask: () => Durable): Durable =>
    new Promise((resolve, reject) => {
      if (!isAlive()) return;
      ask()?.then(
        () => isAlive() && resolve(),
        (error: unknown) => isAlive() && reject(error),
      );
    });
  return {
    outbox: {
      ...outbox,
      append: (deliveries) => write(() => outbox.append(deliveries)),
      postpone: (postponements) => write(() => outbox.postpone(postponements)),
      amend: (delivery) => write(() => outbox.amend(delivery)),
      settle: (settlements) => write(() => outbox.settle(settlements)),
    },
    memory: {
      remember: (key, value) => write(() => memory.remember(key, value)),
      forget: (key) => write(() => memory.forget(key)),
      recall: memory.recall,
    },
  };
}

/** Everything that history tells, page by page. */
async function recordsOf(history: History, startAt: number): Promise<DiskRecords> {
  const details: HistoryDetail[] = [];
  let cursor: string | null = null;
  do {
    const { items, next } = await history.query({ cursor, limit: 50 });
    for (const { notification } of items) details.push((await history.find(notification.id))!);
    cursor = next;
  } while (cursor !== null);
  const deliveries = details.flatMap(({ notification, deliveries: all }) =>
    all.map((one) => ({ ...one, lane: one.destination, notification })),
  );
  const { total } = await history.statistics({ from: startAt, to: startAt + ALL_TIME_MS });
  return {
    waiting: deliveries.filter(({ result }) => result === null),
    settled: deliveries.flatMap(({ result, ...delivery }) => (result === null ? [] : { delivery, result })),
    attempts: deliveries.flatMap(({ id, tries }) => tries.map(({ outcome }) => ({ deliveryId: id, outcome }))),
    counted: total.ends,
  };
}
