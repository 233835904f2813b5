/** What is on disk in a simulated run. It outlives the processes that open it, one after the other. */
import type { Clock } from "../../src/clock/clock.ts";
import type { AttemptRecord, DeliveryRecord, Memory, Outbox, Settlement } from "../../src/delivery/outbox.ts";
import type { CrashStep, FaultStep, StorePart } from "./faults.ts";

export interface SimulatedDisk {
  /** A process opens what there is. Its waits end with its clock. */
  open(clock: Clock): SimulatedStore;
  /** What there is at the end, as the last process tells it. */
  records(): Promise<DiskRecords>;
  dispose(): Promise<void>;
}

export interface SimulatedStore {
  readonly outbox: Outbox;
  readonly memory: Memory;
  /** What waits, over all lanes. */
  waiting(): readonly DeliveryRecord[];
  /** The process dies. */
  crash(how: CrashStep["how"]): void;
}

/** As far as the invariants ask. */
export interface DiskRecords {
  readonly waiting: readonly Pick<DeliveryRecord, "id" | "lane">[];
  readonly settled: readonly SettledRecord[];
  readonly attempts: readonly Pick<AttemptRecord, "deliveryId" | "outcome">[];
  /** Deliveries concluded, by status, as statistics count them; `null` where there are none. */
  readonly counted: Readonly<Record<string, number>> | null;
}

export interface SettledRecord {
  readonly delivery: Pick<DeliveryRecord, "id" | "lane" | "attempts"> & {
    readonly notification: Pick<DeliveryRecord["notification"], "id" | "labels">;
  };
  readonly result: Settlement["result"];
}

export interface DiskParts {
  readonly faults: readonly FaultStep[];
  readonly startAt: number;
}

/** Slow, so that processes die while something is being committed. */
export const COMMIT_MS = 25;

type StoreFault = Extract<FaultStep, { kind: `store-${string}` }>;

/** The first fault of this kind that strikes now, or `undefined`. */
export function storeFault<Kind extends StoreFault["kind"]>(
  kind: Kind,
  parts: DiskParts,
  now: number,
): Extract<StoreFault, { kind: Kind }> | undefined {
  return storeFaults(kind, parts, now)[0];
}

/** All of this kind that strike now. */
export function storeFaults<Kind extends StoreFault["kind"]>(
  kind: Kind,
  { faults, startAt }: DiskParts,
  now: number,
): readonly Extract<StoreFault, { kind: Kind }>[] {
  const strikes = (fault: FaultStep): fault is Extract<StoreFault, { kind: Kind }> =>
    fault.kind === kind && "until" in fault && fault.at <= now - startAt && now - startAt < fault.until;
  return faults.filter(strikes);
}

/** The same store, whose reads fail now and then. @param onFailed told of each */
export function withFailingReads(
  { outbox, memory }: Pick<SimulatedStore, "outbox" | "memory">,
  isUnreadable: (part: StorePart) => boolean,
  onFailed: (part: StorePart) => void,
): Pick<SimulatedStore, "outbox" | "memory"> {
  const reading =
    <Asked extends unknown[], Answer>(part: StorePart, read: (...asked: Asked) => Answer) =>
    (...asked: Asked): Answer => {
      if (!isUnreadable(part)) return read(...asked);
      onFailed(part);
      throw new Error("the file cannot be read");
    };
  return {
    outbox: {
      ...outbox,
      backlog: reading("backlog", outbox.backlog),
      page: reading("pages", outbox.page),
      recentRequests: reading("requests", outbox.recentRequests),
    },
    memory: { ...memory, recall: reading("facts", memory.recall) },
  };
}

/** How long a commit takes that begins now. */
export function commitMs(parts: DiskParts, now: number): number {
  return COMMIT_MS + (storeFault("store-slow", parts, now)?.byMs ?? 0);
}
