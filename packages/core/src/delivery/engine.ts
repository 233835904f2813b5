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
import type { Notification } from "../notification/notification.ts";
import { Aftermath, type Flight } from "./aftermath.ts";
import { type BanGuardPolicy, createBanGuard } from "./ban-guard.ts";
import { type Book, createBook } from "./book.ts";
import { type BreakerPolicy, CLOSED, onStart } from "./breaker/breaker.ts";
import type { AttemptError, Channel, SendOutcome, SendRequest } from "./channel.ts";
import { createEgress, type Egress } from "./egress.ts";
import type { DeliveryEvent } from "./events.ts";
import { requestOf, takeBatch } from "./lane/batch.ts";
import { decideTurn, isExpired, type Lane } from "./lane/lane.ts";
import { joinPool, startRequest } from "./lane/limits.ts";
import { createLaneQueue } from "./lane/queue.ts";
import { createSchedule, type Schedule } from "./lane/schedule.ts";
import { type LaneStatus, laneStatus } from "./lane/status.ts";
import type { DeliveryId, DeliveryRecord, Outbox } from "./outbox.ts";
import { decideOverflow, type Overflow } from "./overflow.ts";
import { createGates, type Gates } from "./pacing/gates.ts";
import { createLocalLimiter, type LocalLimit } from "./pacing/local-limit.ts";
import { type DeliveryResult, type FailureReason, failedResult } from "./result.ts";
import type { RetryPolicy } from "./retry/retry-policy.ts";

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly banGuard?: Partial<BanGuardPolicy> | undefined;
  readonly localLimit: LocalLimit;
  /** Deliveries that may wait per lane. */
  readonly queueSize: number;
  readonly overflow: Overflow;
  /** Whether what waits in a lane may share a message. */
  readonly batching: boolean;
  /** Told of everything that happens; must not throw. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

export interface Enqueued {
  readonly notification: Notification;
  /** Names of its destinations; one or more. */
  readonly lanes: readonly string[];
  readonly onSettled: (result: DeliveryResult) => void;
}

