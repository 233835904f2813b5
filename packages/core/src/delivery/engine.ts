/**
 * The heart: takes accepted notifications to their destinations in order, within every limit, and says what became of each.
 *
 * Each lane has at most one request under way. A lane's next step is decided by `decideTurn` (pure), what follows a failure by
 * `decideVerdict` (pure); this class carries the decisions out. Three things drive it: something is enqueued, a request ends,
 * the next due instant comes. When nothing waits it holds no timer.
 *
 * Must stay true: a delivery is settled in the outbox before its lane goes on, so that a crash repeats at most the one message
 * under way per lane.
 */
import type { Clock } from "../clock/clock.ts";
import { createIdSource } from "../clock/id.ts";
import type { NotificationId } from "../notification/notification.ts";
import { Aftermath } from "./aftermath.ts";
import { type Book, createBook, droppedNow } from "./book.ts";
import { breakerOpensAt } from "./breaker/breaker.ts";
import type { AttemptError, Channel } from "./channel.ts";
import { createFacts, type Facts } from "./facts.ts";
import { divertAt, Fallbacks } from "./fallback.ts";
import { land } from "./flight.ts";
import { createFlights, type Flights } from "./flights.ts";
import { createFront, type Front } from "./front.ts";
import { createPutOff } from "./in-place/put-off.ts";
import { type Enqueued, Intake } from "./intake.ts";
import { decideTurn, type Lane, whyNotTold } from "./lane/lane.ts";
import { createLanes, type LaneOptions, type Lanes } from "./lane/lanes.ts";
import { createSchedule, type Schedule } from "./lane/schedule.ts";
import { type LaneStatus, laneStatus } from "./lane/status.ts";
import { createLaneChanges, type LaneChanges } from "./lane-changes.ts";
import { createMatters, type Matters } from "./matters.ts";
import type { DeliveryOptions } from "./options.ts";
import type { DeliveryId, DeliveryRecord, Durable, LaneBacklog } from "./outbox.ts";
import { createPaging, type Paging } from "./paging.ts";
import { createPauses, type Pauses, pausedUntil } from "./pause.ts";
import { createRestore, type Restore } from "./restore.ts";
import type { FailureReason } from "./result.ts";

/** How soon a lane asks again for what a failing store holds. */
const STORE_RETRY_MS = 1_000;

