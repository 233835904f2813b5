/**
 * The SQLite store in a simulated run: the real one, on a file, with its group commits, roll-ups and word index, whose commits take
 * virtual time. A process that dies leaves the files as they are at that instant, the write-ahead log unfinished; a loss of power takes
 * from the log what nobody has synced.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/clock/clock.ts";
import type { Defer } from "../../src/clock/turn.ts";
import type { Durable, Memory, Outbox } from "../../src/delivery/outbox.ts";
import type { History, HistoryDetail } from "../../src/history/history.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { quietLaneOf } from "../../src/withhold/held.ts";
import { commitMs, type DiskParts, type DiskRecords, type SimulatedDisk, storeFault } from "./disk.ts";
import { LANES } from "./lanes.ts";
import type { LogPosition } from "./power.ts";
import { openFaultyDatabase } from "./sqlite-faults.ts";

const FILE = "tocsin.db";
/** Over the whole of any run. */
const ALL_TIME_MS = 10 * 86_400_000;

export function createSqliteDisk(parts: DiskParts): SimulatedDisk {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-simulated-"));
  let life = 0;
  let current: { readonly store: SqliteStore; readonly close: () => void } | null = null;
  /** What has reached the disk, whichever process brought it there; what made the file has. */
  let synced: LogPosition | null = null;

  return {
    open(clock) {
      const path = join(folder, String(life), FILE);
      const commits = createSlowCommits(parts, clock);
      const { database, log, close } = openFaultyDatabase(path, {
        clock,
        syncMs: () => commitMs(parts, clock.now()) / 2,
        failure: () => storeFault("store-fails", parts, clock.now())?.how,
        onSynced: (position) => {
          // Of two that are under way the later may end first.
          if (synced?.salt !== position.salt || synced.frames < position.frames) synced = position;
        },
      });
      synced ??= log.position();
      const store = openSqliteStore({ database, clock, defer: commits.defer, keepMs: Number.POSITIVE_INFINITY });
      current = { store, close };
      let isAlive = true;
      return {
        ...mortal(store, () => isAlive),
        waiting: () =>
          [...LANES, ...LANES.map(quietLaneOf)].flatMap((lane) =>
            store.outbox.page(lane, null, Number.MAX_SAFE_INTEGER),
          ),
        crash(how) {
          isAlive = false;
          if (how === "mid-commit") commits.finish();
          const dead = join(folder, String(life));
          const next = join(folder, String(++life));
          copyFiles(dead, next);
          if (how === "power-loss") synced = log.losePower(join(next, `${FILE}-wal`), synced!);
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
      // The other half is what the disk takes to confirm it.
      clock.schedule(now + commitMs(parts, now) / 2, () => {
        planned.delete(fire);
        fire();
      });
    },
    finish() {
      for (const fire of planned) fire();
    },
  };
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
      append: (deliveries, onCommitted) => write(() => outbox.append(deliveries, () => isAlive() && onCommitted?.())),
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
