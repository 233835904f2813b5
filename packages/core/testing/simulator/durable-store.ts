/**
 * A store for simulated runs that forgets what a real one would: each write is in a transaction that takes time, may fail as a whole, and
 * is lost, or kept without anyone being told, when the process dies in the middle of it.
 */
import type { Clock } from "../../src/clock/clock.ts";
import type {
  AttemptRecord,
  DeliveryId,
  DeliveryRecord,
  Outbox,
  Place,
  Settlement,
} from "../../src/delivery/outbox.ts";
import { commitMs, type DiskParts, type SimulatedDisk, type SimulatedStore, storeFault } from "./disk.ts";
import type { CrashStep } from "./faults.ts";

interface Disk {
  readonly waiting: Map<DeliveryId, DeliveryRecord>;
  readonly settled: Map<DeliveryId, Settlement>;
  readonly attempts: AttemptRecord[];
  readonly facts: Map<string, unknown>;
}

export function createDurableDisk(parts: DiskParts): SimulatedDisk {
  const disk: Disk = { waiting: new Map(), settled: new Map(), attempts: [], facts: new Map() };
  return {
    open: (clock) => openStore(disk, parts, clock),
    records: () =>
      Promise.resolve({
        ...disk,
        waiting: [...disk.waiting.values()],
        settled: [...disk.settled.values()],
        counted: null,
      }),
    dispose: () => Promise.resolve(),
  };
}

function openStore(disk: Disk, parts: DiskParts, clock: Clock): SimulatedStore {
  const log = createWriteLog(parts, clock);
  const copy = (record: DeliveryRecord): DeliveryRecord => ({ ...record });
  return {
    outbox: {
      isDurable: true,
      isCaughtUp: true,
      caughtUp: () => undefined,
      append: (records) => {
        const copies = records.map(copy);
        return log.write(() => {
          for (const one of copies) if (!disk.settled.has(one.id)) disk.waiting.set(one.id, one);
        });
      },
      postpone: (postponements) => {
        const copies = postponements.map(({ delivery, attempt }) => ({ delivery: copy(delivery), attempt }));
        return log.write(() => {
          for (const { delivery, attempt } of copies) {
            disk.waiting.set(delivery.id, delivery);
            disk.attempts.push(attempt);
          }
        });
      },
      amend: (record) => {
        const changed = copy(record);
        return log.write(() => void disk.waiting.set(changed.id, changed));
      },
      settle: (settlements) => log.write(() => settleOn(disk, settlements)),
      ...reading(disk),
      acceptedUnder: () => null,
      close: () => Promise.resolve(),
    },
    memory: {
      remember: (key, value) => log.write(() => void disk.facts.set(key, structuredClone(value))),
      forget: (key) => log.write(() => void disk.facts.delete(key)),
      recall: () => new Map(disk.facts),
    },
    waiting: () => [...disk.waiting.values()],
    crash: log.crash,
  };
}

function settleOn(disk: Disk, settlements: readonly Settlement[]): void {
  for (const settlement of settlements) {
    const { id } = settlement.delivery;
    disk.waiting.delete(id);
    disk.settled.set(id, settlement);
    if (settlement.attempt !== null) disk.attempts.push(settlement.attempt);
  }
}

function reading(disk: Disk): Pick<Outbox, "backlog" | "page" | "recentRequests"> {
  const laneOf = (id: DeliveryId): string => (disk.settled.get(id)?.delivery ?? disk.waiting.get(id))?.lane ?? "";
  return {
    backlog: () => {
      const lanes = Map.groupBy(disk.waiting.values(), ({ lane }) => lane);
      return [...lanes].map(([lane, records]) => ({ lane, waiting: records.length }));
    },
    page: (lane, after, limit) => {
      const waiting = [...disk.waiting.values()].filter((record) => record.lane === lane).sort(inSendingOrder);
      const page = waiting.filter((record) => after === null || isAfter(record, after)).slice(0, limit);
      return page.map((record) => ({ ...record }));
    },
    recentRequests: (sinceAt) => {
      const recent = disk.attempts.filter(({ endedAt }) => endedAt >= sinceAt);
      const requests = recent.map(({ deliveryId, startedAt, endedAt }) => ({
        lane: laneOf(deliveryId),
        startedAt,
        endedAt,
      }));
      const once = new Map(requests.map((request) => [`${request.lane}/${request.startedAt}`, request]));
      return [...once.values()].sort((a, b) => a.endedAt - b.endedAt);
    },
  };
}

interface Write {
  readonly apply: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Writes in transactions: what is asked for while one is under way goes into the next. */
function createWriteLog(parts: DiskParts, clock: Clock) {
  let group: Write[] = [];
  let committing: readonly Write[] = [];
  const fails = (): boolean => storeFault("store-fails", parts, clock.now()) !== undefined;

  function write(apply: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      group.push({ apply, resolve, reject });
      // What is asked for in this turn still belongs to it.
      if (committing.length === 0 && group.length === 1) void Promise.resolve().then(commit);
    });
  }

  function commit(): void {
    committing = group;
    group = [];
    const now = clock.now();
    clock.schedule(now + commitMs(parts, now), finish);
  }

  function finish(): void {
    const done = committing;
    committing = [];
    if (fails()) {
      for (const { reject } of done) reject(new Error("the disk is full"));
    } else {
      for (const { apply } of done) apply();
      for (const { resolve } of done) resolve();
    }
    if (group.length > 0) commit();
  }

  function crash(how: CrashStep["how"]): void {
    if (how === "mid-commit" && !fails()) for (const { apply } of committing) apply();
    committing = [];
    group = [];
  }

  return { write, crash };
}

function inSendingOrder(a: DeliveryRecord, b: DeliveryRecord): number {
  return b.notification.priority - a.notification.priority || (a.id < b.id ? -1 : 1);
}

function isAfter({ notification, id }: DeliveryRecord, after: Place): boolean {
  return notification.priority < after.priority || (notification.priority === after.priority && id > after.id);
}
