/**
 * What the memory store holds: entries in the order of time, each with its deliveries and their tries. The only place that
 * changes them.
 */
import type {
  AcceptedEarlier,
  AttemptRecord,
  DeliveryId,
  DeliveryRecord,
  LaneBacklog,
  Place,
  RecentRequest,
  Settlement,
} from "../../delivery/outbox.ts";
import type { DestinationResult, FailureReason } from "../../delivery/result.ts";
import type { Sequel } from "../../history/history.ts";
import type { Notification, NotificationId } from "../../notification/notification.ts";

/** A delivery as it stands. The record is the engine's own while it waits. */
export interface HeldDelivery {
  record: DeliveryRecord;
  readonly replayOf: DeliveryId | null;
  readonly tries: AttemptRecord[];
  settledAt: number | null;
  result: DestinationResult | null;
  sequel: Sequel;
}

export interface HeldEntry {
  /** Whole milliseconds: within one, the order is that of acceptance. */
  readonly createdMs: number;
  readonly place: number;
  readonly notification: Notification;
  readonly skipped: FailureReason | null;
  readonly deliveries: HeldDelivery[];
}

export interface Ledger {
  append(records: readonly DeliveryRecord[], replayOf?: DeliveryId | null): void;
  skip(notification: Notification, reason: FailureReason): void;
  tried(record: DeliveryRecord, attempt: AttemptRecord): void;
  amended(record: DeliveryRecord): void;
  settle(settlement: Settlement): void;
  backlog(): readonly LaneBacklog[];
  page(lane: string, after: Place | null, limit: number): readonly DeliveryRecord[];
  recentRequests(sinceAt: number): readonly RecentRequest[];
  acceptedUnder(idempotencyKey: string, after: number): AcceptedEarlier | null;
  find(id: NotificationId): HeldEntry | undefined;
  findDelivery(id: DeliveryId): { readonly entry: HeldEntry; readonly delivery: HeldDelivery } | undefined;
  /** Newest first. */
  newestFirst(): readonly HeldEntry[];
}

export function createLedger(keep: number): Ledger {
  return new MemoryLedger(keep);
}

class MemoryLedger implements Ledger {
  readonly #keep: number;
  /** In the order of acceptance. */
  readonly #entries = new Map<NotificationId, HeldEntry>();
  readonly #waiting = new Map<DeliveryId, { readonly entry: HeldEntry; readonly delivery: HeldDelivery }>();
  /** Entries that are over, the first to be over first. */
  readonly #over = new Set<HeldEntry>();
  /** The newest of each idempotency key. */
  readonly #byIdempotencyKey = new Map<string, HeldEntry>();
  #nextPlace = 1;

  constructor(keep: number) {
    this.#keep = keep;
  }

  append(records: readonly DeliveryRecord[], replayOf: DeliveryId | null = null): void {
    const fresh = new Set<HeldEntry>();
    for (const record of records) {
      const known = this.#entries.get(record.notification.id);
      const entry = known ?? this.#enter(record.notification, null);
      if (known === undefined) fresh.add(entry);
      else if (entry.deliveries.some((one) => one.record.id === record.id)) continue;
      // What is accepted in one go goes to several destinations; what comes later takes over from the last one tried.
      if (!fresh.has(entry) && replayOf === null) divert(entry, record.elsewhere.at(-1));
      const delivery: HeldDelivery = { record, replayOf, tries: [], settledAt: null, result: null, sequel: null };
      entry.deliveries.push(delivery);
      this.#over.delete(entry);
      this.#waiting.set(record.id, { entry, delivery });
    }
  }

