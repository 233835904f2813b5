/**
 * Puts the parts of a delivery engine together: which of them there are, and what each is told of the others. Decides nothing.
 *
 * Upstream the engine, whose decisions the parts ask for ({@link Turns}). Downstream the parts.
 */
import { createIdSource } from "../clock/id.ts";
import type { NotificationId } from "../notification/notification.ts";
import { Aftermath } from "./aftermath.ts";
import { type Book, createBook, droppedNow } from "./book.ts";
import type { AttemptError } from "./channel.ts";
import { createFacts, type Facts } from "./facts.ts";
import { Fallbacks } from "./fallback.ts";
import { createFlights, type Flights } from "./flights.ts";
import { createFront, type Front } from "./front.ts";
import { createPutOff } from "./in-place/put-off.ts";
import { Intake } from "./intake.ts";
import type { Lane } from "./lane/lane.ts";
import { createLanes, type Lanes } from "./lane/lanes.ts";
import { createSchedule, type Schedule } from "./lane/schedule.ts";
import { createLaneChanges, type LaneChanges } from "./lane-changes.ts";
import type { DeliveryOptions } from "./options.ts";
import type { DeliveryId, DeliveryRecord } from "./outbox.ts";
import { createPaging } from "./paging.ts";
import { createPauses, type Pauses } from "./pause.ts";
import { createRestore, type Restore } from "./restore.ts";
import type { FailureReason } from "./result.ts";

/** How soon a lane asks again for what a failing store holds. */
const STORE_RETRY_MS = 1_000;

/** What only the engine decides. */
export interface Turns {
  /** The lane's next turn may have changed. */
  step(lane: Lane, now: number): void;
  /** Its egress admits it. */
  start(lane: Lane, now: number): void;
  /** It has nothing under way any more. */
  resume(lane: Lane, now: number): void;
  /** Nothing gets through there until somebody acts. */
  disable(lane: Lane, error: AttemptError, now: number): void;
  isClosed(): boolean;
}

export interface EngineParts {
  readonly book: Book;
  readonly schedule: Schedule<Lane>;
  readonly facts: Facts;
  readonly lanes: Lanes;
  readonly front: Front;
  readonly intake: Intake;
  readonly pauses: Pauses;
  readonly restore: Restore;
  readonly changes: LaneChanges;
  readonly flights: Flights;
}

export function assemble(options: DeliveryOptions, turns: Turns): EngineParts {
  const { clock, outbox, onEvent } = options;
  const { isClosed, resume, step } = turns;
  const look = (lane: Lane): void => step(lane, clock.now());
  const lookAt = (lanes: readonly Lane[], now = clock.now()): void => {
    for (const lane of lanes) step(lane, now);
  };
  const disable = (lane: Lane, error: AttemptError): void => turns.disable(lane, error, clock.now());

  const book = createBook(outbox, onEvent);
  const schedule = createSchedule<Lane>(clock, lookAt);
  const facts = createFacts(options.memory, clock);
  const lanes = createLanes({ ...options, facts, start: turns.start });
  const pauses = createPauses({ ...options, lanes, look: lookAt });
  const paging = createPaging({ outbox, book, ...options.paging });
  const putOff = createPutOff({ ...options, book });
  const shared = { ...options, book, lanes, facts, paging, isClosed, look };

  const nextId = createIdSource<DeliveryId>("dlv", clock);
  const nextNotificationId = createIdSource<NotificationId>("ntf", clock);
  const admit = (record: DeliveryRecord): void => intake.admit(record);
  const fallbacks = new Fallbacks({ ...shared, nextId, admit });
  const intake = new Intake({ ...shared, fallbacks, putOff, nextId, nextNotificationId });

  /** Concludes one that is not under way. */
  const drop = (delivery: DeliveryRecord, reason: FailureReason, error: AttemptError | null): void =>
    void fallbacks.end([droppedNow(delivery, { reason, error, now: clock.now() })]);
  const lookLater = (lane: Lane): void => schedule.wakeAt(clock.now() + STORE_RETRY_MS, lane);
  const front = createFront({ paging, putOff, drop, lookLater });

  const restore = createRestore({ ...shared, intake });
  const changes = createLaneChanges({ ...shared, pauses, front, restore, disable });
  const aftermath = new Aftermath({ ...shared, gates: lanes.gates, fallbacks, resume, disable });
  const handle = aftermath.handle.bind(aftermath);
  const flights = createFlights({ ...shared, handle, resume, look: step });
  return { book, schedule, facts, lanes, front, intake, pauses, restore, changes, flights };
}
