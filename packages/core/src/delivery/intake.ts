/**
 * How notifications get into their lanes: recorded first, then admitted, folded into what waits, or refused.
 */
import type { Clock } from "../clock/clock.ts";
import { extendDigest, hasRoom, startDigest } from "../notification/digest.ts";
import { foldNotifications } from "../notification/fold.ts";
import type { Notification, NotificationId } from "../notification/notification.ts";
import { type Book, droppedNow } from "./book.ts";
import type { AttemptError } from "./channel.ts";
import type { Fallbacks } from "./fallback.ts";
import { isStoodBack, moveTo, partEnds, roomBehind } from "./in-place/stand-back.ts";
import { quietUntil } from "./in-place/telling.ts";
import { createFifo } from "./lane/fifo.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import type { DeliveryId, DeliveryRecord, DigestedMatter, Durable, Outbox } from "./outbox.ts";
import { decideOverflow, digestKeysOf, type Overflow } from "./overflow.ts";
import type { Paging } from "./paging.ts";
import type { FailureReason } from "./result.ts";
import type { Listener } from "./tracker.ts";

export interface Enqueued {
  readonly notification: Notification;
  /** Names of its destinations; one or more. */
  readonly lanes: readonly string[];
  readonly listener: Listener;
}

export interface PreparedDeliveries {
  /** To be made durable. */
  readonly records: readonly DeliveryRecord[];
  /** They are durable: puts them into their lanes. */
  admit(): void;
  /** They were not made durable, and never will be. */
  withdraw(): void;
}

export interface IntakeParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly book: Book;
  readonly lanes: Lanes;
  readonly fallbacks: Fallbacks;
  readonly paging: Paging;
  readonly nextId: (at: number) => DeliveryId;
  readonly nextNotificationId: (at: number) => NotificationId;
  /** Ends one that is to be told when quiet hours end. */
  readonly putOff: (delivery: DeliveryRecord) => void;
  readonly queueSize: number;
  readonly overflow: Overflow;
  readonly isClosed: () => boolean;
  /** The lane's next turn may have changed. */
  readonly look: (lane: Lane) => void;
}

/** What is to be told in one message, and under which key that waits. */
interface Digestion {
  readonly key: string;
  readonly absorbed: readonly DeliveryRecord[];
}

/** One for all: thousands wait. */
const NONE: readonly never[] = Object.freeze([]);

/** Records of one write. */
interface Group {
  readonly records: readonly DeliveryRecord[];
  isKept: boolean;
}

export class Intake {
  readonly #parts: IntakeParts;
  /** Not admitted yet, oldest first. */
  readonly #taken = createFifo<Group>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Records all in one write, then admits each: as soon as the end of this process no longer loses them. What goes out before the disk
   * has it may come again when the power fails just then and the caller, who was not told that it is accepted, asks again. They are
   * admitted in the order in which they were taken, whichever the store has kept first.
   */
  take(items: readonly Enqueued[]): Durable {
    const records: DeliveryRecord[] = [];
    const now = this.#parts.clock.now();
    for (const item of items) this.#enter(item, records, now);
    const group = { records, isKept: false };
    this.#taken.push(group);
    const keep = (): undefined => {
      group.isKept = true;
      this.#admitKept();
    };
    const appended = this.#parts.outbox.append(records, keep);
    // A store that fails tells nothing before.
    return appended === undefined ? keep() : appended.then(keep);
  }