  skip(notification: Notification, reason: FailureReason): void {
    if (!this.#entries.has(notification.id)) this.#end(this.#enter(notification, reason));
  }

  tried(record: DeliveryRecord, attempt: AttemptRecord): void {
    const tries = this.#waiting.get(record.id)?.delivery.tries;
    if (!tries?.some((one) => one.attempt === attempt.attempt)) tries?.push({ ...attempt });
  }

  amended(record: DeliveryRecord): void {
    const held = this.#waiting.get(record.id);
    if (held !== undefined) held.delivery.record = record;
  }

  settle({ delivery: record, result, attempt, settledAt }: Settlement): void {
    const held = this.#waiting.get(record.id);
    if (held === undefined) return;
    this.#waiting.delete(record.id);
    const { entry, delivery } = held;
    // From here on the engine's record may be used for something else.
    Object.assign(delivery, { record: { ...record }, result, settledAt });
    if (attempt !== null) delivery.tries.push({ ...attempt });
    if (entry.deliveries.every((one) => one.result !== null)) this.#end(entry);
  }

  backlog(): readonly LaneBacklog[] {
    const waiting = new Map<string, number>();
    for (const { delivery } of this.#waiting.values()) {
      const { lane } = delivery.record;
      waiting.set(lane, (waiting.get(lane) ?? 0) + 1);
    }
    return [...waiting].map(([lane, count]) => ({ lane, waiting: count })).sort((a, b) => (a.lane < b.lane ? -1 : 1));
  }

  page(lane: string, after: Place | null, limit: number): readonly DeliveryRecord[] {
    const records = [...this.#waiting.values()].map(({ delivery }) => delivery.record);
    return records
      .filter((record) => record.lane === lane && (after === null || inOrder(after, placeOf(record)) < 0))
      .sort((a, b) => inOrder(placeOf(a), placeOf(b)))
      .slice(0, limit);
  }

  recentRequests(sinceAt: number): readonly RecentRequest[] {
    const requests = new Map<string, RecentRequest>();
    for (const { deliveries } of this.#entries.values()) {
      for (const { record, tries } of deliveries) {
        for (const { startedAt, endedAt } of tries)
          if (endedAt >= sinceAt) requests.set(`${startedAt} ${record.lane}`, { lane: record.lane, endedAt });
      }
    }
    return [...requests.values()].sort((a, b) => a.endedAt - b.endedAt);
  }

  acceptedUnder(idempotencyKey: string, after: number): AcceptedEarlier | null {
    const notification = this.#byIdempotencyKey.get(idempotencyKey)?.notification;
    if (notification === undefined || notification.createdAt <= after) return null;
    return { id: notification.id, createdAt: notification.createdAt };
  }

  find(id: NotificationId): HeldEntry | undefined {
    return this.#entries.get(id);
  }

  findDelivery(id: DeliveryId): { readonly entry: HeldEntry; readonly delivery: HeldDelivery } | undefined {
    for (const entry of this.#entries.values()) {
      const delivery = entry.deliveries.find(({ record }) => record.id === id);
      if (delivery !== undefined) return { entry, delivery };
    }
    return undefined;
  }

  newestFirst(): readonly HeldEntry[] {
    return [...this.#entries.values()].sort((a, b) => b.createdMs - a.createdMs || b.place - a.place);
  }

  #enter(notification: Notification, skipped: FailureReason | null): HeldEntry {
    const createdMs = Math.floor(notification.createdAt);
    const entry: HeldEntry = { createdMs, place: this.#nextPlace++, notification, skipped, deliveries: [] };
    this.#entries.set(notification.id, entry);
    const { idempotencyKey } = notification;
    if (idempotencyKey !== null && skipped === null) this.#byIdempotencyKey.set(idempotencyKey, entry);
    return entry;
  }

  /** Lets go of what has been over for longest. What waits does not count: the engine holds it anyway. */
  #end(entry: HeldEntry): void {
    this.#over.add(entry);
    if (this.#over.size <= this.#keep) return;
    const [oldest] = this.#over;
    this.#over.delete(oldest!);
    const { id, idempotencyKey } = oldest!.notification;
    this.#entries.delete(id);
    if (idempotencyKey !== null && this.#byIdempotencyKey.get(idempotencyKey) === oldest)
      this.#byIdempotencyKey.delete(idempotencyKey);
  }
}

function divert(entry: HeldEntry, from: string | undefined): void {
  for (const delivery of entry.deliveries)
    if (delivery.record.lane === from && delivery.sequel === null) delivery.sequel = "diverted";
}

function placeOf({ id, notification }: DeliveryRecord): Place {
  return { priority: notification.priority, id };
}

function inOrder(a: Place, b: Place): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
