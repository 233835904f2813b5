/**
 * The heart: takes accepted notifications to their destinations in order, within every limit, and says what became of each.
 *
 * Each lane has at most one request under way. A lane's next step is decided by `decideTurn` (pure), what follows a failure by
 * `decideVerdict` (pure); this class carries the decisions out. Three things drive it: something is enqueued, a request ends,
 * the next due instant comes. When nothing waits it holds no timer.
 *
 * Must stay true: a delivery is settled in the outbox before its lane goes on, so that a crash repeats at most the one message
 * under way per lane.
 *
 * What it is made of is put together in assembly.ts.
 */
import { assemble, type EngineParts } from "./assembly.ts";
import type { Book } from "./book.ts";
import { breakerOpensAt } from "./breaker/breaker.ts";
import type { AttemptError, Channel } from "./channel.ts";
import { divertAt } from "./fallback.ts";
import { land } from "./flight.ts";
import type { Enqueued, Intake } from "./intake.ts";
import { decideTurn, type Lane, whyNotTold } from "./lane/lane.ts";
import type { LaneOptions } from "./lane/lanes.ts";
import { type LaneStatus, laneStatus } from "./lane/status.ts";
import type { LaneChanges } from "./lane-changes.ts";
import { createMatters, type Matters } from "./matters.ts";
import type { DeliveryOptions } from "./options.ts";
import type { DeliveryRecord, Durable, LaneBacklog } from "./outbox.ts";
import { type Pauses, pausedUntil } from "./pause.ts";

