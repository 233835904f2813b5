/**
 * The port that remembers what has been accepted and not yet told, so that a restart can go on from there.
 * Declared here, implemented in `store/`.
 */
import type { Notification } from "../notification/notification.ts";
import type { DegradeStep } from "./channel.ts";
import type { DestinationResult } from "./result.ts";

/** Prefixed `dlv_`; sorts by the order of acceptance. */
export type DeliveryId = `dlv_${string}`;

/** One notification on its way to one destination. The engine alone changes it. */
export interface DeliveryRecord {
  readonly id: DeliveryId;
  /** Name of the destination. */
  readonly lane: string;
  readonly notification: Notification;
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
}

export interface Settlement {
  readonly delivery: DeliveryRecord;
  readonly result: DestinationResult;
}

/** `void` means that it is already done. */
export type Durable = Promise<void> | undefined;

export interface Outbox {
  /** Once done, a crash no longer loses them. */
  append(deliveries: readonly DeliveryRecord[]): Durable;
  /** Keeps the changed attempts, wait and degrade steps of a delivery that will be tried again. */
  postpone(delivery: DeliveryRecord): Durable;
  /** Once done, a restart no longer sends them. */
  settle(settlements: readonly Settlement[]): Durable;
}

/** Nothing outlives the process: the engine's own queues are all there is. */
export function createMemoryOutbox(): Outbox {
  return { append: () => undefined, postpone: () => undefined, settle: () => undefined };
}