export class DeliveryEngine {
  readonly #options: DeliveryOptions;
  readonly #clock: Clock;
  readonly #book: Book;
  readonly #lanes = new Map<string, Lane>();
  readonly #egresses = new Map<string, Egress>();
  readonly #gates: Gates = createGates();
  readonly #schedule: Schedule<Lane>;
  readonly #aftermath: Aftermath;
  readonly #nextId: () => DeliveryId;
  /** Lanes that only the end of another lane's request can free. */
  readonly #starved = new Set<Lane>();
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#book = createBook(options.outbox, options.onEvent);
    this.#nextId = createIdSource<DeliveryId>("dlv", options.clock);
    this.#schedule = createSchedule(options.clock, (lanes, now) => {
      for (const lane of lanes) this.#step(lane, now);
    });
    this.#aftermath = new Aftermath({
      ...options,
      book: this.#book,
      gates: this.#gates,
      isClosed: () => this.#closed,
      resume: (lane) => {
        lane.mode = { mode: "idle" };
        this.#step(lane, this.#clock.now());
      },
      disable: (lane, error) => this.#disable(lane, error, this.#clock.now()),
    });
  }

  /** Adds a destination. Names are unique. The channel stays its owner's to close. */
  addLane(name: string, channel: Channel): void {
    const { egress, pool, bucket } = channel.limits;
    if (egress !== null && !this.#egresses.has(egress.key)) {
      const parts = {
        key: egress.key,
        clock: this.#clock,
        gate: this.#gates.get(egress.key, egress.spec),
        guard: createBanGuard(this.#options.banGuard),
        start: (lane: Lane, now: number) => this.#start(lane, now),
      };
      this.#egresses.set(egress.key, createEgress(parts));
    }
    this.#lanes.set(name, {
      name,
      channel,
      queue: createLaneQueue(),
      local: createLocalLimiter(this.#options.localLimit),
      bucket: bucket === null ? null : this.#gates.get(bucket.key, bucket.spec),
      pool: pool === null ? null : { gate: this.#gates.get(pool.key, pool.spec), spec: pool.spec },
      egressKey: egress?.key ?? null,
      breaker: CLOSED,
      mode: { mode: "idle" },
      version: 0,
    });
  }

  /**
   * Accepts notifications for their lanes, all in one write to the outbox. Durable once the returned promise resolves, or at once
   * when there is none. Each one's `onSettled` is called once, when all its lanes have concluded.
   */
  enqueue(items: readonly Enqueued[]): Promise<void> | undefined {
    const now = this.#clock.now();
    const records = items.flatMap(({ notification, lanes, onSettled }) => {
      const tracker = { id: notification.id, missing: lanes.length, results: [], onSettled };
      return lanes.map((lane) => {
        const record = this.#newRecord(lane, notification, now);
        this.#book.enter(record, tracker);
        return record;
      });
    });
    const admitAll = (): undefined => {
      for (const record of records) this.#admit(record);
    };
    const appended = this.#options.outbox.append(records);
    return appended === undefined ? admitAll() : appended.then(admitAll);
  }

  /** Deliveries accepted and not concluded. */
  get open(): number {
    return this.#book.open;
  }

  whenIdle(): Promise<void> {
    return this.#book.whenIdle();
  }

  status(): readonly LaneStatus[] {
    const now = this.#clock.now();
    return [...this.#lanes.values()].map((lane) => laneStatus(lane, this.#egressOf(lane), now));
  }

  /** This lane is known to share the hidden limit of that key with others. */
  joinPool(name: string, poolKey: string): void {
    const lane = this.#lanes.get(name);
    if (lane !== undefined) joinPool(lane, poolKey, this.#gates);
  }

  /** Stops sending to this destination; what waits for it ends as `destination-disabled`. */
  disableLane(name: string, error: AttemptError): void {
    const lane = this.#lanes.get(name);
    if (lane !== undefined && lane.mode.mode !== "sending") this.#disable(lane, error, this.#clock.now());
  }

  /** Forgets what the remotes said of their limits: pauses, headers, strikes. Bans stay. */
  resetLimits(): void {
    for (const gate of this.#gates.all()) gate.reset();
    const now = this.#clock.now();
    for (const lane of this.#lanes.values()) this.#step(lane, now);
  }

  /** Ends at once: what waits is concluded as `closed`, and so is what is under way unless it still arrives. */
  close(): void {
    this.#closed = true;
    this.#schedule.stop();
    for (const egress of this.#egresses.values()) egress.stop();
    for (const lane of this.#lanes.values()) this.#failAll(lane, "closed", null);
  }

  #egressOf(lane: Lane): Egress | null {
    return lane.egressKey === null ? null : this.#egresses.get(lane.egressKey)!;
  }

  #newRecord(lane: string, notification: Notification, now: number): DeliveryRecord {
    return {
      id: this.#nextId(),
      lane,
      notification,
      enqueuedAt: now,
      attempts: 0,
      failures: 0,
      notBefore: 0,
      degrade: [],
      possibleRepeat: false,
      alone: false,
    };
  }

  #admit(record: DeliveryRecord): void {
    const lane = this.#lanes.get(record.lane);
    if (lane === undefined) return this.#drop(record, "no-destination", null);
    if (this.#closed) return this.#drop(record, "closed", null);
    if (lane.mode.mode === "disabled") return this.#drop(record, "destination-disabled", lane.mode.error);
    const decision = decideOverflow(lane.queue, record, this.#options);
    if (decision.action === "refuse") return this.#drop(record, decision.reason, null);
    if (decision.action === "displace") this.#drop(decision.displaced, decision.reason, null);
    lane.queue.push(record);
    // The end of a request looks at its lane anyway; otherwise only a new head changes the plan.
    if (lane.mode.mode !== "sending" && lane.queue.head() === record) this.#step(lane, this.#clock.now());
  }

  /** Decides what the lane does now, and plans its next look when that is nothing. */
  #step(lane: Lane, now: number): void {
    if (this.#closed) return;
    lane.version++;
    this.#dropExpired(lane, now);
    const turn = decideTurn(lane, now);
    switch (turn.kind) {
      case "nothing-to-do":
        if (lane.mode.mode === "waiting" || lane.mode.mode === "ready") lane.mode = { mode: "idle" };
        return;
      case "wait":
        lane.mode = { mode: "waiting", until: turn.until, because: turn.because };
        if (turn.until === Number.POSITIVE_INFINITY) this.#starved.add(lane);
        return this.#schedule.wakeAt(turn.until, lane);
      case "go": {
        lane.mode = { mode: "ready" };
        const egress = this.#egressOf(lane);
        return egress === null ? this.#start(lane, now) : egress.request(lane, now);
      }
    }
  }

  #dropExpired(lane: Lane, now: number): void {
    if (lane.mode.mode === "sending") return;
    for (let head = lane.queue.head(); head !== null && isExpired(head, now); head = lane.queue.head()) {
      lane.queue.take();
      this.#drop(head, "expired", null);
    }
  }

  #start(lane: Lane, now: number): void {
    // Since its ticket was drawn another lane may have used up what they share, or its head may have expired.
    if (decideTurn(lane, now).kind !== "go") return this.#step(lane, now);
    const deliveries = takeBatch(lane, { batching: this.#options.batching, now });
    lane.version++;
    lane.mode = { mode: "sending", since: now };
    const egress = this.#egressOf(lane);
    const held = startRequest(lane, egress?.gate ?? null, now);
    const flight = { lane, egress, deliveries, held, wasProbe: lane.breaker.mode === "open", startedAt: now };
    lane.breaker = onStart(lane.breaker);
    for (const delivery of deliveries) delivery.attempts++;
    void send(lane.channel, requestOf(deliveries, now)).then((outcome) => this.#finish(flight, outcome));
  }

  #finish(flight: Flight, outcome: SendOutcome): void {
    this.#aftermath.handle(flight, outcome);
    const now = this.#clock.now();
    flight.egress?.admit(now);
    const starved = [...this.#starved];
    this.#starved.clear();
    for (const lane of starved) this.#step(lane, now);
  }

  #disable(lane: Lane, error: AttemptError, now: number): void {
    lane.version++;
    lane.mode = { mode: "disabled", since: now, error };
    this.#options.onEvent({ type: "lane-disabled", at: now, destination: lane.name, error });
    this.#failAll(lane, "destination-disabled", error);
  }

  #failAll(lane: Lane, reason: FailureReason, error: AttemptError | null): void {
    for (let next = lane.queue.take(); next !== null; next = lane.queue.take()) this.#drop(next, reason, error);
  }

  /** Concludes one that is not under way. */
  #drop(delivery: DeliveryRecord, reason: FailureReason, error: AttemptError | null): void {
    const result = failedResult(delivery, reason, error);
    void this.#book.conclude([{ delivery, result, attempt: null, settledAt: this.#clock.now() }]);
  }
}

async function send(channel: Channel, request: SendRequest): Promise<SendOutcome> {
  try {
    return await channel.send(request);
  } catch (cause) {
    // Channels promise not to reject. One that does may or may not have sent.
    const message = cause instanceof Error ? cause.message : String(cause);
    const error = { code: "channel-threw", message: `The channel failed unexpectedly: ${message}`, status: null };
    return { kind: "ambiguous", error, limits: null, countsAsInvalid: false };
  }
}
