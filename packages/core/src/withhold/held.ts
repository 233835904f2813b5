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
import type { Notification, NotificationId } from "../notification/notification.ts";
import type { Deferral } from "../notification/routing.ts";
import { type Bay, createBay } from "./bay.ts";
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
  /**
   * Has each for which there is an answer wait as that says, at once; those that are due then are told. Asked in the order in which they came.
   *
   * @returns how many; done when the outbox has it
   */
  rearrange(decide: Rearrange): { readonly changed: number; readonly written: Durable };
  /** By destination, how many are held and until when. */
  status(): readonly HeldStatus[];
  /** Ends: what would be lost with the process is told now, the rest stays in the outbox. */
  close(): void;
}

/** Where something that is held is to wait from now on, and until when (epoch milliseconds); `null` leaves it as it is. */
export type Rearrange = (
  held: { readonly notification: Notification; readonly until: number },
  destination: string,
) => { readonly notification: Notification; readonly destination: string; readonly until: number } | null;

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
  /** Of the times in summaries. */
  readonly timeZone: () => string;
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

export function isQuietLane(lane: string): boolean {
  return lane.startsWith(PREFIX);
}

const PAGE = 500;
/** With more than this at one destination its summary comes early: memory is bounded, and nothing is lost. */
const MAX_HELD = 5_000;

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
    return [...this.#bays].flatMap(([destination, bay]) => {
      const last = bay.lastOf(key);
      return last?.notification.phase === "firing" ? [{ destination, until: last.notBefore, by: "beginning" }] : [];
    });
  }

  restore(lane: string): boolean {
    const destination = isQuietLane(lane) ? lane.slice(PREFIX.length) : "";
    if (!this.#parts.destinations.has(destination)) return false;
    const found: DeliveryRecord[] = [];
    for (let page = this.#parts.outbox.page(lane, null, PAGE); page.length > 0; ) {
      found.push(...page);
      const { id, notification } = page.at(-1)!;
      page = this.#parts.outbox.page(lane, { id, priority: notification.priority }, PAGE);
    }
    // The outbox has them in sending order; here it is time that counts.
    // Read later than at the start, there may be others already.
    const isNew = ({ id }: DeliveryRecord): boolean => !this.#bays.get(destination)?.has(id);
    this.#enterAll(found.filter(isNew).sort((a, b) => (a.id < b.id ? -1 : 1)));
    return true;
  }

  rearrange(decide: Rearrange): { readonly changed: number; readonly written: Durable } {
    const meant = new Map<DeliveryRecord, NonNullable<ReturnType<Rearrange>>>();
    const isMeant = (record: DeliveryRecord): boolean => {
      const { notification, notBefore: until } = record;
      const decided = decide({ notification, until }, record.lane.slice(PREFIX.length));
      if (decided !== null) meant.set(record, decided);
      return decided !== null;
    };
    for (const destination of [...this.#bays.keys()]) this.#take(destination, isMeant);
    const written: Durable[] = [];
    for (const [record, { notification, destination, until }] of meant) {
      if (record.lane === PREFIX + destination) {
        Object.assign(record, { notification, notBefore: until });
        written.push(this.#parts.outbox.amend(record));
        this.#enter(destination, record);
        continue;
      }
      // Both in the same turn, so that a store keeps both or neither.
      const { records, admit } = this.prepare(notification, [{ destination, until, by: "notification" }]);
      written.push(this.#parts.outbox.append(records));
      admit();
      this.#settle([record], notification.id);
    }
    const pending = written.filter((one) => one !== undefined);
    return { changed: meant.size, written: pending.length === 0 ? undefined : Promise.all(pending).then(() => {}) };
  }

  status(): readonly HeldStatus[] {
    return [...this.#bays].map(([destination, { size, dueAt }]) => ({ destination, waiting: size, until: dueAt }));
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
    const bay = this.#bays.get(destination) ?? createBay();
    this.#bays.set(destination, bay);
    const told = bay.enter(record);
    if (told !== null) {
      void this.#parts.outbox.amend(record);
      this.#settle([told], record.notification.id);
    }
    if (bay.size > MAX_HELD) this.#release(destination, Number.POSITIVE_INFINITY);
    else this.#wakeFor(destination, bay);
  }

  /** Tells what has waited long enough. */
  #release(destination: string, now: number): void {
    const due = this.#take(destination, ({ notBefore }) => notBefore <= now);
    if (due.length > 0) this.#tell(destination, due);
  }

  #take(destination: string, test: (record: DeliveryRecord) => boolean): readonly DeliveryRecord[] {
    const bay = this.#bays.get(destination);
    if (bay === undefined) return [];
    const taken = bay.take(test);
    if (bay.size === 0) this.#bays.delete(destination);
    this.#wakeFor(destination, bay);
    return taken;
  }

  /** What is told where its beginning stands is told there; the rest in one summary, which counts all of it. */
  #tell(destination: string, due: readonly DeliveryRecord[]): void {
    const { clock, timeZone, matters, nextNotificationId, post } = this.#parts;
    const inPlace = due.filter((record) => isToldInPlace(record, destination, matters));
    if (inPlace.length < due.length) {
      const context = { id: nextNotificationId(), now: clock.now(), timeZone: timeZone() };
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
      post(aloud(record.notification, destination), destination);
      this.#settle([record], record.notification.id);
    }
  }

  #wakeFor(destination: string, { size, dueAt }: Bay): void {
    this.#alarm.set(destination, size === 0 ? null : dueAt);
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

/** From now on it may be heard there: held back once more, it would come again at once. */
function aloud(notification: Notification, destination: string): Notification {
  const { routing } = notification;
  if (routing?.quietly === undefined) return notification;
  const quietly = routing.quietly.filter((one) => one.destination !== destination);
  return { ...notification, routing: { ...routing, quietly } };
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
