/**
 * Holds what comes in quiet hours, destination by destination, and tells it in one summary when they end.
 *
 * What is held lies in the outbox, in a lane of its own (`quiet:<destination>`) that nothing is sent from: a restart finds it there. When
 * the summary is handed to delivery, what it tells ends as folded into it, in the same turn, so that a store keeps both or neither.
 *
 * Upstream   the reception. Downstream the outbox, and delivery for the summary.
 */
import { createAlarm } from "../clock/alarm.ts";
import type { Clock } from "../clock/clock.ts";
import { createIdSource } from "../clock/id.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { Matters } from "../delivery/matters.ts";
import type { DeliveryId, DeliveryRecord, Durable, Outbox, Settlement } from "../delivery/outbox.ts";
import { foldNotifications } from "../notification/fold.ts";
import type { Notification, NotificationId } from "../notification/notification.ts";
import type { Deferral } from "../notification/routing.ts";
import { summarise } from "./summary.ts";

export interface Held {
  /** Makes ready what is to be held, for whoever makes it durable. */
  prepare(notification: Notification, deferrals: readonly Deferral[]): HeldDeliveries;
  /** Holds it; done when the outbox has it. */
  hold(notification: Notification, deferrals: readonly Deferral[]): Durable;
  /** Holds the rest of a delivery that was not to be heard at its destination before then. */
  takeOver(delivery: DeliveryRecord, until: number): void;
  /** Where the beginning of this matter is held, and until when. */
  beginningsOf(key: string): readonly Deferral[];
  /** Takes up what an earlier process held. @returns whether this lane of the outbox is of that kind, and its destination is known */
  restore(lane: string): boolean;
  /** By destination, how many are held and until when. */
  status(): readonly HeldStatus[];
  /** Ends: what would be lost with the process is told now, the rest stays in the outbox. */
  close(): void;
}

export interface HeldDeliveries {
  readonly records: readonly DeliveryRecord[];
  /** They are durable. */
  admit(): void;
}

export interface HeldStatus {
  readonly destination: string;
  readonly waiting: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface HeldParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly matters: Pick<Matters, "noteTold" | "tellingOf">;
  readonly timeZone: string;
  readonly destinations: ReadonlyMap<string, unknown>;
  readonly nextNotificationId: () => NotificationId;
  /** Sends a summary. */
  readonly post: (notification: Notification, destination: string) => void;
  readonly onEvent: (event: DeliveryEvent) => void;
}

const PREFIX = "quiet:";
/** The lane of the outbox in which what is meant for this destination waits. */
export function quietLaneOf(destination: string): string {
  return PREFIX + destination;
}

const PAGE = 500;
/** With more than this at one destination its summary comes early: memory is bounded, and nothing is lost. */
const MAX_HELD = 5_000;

/** What one destination holds: oldest first, repeats of a matter folded. */
interface Bay {
  readonly records: Set<DeliveryRecord>;
  /** The last word on each key. */
  readonly lastOf: Map<string, DeliveryRecord>;
  /** When the first of them is to be told. */
  dueAt: number;
}

export function createHeld(parts: HeldParts): Held {
  return new QuietHours(parts);
}

class QuietHours implements Held {
  readonly #parts: HeldParts;
  readonly #nextId: () => DeliveryId;
  readonly #bays = new Map<string, Bay>();
  readonly #alarm;

  constructor(parts: HeldParts) {
    this.#parts = parts;
    this.#nextId = createIdSource<DeliveryId>("dlv", parts.clock);
    this.#alarm = createAlarm<string>(parts.clock, (destination, now) => this.#release(destination, now));
  }

  prepare(notification: Notification, deferrals: readonly Deferral[]): HeldDeliveries {
    const enqueuedAt = this.#parts.clock.now();
    const records = deferrals.map(
      ({ destination, until }): DeliveryRecord => ({
        id: this.#nextId(),
        lane: PREFIX + destination,
        notification,
        enqueuedAt,
        attempts: 0,
        failures: 0,
        notBefore: until,
        degrade: [],
        possibleRepeat: false,
        alone: false,
        elsewhere: [],
        edited: 0,
        matters: [],
      }),
    );
    return { records, admit: () => this.#enterAll(records) };
  }

  hold(notification: Notification, deferrals: readonly Deferral[]): Durable {
    const { records, admit } = this.prepare(notification, deferrals);
    const appended = this.#parts.outbox.append(records);
    admit();
    return appended;
  }

  takeOver({ lane: destination, notification, degrade }: DeliveryRecord, until: number): void {
    const { records, admit } = this.prepare(notification, [{ destination, until, by: "route" }]);
    // What its message has refused, it would refuse again.
    for (const record of records) record.degrade = degrade;
    void this.#parts.outbox.append(records);
    admit();
  }

  beginningsOf(key: string): readonly Deferral[] {
    return [...this.#bays].flatMap(([destination, { lastOf }]) => {
      const last = lastOf.get(key);
      return last?.notification.phase === "firing" ? [{ destination, until: last.notBefore, by: "beginning" }] : [];
    });
  }