export class DeliveryEngine {
  readonly #options: DeliveryOptions;
  readonly #parts: EngineParts;
  #isBeginning = false;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#parts = assemble(options, {
      step: (lane, now) => this.#step(lane, now),
      start: (lane, now) => this.#start(lane, now),
      resume: (lane, now) => this.#resume(lane, now),
      disable: (lane, error, now) => this.#disable(lane, error, now),
      isClosed: () => this.#closed,
    });
  }

  /** Adds a destination. The channel stays its owner's to close. */
  addLane(name: string, channel: Channel, options: LaneOptions = {}): void {
    this.#parts.lanes.set(name, channel, options);
  }

  /** Destinations that come, change and go after `restore()`. */
  get changes(): LaneChanges {
    return this.#parts.changes;
  }

  /**
   * Goes on from where an earlier process stopped: to be called once, when all lanes have been added.
   *
   * @param onHomeless see {@link Restore}
   */
  restore(onHomeless: (found: LaneBacklog) => void = () => {}): void {
    const { pauses, facts, lanes, restore } = this.#parts;
    pauses.recall();
    const { starts, isRecorded } = facts.recall(lanes, () => this.#lookAnew());
    restore.begin(starts, onHomeless);
    this.#beginAfter(isRecorded);
  }

  /** Nothing leaves before it is known that this process has begun: what it sends when it dies at once counts for the next one. */
  #beginAfter(isRecorded: Durable): void {
    this.#isBeginning = isRecorded !== undefined;
    void isRecorded?.then(() => {
      this.#isBeginning = false;
      this.#lookAt(this.#parts.lanes.all());
    });
    this.#lookAt(this.#parts.lanes.all());
  }

  /**
   * Accepts notifications for their lanes, all in one write to the outbox. Durable once the returned promise resolves, or at once
   * when there is none. Each one's listener is told once, when all its lanes have concluded.
   */
  enqueue(items: readonly Enqueued[]): Durable {
    return this.#parts.intake.take(items);
  }

  /** How notifications come in by other ways: made durable by somebody else, or recorded already. */
  get intake(): Pick<Intake, "prepare" | "adopt"> {
    return this.#parts.intake;
  }

  /** What is accepted and not concluded. */
  get book(): Pick<Book, "open" | "held" | "whenIdle"> {
    return this.#parts.book;
  }

  /** What waits at this destination and is in memory, in sending order: of a long lane the front. */
  heldAt(destination: string): readonly DeliveryRecord[] {
    return [...(this.#parts.lanes.find(destination)?.queue ?? [])];
  }

  /** Orders of people that nothing leaves for now. */
  get pauses(): Pick<Pauses, "ofAll" | "pause" | "resume"> {
    return this.#parts.pauses;
  }

  get matters(): Matters {
    return createMatters({ lanes: this.#parts.lanes, clock: this.#options.clock });
  }

  /** How many wait for a pause to end, and will still do so then. */
  pausedBeyond(at: number): number {
    const paused = this.#parts.lanes.all().filter((lane) => pausedUntil(lane) > at);
    return paused.reduce((sum, { queue, beyond }) => sum + queue.size + beyond, 0);
  }

  status(): readonly LaneStatus[] {
    const { lanes } = this.#parts;
    const now = this.#options.clock.now();
    return lanes.all().map((lane) => laneStatus(lane, lanes.egressOf(lane), now));
  }

  /** Forgets what the remotes said of their limits: pauses, headers, strikes. Bans stay. */
  resetLimits(): void {
    for (const gate of this.#parts.lanes.gates.all()) gate.reset();
    this.#lookAt(this.#parts.lanes.all());
  }

  /**
   * Ends at once. What still waits is left to the next process when the outbox is durable, and concluded as `closed` when not;
   * whoever waits for a verdict is told `closed` in either case.
   */
  close(): void {
    const { schedule, pauses, lanes, book, front } = this.#parts;
    const { memory, outbox, clock } = this.#options;
    this.#closed = true;
    schedule.stop();
    pauses.stop();
    memory.stop();
    for (const egress of lanes.egresses()) egress.stop();
    if (outbox.isDurable) book.abandon(clock.now());
    else for (const lane of lanes.all()) front.clear(lane, "closed", null);
  }

  /** More is known now. */
  #lookAnew(): void {
    if (this.#closed) return;
    this.#parts.restore.askNow();
    this.#lookAt(this.#parts.lanes.all());
  }

  #lookAt(lanes: readonly Lane[]): void {
    const now = this.#options.clock.now();
    for (const lane of lanes) this.#step(lane, now);
  }

  /** Decides what the lane does now, and plans its next look when that is nothing. */
  #step(lane: Lane, now: number): void {
    if (this.#closed || this.#isBeginning) return;
    const { front, lanes, flights, schedule } = this.#parts;
    lane.version++;
    // What only the store holds may come in later.
    if (lane.isRemoved) return front.clear(lane, "destination-removed", null);
    if (lane.mode.mode === "disabled") return front.clear(lane, "destination-disabled", lane.mode.error);
    if (lane.mode.mode !== "sending") front.prepare(lane, now);
    this.#divertIfLong(lane, now);
    const turn = decideTurn(lane, now);
    switch (turn.kind) {
      case "nothing-to-do":
        if (lane.mode.mode === "waiting" || lane.mode.mode === "ready") lane.mode = { mode: "idle" };
        if (lane.mode.mode === "idle" && lane.beyond === 0) for (const tell of lane.rested.splice(0)) tell();
        return;
      case "wait":
        lane.mode = { mode: "waiting", until: turn.until, because: turn.because };
        if (turn.until === Number.POSITIVE_INFINITY && turn.because !== "paused") flights.starve(lane);
        return schedule.wakeAt(turn.until, lane);
      case "go": {
        const egress = lanes.egressOf(lane);
        if (egress === null || egress.isFree(now)) return flights.send(lane, now);
        lane.mode = { mode: "ready" };
        return egress.request(lane, now);
      }
    }
  }

  /** Hands everything over when the destination has been out of reach for too long; what comes after the breaker's pause still probes. */
  #divertIfLong(lane: Lane, now: number): void {
    const egress = this.#parts.lanes.egressOf(lane);
    const at = lane.queue.size === 0 ? null : divertAt(lane, egress, this.#options.fallback);
    if (at === null || lane.mode.mode === "sending") return;
    const isHeld = breakerOpensAt(lane.breaker) > now || (egress?.guard.bannedUntil ?? 0) > now;
    if (isHeld && at <= now) this.#parts.front.clear(lane, "destination-silent", null);
    else if (isHeld) this.#parts.schedule.wakeAt(at, lane);
  }

  #start(lane: Lane, now: number): void {
    // Since its ticket was drawn another lane may have used up what they share, or its head may have expired.
    const turn = decideTurn(lane, now);
    if (turn.kind !== "go" || whyNotTold(lane, turn.delivery, now) !== null) return this.#step(lane, now);
    this.#parts.flights.send(lane, now);
  }

  /** It has nothing under way any more. */
  #resume(lane: Lane, now: number): void {
    const error = land(lane);
    if (error === null) this.#step(lane, now);
    else this.#disable(lane, error, now);
  }

  #disable(lane: Lane, error: AttemptError, now: number): void {
    lane.version++;
    const since = lane.mode.mode === "disabled" ? lane.mode.since : now;
    lane.mode = { mode: "disabled", since, error };
    this.#parts.facts.laneChanged(lane);
    this.#options.onEvent({ type: "lane-disabled", at: now, destination: lane.name, error });
    this.#parts.front.clear(lane, "destination-disabled", error);
  }
}
