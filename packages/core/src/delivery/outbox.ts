/**
 * The ports that remember. Declared here, implemented in `store/`.
 *
 * `Outbox` holds what has been accepted and not yet told, so that a restart goes on from there, and writes down each attempt and
 * verdict on the way. `Memory` holds the few facts about destinations that must survive a restart: who is disabled or paused, until when
 * somebody told us to wait, until when we are banned.
 */
import type { Notification, NotificationId } from "../notification/notification.ts";
import type { AttemptError, DegradeStep, SendFailure } from "./channel.ts";
import type { DestinationResult } from "./result.ts";

/** Prefixed `dlv_`; sorts by the order of acceptance. */
export type DeliveryId = `dlv_${string}`;

/** One notification on its way to one destination. The engine alone changes it. */
export interface DeliveryRecord {
  readonly id: DeliveryId;
  /** Name of the destination. */
  readonly lane: string;
  /** Changes when another of the same key is folded into it. */
  notification: Notification;
  readonly enqueuedAt: number;
  /** Requests made so far. */
  attempts: number;
  /** Those of them that count against the retry policy. */
  failures: number;
  /** Not to be sent before this instant. */
  notBefore: number;
  /** What the remote made us leave out. */
  degrade: readonly DegradeStep[];
  /** An earlier attempt may have arrived. */
  possibleRepeat: boolean;
  /** Not to be put into one message with others: such a message was refused, maybe for this one. */
  alone: boolean;
  /** How many earlier messages of its matter have been changed to their resolved form. */
  edited: number;
  /** Of a digest: the matters that begin and end in it, by key, the last word about each. */
  matters: readonly DigestedMatter[];
  /** Destinations that it goes to as well, or was tried at before: none of them takes over for this one. */
  readonly elsewhere: readonly string[];
}

export type DigestedMatter = readonly [key: string, phase: "firing" | "resolved"];

/** One try, as history keeps it. */
export interface AttemptRecord {
  readonly deliveryId: DeliveryId;
  /** The first is 1. */
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: "delivered" | SendFailure["kind"];
  readonly error: AttemptError | null;
  readonly status: number | null;
  /** The remote's own name for the limit that the request counted against, where it told one. */
  readonly bucket: string | null;
  readonly messageId: string | null;
}

export interface Settlement {
  readonly delivery: DeliveryRecord;
  readonly result: DestinationResult;
  /** The try that settled it; `null` when it ended without one (expired, dropped, closed). */
  readonly attempt: AttemptRecord | null;
  readonly settledAt: number;
}

export interface Postponement {
  readonly delivery: DeliveryRecord;
  readonly attempt: AttemptRecord;
}

/** `undefined` means that it is already done. A rejection means that it is not, and the write was undone as a whole. */
export type Durable = Promise<void> | undefined;

/** Where a delivery stands in its lane: highest priority first, then by id. */
export interface Place {
  readonly priority: number;
  readonly id: DeliveryId;
}

export interface LaneBacklog {
  readonly lane: string;
  readonly waiting: number;
}

export interface RecentRequest {
  readonly lane: string;
  readonly endedAt: number;
}

/** A notification that was accepted under an idempotency key. */
export interface AcceptedEarlier {
  readonly id: NotificationId;
  readonly createdAt: number;
}

export interface Outbox {
  /** Whether what is in it survives the process: then what still waits at the end is left for the next one. */
  readonly isDurable: boolean;
  /** Whether everything that was asked for has been written, or will be in its turn: nothing has failed. */
  readonly isCaughtUp: boolean;
  /** Done when what has failed is written after all; at once when nothing is. */
  caughtUp(): Durable;
  /**
   * Once done, a crash no longer loses them.
   *
   * @param onCommitted told when the end of this process no longer loses them, though a loss of power still may; not told where that is
   * not known before they are durable
   */
  append(deliveries: readonly DeliveryRecord[], onCommitted?: () => void): Durable;
  /** Keeps the changed attempts, wait and degrade steps of deliveries that will be tried again. */
  postpone(postponements: readonly Postponement[]): Durable;
  /** Keeps a delivery that still waits as it is now: its notification, and whether an attempt may have arrived. */
  amend(delivery: DeliveryRecord): Durable;
  /** Once done, a restart no longer sends them. */
  settle(settlements: readonly Settlement[]): Durable;
  /** Lanes with something waiting, e.g. from before a restart. */
  backlog(): readonly LaneBacklog[];
  /** What waits in a lane in sending order, after a place; `null` for the front. At most `limit`. */
  page(lane: string, after: Place | null, limit: number): readonly DeliveryRecord[];
  /** Requests that ended since then, oldest first: after a restart they still count in the remote's windows. */
  recentRequests(sinceAt: number): readonly RecentRequest[];
  /**
   * The newest notification that was accepted under this idempotency key and created after that instant. What came in one write
   * with it is kept with it: the key is known as long as, and no longer than, the notification is.
   */
  acceptedUnder(idempotencyKey: string, after: number): AcceptedEarlier | null;
  /** Ends it; durable writes asked for before are done. */
  close(): Promise<void>;
}

/**
 * Facts by key, as JSON. Keys begin with what they are about: `lane:`, `gate:`, `ban:`, `told:`, `pause:`. What is asked for in the same turn as
 * a write of the outbox is kept together with it, or not at all.
 */
export interface Memory {
  remember(key: string, value: unknown): Durable;
  forget(key: string): Durable;
  recall(): ReadonlyMap<string, unknown>;
}

/** The same, when what was remembered may not be there to be read at once. */
export interface PatientMemory extends Omit<Memory, "recall"> {
  /**
   * Hands over what was known before this process, less what has been written since.
   *
   * @returns whether that could be done now; otherwise it is done as soon as it can be
   */
  recall(take: (facts: ReadonlyMap<string, unknown>) => void): boolean;
  /** Nobody wants to know any more. */
  stop(): void;
}

/** Facts are forgotten with the process. */
export function createForgetfulMemory(): Memory {
  return { remember: () => undefined, forget: () => undefined, recall: () => new Map() };
}

/** Of a memory that can be read at any time. */
export function patiently(memory: Memory): PatientMemory {
  return {
    ...memory,
    recall(take) {
      take(memory.recall());
      return true;
    },
    stop() {},
  };
}

/** Nothing outlives the process: the engine's own queues are all there is. */
export function createMemoryOutbox(): Outbox {
  return {
    isDurable: false,
    // It keeps nothing, so nobody may rely on it.
    isCaughtUp: false,
    caughtUp: () => undefined,
    append: () => undefined,
    postpone: () => undefined,
    amend: () => undefined,
    settle: () => undefined,
    backlog: () => [],
    page: () => [],
    recentRequests: () => [],
    acceptedUnder: () => null,
    close: () => Promise.resolve(),
  };
}