  restore(lane: string): boolean {
    const destination = lane.startsWith(PREFIX) ? lane.slice(PREFIX.length) : "";
    if (!this.#parts.destinations.has(destination)) return false;
    const found: DeliveryRecord[] = [];
    for (let page = this.#parts.outbox.page(lane, null, PAGE); page.length > 0; ) {
      found.push(...page);
      const { id, notification } = page.at(-1)!;
      page = this.#parts.outbox.page(lane, { id, priority: notification.priority }, PAGE);
    }
    // The outbox has them in sending order; here it is time that counts.
    // Read later than at the start, there may be others already.
    const known = new Set([...(this.#bays.get(destination)?.records ?? [])].map(({ id }) => id));
    this.#enterAll(found.filter(({ id }) => !known.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1)));
    return true;
  }

  status(): readonly HeldStatus[] {
    return [...this.#bays].map(([destination, { records, dueAt }]) => ({
      destination,
      waiting: records.size,
      until: dueAt,
    }));
  }

  close(): void {
    this.#alarm.end();
    if (this.#parts.outbox.isDurable) return;
    for (const destination of [...this.#bays.keys()]) this.#release(destination, Number.POSITIVE_INFINITY);
  }

  #enterAll(records: readonly DeliveryRecord[]): void {
    for (const record of records) this.#enter(record.lane.slice(PREFIX.length), record);
  }

  #enter(destination: string, record: DeliveryRecord): void {
    const bay = this.#bays.get(destination) ?? newBay();
    this.#bays.set(destination, bay);
    const { key } = record.notification;
    const before = key === null ? undefined : bay.lastOf.get(key);
    if (before !== undefined) this.#fold(bay, before, record);
    if (key !== null) bay.lastOf.set(key, record);
    bay.records.add(record);
    if (bay.records.size > MAX_HELD) this.#release(destination, Number.POSITIVE_INFINITY);
    else this.#wakeFor(destination, bay, Math.min(bay.dueAt, record.notBefore));
  }

  /** The same news again is one line that counts. */
  #fold(bay: Bay, older: DeliveryRecord, newer: DeliveryRecord): void {
    if (older.notification.phase !== newer.notification.phase) return;
    const folded = foldNotifications(older.notification, newer.notification);
    if (folded === null) return;
    newer.notification = folded;
    bay.records.delete(older);
    void this.#parts.outbox.amend(newer);
    this.#settle([older], folded.id);
  }

  /** Tells what has waited long enough. */
  #release(destination: string, now: number): void {
    const bay = this.#bays.get(destination);
    const due = [...(bay?.records ?? [])].filter(({ notBefore }) => notBefore <= now);
    if (bay === undefined || due.length === 0) return;
    for (const record of due) {
      bay.records.delete(record);
      const { key } = record.notification;
      if (key !== null && bay.lastOf.get(key) === record) bay.lastOf.delete(key);
    }
    this.#tell(destination, due);
    if (bay.records.size === 0) this.#bays.delete(destination);
    this.#wakeFor(destination, bay, Math.min(...[...bay.records].map(({ notBefore }) => notBefore)));
  }

  /** What is told where its beginning stands is told there; the rest in one summary, which counts all of it. */
  #tell(destination: string, due: readonly DeliveryRecord[]): void {
    const { clock, timeZone, matters, nextNotificationId, post } = this.#parts;
    const inPlace = due.filter((record) => isToldInPlace(record, destination, matters));
    if (inPlace.length < due.length) {
      const context = { id: nextNotificationId(), now: clock.now(), timeZone };
      const held = due.map((record) => record.notification);
      const { notification, open, over } = summarise(held, context);
      const elsewhere = new Set(inPlace.map((record) => record.notification.key));
      // From here on the end of an open one is worth telling, and that of one that is over is not.
      for (const key of open) matters.noteTold(destination, key, "firing");
      for (const key of over) if (!elsewhere.has(key)) matters.noteTold(destination, key, "resolved");
      post(notification, destination);
      this.#settle(
        due.filter((record) => !inPlace.includes(record)),
        notification.id,
      );
    }
    for (const record of inPlace) {
      post(record.notification, destination);
      this.#settle([record], record.notification.id);
    }
  }

  #wakeFor(destination: string, bay: Bay, at: number): void {
    bay.dueAt = at;
    this.#alarm.set(destination, bay.records.size === 0 ? null : at);
  }

  #settle(records: readonly DeliveryRecord[], into: NotificationId): void {
    const { clock, outbox, onEvent } = this.#parts;
    const settledAt = clock.now();
    const settlements = records.map((delivery): Settlement => {
      const destination = delivery.lane.slice(PREFIX.length);
      return { delivery, result: { destination, status: "folded", attempts: 0, into }, attempt: null, settledAt };
    });
    const tell = (): void => {
      for (const { delivery, result } of settlements) {
        const { id: notificationId } = delivery.notification;
        const { destination } = result;
        onEvent({ type: "concluded", at: settledAt, destination, deliveryId: delivery.id, notificationId, result });
      }
    };
    // Whoever is told asks history, which has to know by then.
    const settled = outbox.settle(settlements);
    if (settled === undefined) tell();
    else void settled.then(tell);
  }
}

/** The end of what was told at this destination before the quiet hours, in a message that can be changed or answered. */
function isToldInPlace(
  { notification, degrade }: DeliveryRecord,
  destination: string,
  matters: Pick<Matters, "tellingOf">,
): boolean {
  if (notification.phase !== "resolved" || degrade.includes("anew")) return false;
  return matters.tellingOf(destination, notification) !== "new";
}

function newBay(): Bay {
  return { records: new Set(), lastOf: new Map(), dueAt: Number.POSITIVE_INFINITY };
}