  #admitKept(): void {
    for (let next = this.#taken.peek(); next?.isKept === true; next = this.#taken.peek()) {
      this.#taken.shift();
      this.#admitAll(next.records);
    }
  }

  #admitAll(records: readonly DeliveryRecord[]): undefined {
    for (const record of records) this.admit(record);
  }

  /** Makes the deliveries of one notification; whoever has made them durable says so with `admit()`. */
  prepare(item: Enqueued): PreparedDeliveries {
    const records: DeliveryRecord[] = [];
    this.#enter(item, records, this.#parts.clock.now());
    return {
      records,
      admit: () => this.#admitAll(records),
      withdraw: () => {
        for (const record of records) this.#parts.book.withdraw(record);
      },
    };
  }

  /** Takes one that is recorded already and that nobody in this process waits for. */
  adopt(record: DeliveryRecord): void {
    this.#parts.book.enter(record, null);
    this.admit(record);
  }

  /** Puts it in the place of one that waits under the same key, if both can be told as one. */
  fold(lane: Lane, record: DeliveryRecord): boolean {
    const { outbox, book, clock } = this.#parts;
    const { key } = record.notification;
    const older = key === null ? null : lane.queue.findByKey(key);
    const folded = older && foldNotifications(older.notification, record.notification);
    if (older === null || folded === null) return false;
    record.notification = folded;
    record.possibleRepeat ||= older.possibleRepeat;
    lane.queue.replace(older, record);
    const result = { destination: lane.name, status: "folded", attempts: older.attempts, into: folded.id } as const;
    // Both in the same turn, so that a store keeps both or neither.
    void outbox.amend(record);
    void book.conclude([{ delivery: older, result, attempt: null, settledAt: clock.now() }]);
    return true;
  }

  #enter({ notification, lanes, listener }: Enqueued, into: DeliveryRecord[], now: number): void {
    const { book } = this.#parts;
    const tracker = { id: notification.id, missing: lanes.length, results: [], listener };
    for (const lane of lanes) {
      const elsewhere = lanes.length === 1 ? NONE : lanes.filter((other) => other !== lane);
      const record = this.#newRecord({ lane, notification, elsewhere }, now);
      book.enter(record, tracker);
      into.push(record);
    }
  }

  #newRecord(own: Pick<DeliveryRecord, "lane" | "notification" | "elsewhere">, now: number): DeliveryRecord {
    return {
      ...own,
      id: this.#parts.nextId(now),
      enqueuedAt: now,
      attempts: 0,
      failures: 0,
      notBefore: 0,
      degrade: NONE,
      possibleRepeat: false,
      alone: false,
      edited: 0,
      matters: NONE,
    };
  }

  /** Puts a recorded delivery into its lane, or ends it where that cannot be. */
  admit(record: DeliveryRecord): void {
    const lane = this.#parts.lanes.find(record.lane);
    if (lane === undefined) return this.refuse(record, "no-destination", null);
    if (lane.isRemoved) return this.refuse(record, "destination-removed", null);
    if (this.#parts.isClosed()) return this.refuse(record, "closed", null);
    if (lane.mode.mode === "disabled") return this.refuse(record, "destination-disabled", lane.mode.error);
    if (this.fold(lane, record)) return this.#parts.look(lane);
    if (this.#joinsDigest(lane, record)) return this.#parts.look(lane);
    if (quietUntil(record, lane.name) !== null && lane.queue.size + lane.beyond >= this.#parts.queueSize)
      return this.#parts.putOff(record);
    this.#bringForward(lane, record);
    const decision = decideOverflow(lane, record, this.#parts);
    if (decision.action === "refuse") return this.refuse(record, decision.reason, null);
    if (decision.action === "displace") this.#displace(decision.displaced, decision.reason);
    if (decision.action === "digest") this.#digestOrStandBack(lane, decision);
    const isTold = decision.action === "digest" && decision.absorbed.includes(record);
    if (!isTold && !this.#parts.paging.keepsBack(lane, record)) lane.queue.push(record);
    // The end of a request looks at its lane anyway; otherwise only a new head changes the plan.
    const isNewHead = decision.action === "digest" || lane.queue.head() === record;
    if (lane.mode.mode !== "sending" && isNewHead) this.#parts.look(lane);
  }

  /** What begins again is told after its end, which may have stood back. */
  #bringForward(lane: Lane, { notification: { key, phase, priority } }: DeliveryRecord): void {
    const end = phase === "firing" && key !== null ? lane.queue.findByKey(key) : null;
    if (end === null || !isStoodBack(end)) return;
    lane.queue.takeAll((one) => one === end);
    moveTo(end, priority);
    lane.queue.push(end);
    void this.#parts.outbox.amend(end);
  }

  /** Whatever only has to change a message need not be in the digest: it waits until nothing else does. */
  #digestOrStandBack(lane: Lane, { key, absorbed }: Digestion): void {
    const { behind, told } = partEnds(absorbed, lane, roomBehind(lane, this.#parts.queueSize));
    for (const delivery of behind) {
      moveTo(delivery);
      lane.queue.push(delivery);
      void this.#parts.outbox.amend(delivery);
    }
    if (told.length > 0) this.#digest(lane, { key, absorbed: told });
  }

  /** An end goes where its beginning waits to be told. */
  #joinsDigest(lane: Lane, record: DeliveryRecord): boolean {
    const { key: matter, phase } = record.notification;
    if (phase !== "resolved" || matter === null) return false;
    const begins = (key: string): boolean =>
      this.#openDigest(lane, key, 1)?.matters.some(([begun, is]) => begun === matter && is === "firing") ?? false;
    const key = Object.values(digestKeysOf(lane)).find(begins);
    if (key === undefined) return false;
    this.#digest(lane, { key, absorbed: [record] });
    return true;
  }

  /** The digest that waits and has room. One that may have arrived stays as it is: whoever recognises the repeat by its id would not see what has been added. */
  #openDigest(lane: Lane, key: string, more: number): DeliveryRecord | null {
    const waiting = lane.queue.findByKey(key);
    return waiting !== null && !waiting.possibleRepeat && hasRoom(waiting.notification, more) ? waiting : null;
  }

  /** Tells them all in one message: in the digest that waits already, or in a new one. */
  #digest(lane: Lane, { key, absorbed }: Digestion): void {
    const { outbox, book, clock, nextNotificationId } = this.#parts;
    const now = clock.now();
    const told = absorbed.map(({ notification }) => notification);
    let digest = this.#openDigest(lane, key, told.length);
    if (digest !== null) {
      digest.notification = extendDigest(digest.notification, told, now);
      digest.matters = withMatters(digest.matters, told);
      void outbox.amend(digest);
    } else {
      const notification = startDigest(told, { id: nextNotificationId(now), now, key });
      digest = this.#newRecord({ lane: lane.name, notification, elsewhere: [] }, now);
      digest.matters = withMatters([], told);
      book.enter(digest, null);
      lane.queue.push(digest);
      void outbox.append([digest]);
    }
    const { id: into } = digest.notification;
    // Asked for in the same turn, so that a store keeps the digest and what is in it, or neither.
    void book.conclude(
      absorbed.map((delivery) => {
        const result = { destination: lane.name, status: "folded", attempts: delivery.attempts, into } as const;
        return { delivery, result, attempt: null, settledAt: now };
      }),
    );
  }

  /** What was only to be changed is told later instead. */
  #displace(displaced: DeliveryRecord, reason: FailureReason): void {
    const lane = this.#parts.lanes.find(displaced.lane);
    if (quietUntil(displaced, displaced.lane) !== null) this.#parts.putOff(displaced);
    else if (lane !== undefined && isStoodBack(displaced))
      this.#digest(lane, { key: digestKeysOf(lane).usual, absorbed: [displaced] });
    else this.refuse(displaced, reason, null);
  }

  /** Ends one that is not to be sent. */
  refuse(delivery: DeliveryRecord, reason: FailureReason, error: AttemptError | null): void {
    const { fallbacks, clock } = this.#parts;
    void fallbacks.end([droppedNow(delivery, { reason, error, now: clock.now() })]);
  }
}

/** The last word about each matter. */
function withMatters(before: readonly DigestedMatter[], told: readonly Notification[]): readonly DigestedMatter[] {
  const matters = new Map(before);
  for (const { key, phase } of told) if (key !== null && phase !== null) matters.set(key, phase);
  return [...matters];
}