export class DeliveryEngine {
  readonly #options: DeliveryOptions;
  readonly #clock: Clock;
  readonly #book: Book;
  readonly #lanes: Lanes;
  readonly #facts: Facts;
  readonly #paging: Paging;
  readonly #front: Front;
  readonly #schedule: Schedule<Lane>;
  readonly #intake: Intake;
  readonly #fallbacks: Fallbacks;
  readonly #pauses: Pauses;
  readonly #restore: Restore;
  readonly #changes: LaneChanges;
  readonly #flights: Flights;
  #isBeginning = false;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#book = createBook(options.outbox, options.onEvent);
    this.#schedule = createSchedule(options.clock, (lanes, now) => {
      for (const lane of lanes) this.#step(lane, now);
    });
    this.#facts = createFacts(options.memory, options.clock);
    this.#paging = createPaging({ outbox: options.outbox, book: this.#book, ...options.paging });
    const putOff = createPutOff({ ...options, book: this.#book });
    this.#front = createFront({
      paging: this.#paging,
      putOff,
      drop: (delivery, reason, error) => this.#drop(delivery, reason, error),
      lookLater: (lane) => this.#schedule.wakeAt(this.#clock.now() + STORE_RETRY_MS, lane),
    });
    this.#lanes = createLanes({ ...options, facts: this.#facts, start: (lane, now) => this.#start(lane, now) });
    this.#pauses = createPauses({ ...options, lanes: this.#lanes, look: (lanes) => this.#lookAt(lanes) });
    const nextId = createIdSource<DeliveryId>("dlv", options.clock);
    const { clock } = options;
    const admit = (record: DeliveryRecord): void => this.#intake.admit(record);
    this.#fallbacks = new Fallbacks({ clock, book: this.#book, lanes: this.#lanes, nextId, admit });
    this.#intake = new Intake({
      ...options,
      putOff,
      book: this.#book,
      lanes: this.#lanes,
      fallbacks: this.#fallbacks,
      paging: this.#paging,
      nextId,
      nextNotificationId: createIdSource<NotificationId>("ntf", clock),
      isClosed: () => this.#closed,
      look: (lane) => this.#step(lane, this.#clock.now()),
    });
    const shared = { ...options, lanes: this.#lanes, intake: this.#intake, paging: this.#paging, facts: this.#facts };
    const look = (lane: Lane): void => this.#step(lane, this.#clock.now());
    this.#restore = createRestore({ ...shared, look, isClosed: () => this.#closed });
    this.#changes = createLaneChanges({
      ...shared,
      pauses: this.#pauses,
      front: this.#front,
      restore: this.#restore,
      disable: (lane, error) => this.#disable(lane, error, this.#clock.now()),
      look,
    });
    const resume = (lane: Lane, now: number): void => {
      const error = land(lane);
      if (error === null) this.#step(lane, now);
      else this.#disable(lane, error, now);
    };
    const aftermath = new Aftermath({
      ...options,
      book: this.#book,
      gates: this.#lanes.gates,
      facts: this.#facts,
      fallbacks: this.#fallbacks,
      isClosed: () => this.#closed,
      resume,
      disable: (lane, error) => this.#disable(lane, error, this.#clock.now()),
    });
    this.#flights = createFlights({
      ...options,
      lanes: this.#lanes,
      resume,
      isClosed: () => this.#closed,
      handle: (flight, outcome, now) => aftermath.handle(flight, outcome, now),
      look: (lane, now) => this.#step(lane, now),
    });
  }

  /** Adds a destination. The channel stays its owner's to close. */
  addLane(name: string, channel: Channel, options: LaneOptions = {}): void {
    this.#lanes.set(name, channel, options);
  }

  /** Destinations that come, change and go after `restore()`. */
  get changes(): LaneChanges {
    return this.#changes;
  }

  /**
   * Goes on from where an earlier process stopped: to be called once, when all lanes have been added.
   *
   * @param onHomeless see {@link Restore}
   */
  restore(onHomeless: (found: LaneBacklog) => void = () => {}): void {
    this.#pauses.recall();
    const { starts, isRecorded } = this.#facts.recall(this.#lanes, () => this.#lookAnew());
    this.#restore.begin(starts, onHomeless);
    this.#beginAfter(isRecorded);
  }

  /** Nothing leaves before it is known that this process has begun: what it sends when it dies at once counts for the next one. */
  #beginAfter(isRecorded: Durable): void {
    this.#isBeginning = isRecorded !== undefined;
    void isRecorded?.then(() => {
      this.#isBeginning = false;
      this.#lookAt(this.#lanes.all());
    });
    this.#lookAt(this.#lanes.all());
  }

  /**
   * Accepts notifications for their lanes, all in one write to the outbox. Durable once the returned promise resolves, or at once
   * when there is none. Each one's listener is told once, when all its lanes have concluded.
   */
  enqueue(items: readonly Enqueued[]): Durable {
    return this.#intake.take(items);
  }

  /** How notifications come in by other ways: made durable by somebody else, or recorded already. */
  get intake(): Pick<Intake, "prepare" | "adopt"> {
    return this.#intake;
  }

  /** What is accepted and not concluded. */
  get book(): Pick<Book, "open" | "held" | "whenIdle"> {
    return this.#book;
  }

  /** What waits at this destination and is in memory, in sending order: of a long lane the front. */
  heldAt(destination: string): readonly DeliveryRecord[] {
    return [...(this.#lanes.find(destination)?.queue ?? [])];
  }

  /** Orders of people that nothing leaves for now. */
  get pauses(): Pick<Pauses, "ofAll" | "pause" | "resume"> {
    return this.#pauses;
  }

  get matters(): Matters {
    return createMatters({ lanes: this.#lanes, clock: this.#clock });
  }

  /** How many wait for a pause to end, and will still do so then. */
  pausedBeyond(at: number): number {
    const paused = this.#lanes.all().filter((lane) => pausedUntil(lane) > at);
    return paused.reduce((sum, { queue, beyond }) => sum + queue.size + beyond, 0);
  }

  status(): readonly LaneStatus[] {
    const now = this.#clock.now();
    return this.#lanes.all().map((lane) => laneStatus(lane, this.#lanes.egressOf(lane), now));
  }

  /** Forgets what the remotes said of their limits: pauses, headers, strikes. Bans stay. */
  resetLimits(): void {
    for (const gate of this.#lanes.gates.all()) gate.reset();
    this.#lookAt(this.#lanes.all());
  }

  /**
   * Ends at once. What still waits is left to the next process when the outbox is durable, and concluded as `closed` when not;
   * whoever waits for a verdict is told `closed` in either case.
   */
  close(): void {
    this.#closed = true;
    this.#schedule.stop();
    this.#pauses.stop();
    this.#options.memory.stop();
    for (const egress of this.#lanes.egresses()) egress.stop();
    if (this.#options.outbox.isDurable) this.#book.abandon(this.#clock.now());
    else for (const lane of this.#lanes.all()) this.#front.clear(lane, "closed", null);
  }

  /** More is known now. */
  #lookAnew(): void {
    if (this.#closed) return;
    this.#restore.askNow();
    this.#lookAt(this.#lanes.all());
  }

  #lookAt(lanes: readonly Lane[]): void {
    const now = this.#clock.now();
    for (const lane of lanes) this.#step(lane, now);
  }

  /** Decides what the lane does now, and plans its next look when that is nothing. */
  #step(lane: Lane, now: number): void {
    if (this.#closed || this.#isBeginning) return;
    lane.version++;
    // What only the store holds may come in later.
    if (lane.isRemoved) return this.#front.clear(lane, "destination-removed", null);
    if (lane.mode.mode === "disabled") return this.#front.clear(lane, "destination-disabled", lane.mode.error);
    if (lane.mode.mode !== "sending") this.#front.prepare(lane, now);
    this.#divertIfLong(lane, now);
    const turn = decideTurn(lane, now);
    switch (turn.kind) {
      case "nothing-to-do":
        if (lane.mode.mode === "waiting" || lane.mode.mode === "ready") lane.mode = { mode: "idle" };
        if (lane.mode.mode === "idle" && lane.beyond === 0) for (const tell of lane.rested.splice(0)) tell();
        return;
      case "wait":
        lane.mode = { mode: "waiting", until: turn.until, because: turn.because };
        if (turn.until === Number.POSITIVE_INFINITY && turn.because !== "paused") this.#flights.starve(lane);
        return this.#schedule.wakeAt(turn.until, lane);
      case "go": {
        const egress = this.#lanes.egressOf(lane);
        if (egress === null || egress.isFree(now)) return this.#flights.send(lane, now);
        lane.mode = { mode: "ready" };
        return egress.request(lane, now);
      }
    }
  }

  /** Hands everything over when the destination has been out of reach for too long; what comes after the breaker's pause still probes. */
  #divertIfLong(lane: Lane, now: number): void {
    const egress = this.#lanes.egressOf(lane);
    const at = lane.queue.size === 0 ? null : divertAt(lane, egress, this.#options.fallback);
    if (at === null || lane.mode.mode === "sending") return;
    const isHeld = breakerOpensAt(lane.breaker) > now || (egress?.guard.bannedUntil ?? 0) > now;
    if (isHeld && at <= now) this.#front.clear(lane, "destination-silent", null);
    else if (isHeld) this.#schedule.wakeAt(at, lane);
  }

  #start(lane: Lane, now: number): void {
    // Since its ticket was drawn another lane may have used up what they share, or its head may have expired.
    const turn = decideTurn(lane, now);
    if (turn.kind !== "go" || whyNotTold(lane, turn.delivery, now) !== null) return this.#step(lane, now);
    this.#flights.send(lane, now);
  }

  #disable(lane: Lane, error: AttemptError, now: number): void {
    lane.version++;
    const since = lane.mode.mode === "disabled" ? lane.mode.since : now;
    lane.mode = { mode: "disabled", since, error };
    this.#facts.laneChanged(lane);
    this.#options.onEvent({ type: "lane-disabled", at: now, destination: lane.name, error });
    this.#front.clear(lane, "destination-disabled", error);
  }

  /** Concludes one that is not under way. */
  #drop(delivery: DeliveryRecord, reason: FailureReason, error: AttemptError | null): void {
    void this.#fallbacks.end([droppedNow(delivery, { reason, error, now: this.#clock.now() })]);
  }
}
