/**
 * What follows the end of one request: limits learn from it, the breaker and the ban guard count it, the verdict is carried out,
 * and the lane goes on once the outbox knows.
 */
import type { Clock } from "../clock/clock.ts";
import { type BanGuardPolicy, createBanGuard } from "./ban-guard.ts";
import { blame } from "./blame.ts";
import type { Book } from "./book.ts";
import { type BreakerPolicy, onFailure, onSuccess } from "./breaker/breaker.ts";
import type { AttemptError, SendFailure, SendOutcome, SendSuccess } from "./channel.ts";
import type { DeliveryEvent } from "./events.ts";
import type { Facts } from "./facts.ts";
import type { Fallbacks } from "./fallback.ts";
import type { Flight } from "./flight.ts";
import { putBack } from "./in-place/answer-later.ts";
import { noteTold } from "./in-place/note.ts";
import { isStoodBack, spaceOut } from "./in-place/stand-back.ts";
import { inPlaceOf } from "./in-place/telling.ts";
import type { Lane } from "./lane/lane.ts";
import { gateOf, learnLimits } from "./lane/limits.ts";
import type { AttemptRecord, DeliveryRecord, Durable, Outbox, Postponement, Settlement } from "./outbox.ts";
import type { Gates } from "./pacing/gates.ts";
import { UNTOLD_WAIT_MS } from "./pacing/remote-block.ts";
import { type FailureReason, failedResult } from "./result.ts";
import type { RetryPolicy } from "./retry/retry-policy.ts";
import { decideVerdict } from "./verdict.ts";

export interface AftermathParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly book: Book;
  readonly gates: Gates;
  readonly facts: Facts;
  readonly fallbacks: Fallbacks;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly banGuard?: Partial<BanGuardPolicy> | undefined;
  readonly onEvent: (event: DeliveryEvent) => void;
  readonly isClosed: () => boolean;
  /** The lane has nothing under way any more. */
  readonly resume: (lane: Lane, now: number) => void;
  readonly disable: (lane: Lane, error: AttemptError) => void;
}

/** One delivery of the message that was sent, and how its try went. */
type Try = Postponement;

interface JudgedBy {
  readonly failure: SendFailure;
  /** Until when the answer has shut the way. */
  readonly until: number;
  readonly now: number;
}

type RetryCause = "unavailable" | "ambiguous" | "rate-limited" | "banned";

export class Aftermath {
  readonly #parts: AftermathParts;

  constructor(parts: AftermathParts) {
    this.#parts = parts;
  }

  handle(flight: Flight, outcome: SendOutcome, now: number): void {
    const { lane, egress, held } = flight;
    for (const limiter of held) limiter.finish(now);
    const { gates, facts } = this.#parts;
    const isCurrent = flight.channel === lane.channel;
    if (isCurrent && outcome.limits !== null && learnLimits(lane, outcome.limits, { gates, now }))
      facts.poolLearned(lane);
    const tries = flight.deliveries.map((delivery) => {
      const attempt = attemptOf(flight, delivery, { outcome, now });
      this.#tellAttempt(attempt, delivery);
      return { delivery, attempt };
    });
    if (isCurrent) this.#countForBreaker(lane, outcome.kind, now);
    if (outcome.kind === "delivered") return this.#delivered(flight, tries, { outcome, now });
    if (outcome.countsAsInvalid) egress?.guard.countInvalid(now);
    this.#failed(flight, tries, { failure: outcome, now });
  }

  #tellAttempt(attempt: AttemptRecord, delivery: DeliveryRecord): void {
    const { endedAt, outcome, status, error } = attempt;
    const durationMs = endedAt - attempt.startedAt;
    const told = about(delivery, endedAt);
    this.#parts.onEvent({ type: "attempt", ...told, attempt: attempt.attempt, outcome, status, error, durationMs });
  }

  #countForBreaker(lane: Lane, kind: SendOutcome["kind"], now: number): void {
    const before = lane.breaker;
    const destination = lane.name;
    if (kind === "unavailable" || kind === "ambiguous") {
      lane.breaker = onFailure(before, this.#parts.breaker, now);
      if (lane.breaker.mode !== "open") return;
      this.#parts.facts.laneChanged(lane);
      if (before.mode !== "closed") return;
      return this.#parts.onEvent({ type: "breaker-opened", at: now, destination, until: lane.breaker.until });
    }
    // Any answer at all shows that the destination is there.
    lane.breaker = onSuccess(before);
    if (before.mode === "closed") return;
    this.#parts.facts.laneChanged(lane);
    this.#parts.onEvent({ type: "breaker-closed", at: now, destination });
  }

  #delivered(flight: Flight, tries: readonly Try[], { outcome, now }: { outcome: SendSuccess; now: number }): void {
    const { lane, egress, tellings } = flight;
    const { messageId, address = null } = outcome;
    if (flight.channel === lane.channel) lane.isProven = true;
    lane.bucket?.accept();
    lane.pool?.gate.accept();
    egress?.gate.accept();
    // What it told stands where nobody can reach it any more, when the destination was replaced meanwhile.
    const reachable = flight.channel === lane.channel ? address : null;
    noteTold(lane, flight, { address: reachable, now });
    const more: Try[] = [];
    const done: Settlement[] = [];
    let place = 0;
    for (const { delivery, attempt } of tries) {
      const telling = tellings[place++]!;
      const inPlace = inPlaceOf(telling, delivery);
      if (telling.how === "edit") delivery.edited++;
      if (telling.how === "edit" && !telling.isLast && !this.#isOver()) {
        more.push({ delivery, attempt });
        continue;
      }
      const { attempts } = delivery;
      const possibleRepeat = delivery.possibleRepeat && telling.how !== "edit";
      const told = { destination: lane.name, status: "delivered", attempts, messageId, possibleRepeat } as const;
      const result = inPlace === null ? told : { ...told, inPlace };
      done.push({ delivery, result, attempt, settledAt: attempt.endedAt });
    }
    const back = this.#putBack(lane, more);
    if (isStoodBack(flight.deliveries[0])) spaceOut(lane, now);
    const concluded = done.length === 0 ? undefined : this.#parts.book.conclude(done);
    this.#goOn(lane, [back, concluded], now);
  }

  #failed(flight: Flight, tries: readonly Try[], { failure, now }: { failure: SendFailure; now: number }): void {
    const { lane } = flight;
    const isOutdated = flight.channel !== lane.channel && isOfDestination(failure);
    const until = isOutdated ? now : this.#obey(flight, failure, now);
    const blames = blame(failure, tries.length);
    const back: Try[] = [];
    const done: Settlement[] = [];
    for (const [place, one] of tries.entries()) {
      const { failure: own, alone } = blames[place]!;
      if (alone) one.delivery.alone = true;
      const reason = own === null || isOutdated ? null : this.#judge(flight, one, { failure: own, until, now });
      if (reason !== null) done.push(settlementOf(one, reason, failure.error));
      else if (this.#isOver()) done.push(settlementOf(one, "closed", failure.error));
      else back.push(one);
    }
    const written = [this.#putBack(lane, back), done.length === 0 ? undefined : this.#parts.fallbacks.end(done)];
    if (failure.kind === "misconfigured" && !isOutdated && !lane.isRemoved) this.#parts.disable(lane, failure.error);
    else this.#goOn(lane, written, now);
  }

  /** They go again, in their order and before all others. */
  #putBack(lane: Lane, tries: readonly Try[]): Durable {
    if (tries.length === 0) return undefined;
    // In reverse, so that the first is in front again.
    for (const { delivery } of tries.toReversed()) putBack(lane, delivery);
    return this.#parts.outbox.postpone(tries);
  }

  /** There is no next attempt in this process, and nothing that would remember it for the next. */
  #isOver(): boolean {
    return this.#parts.isClosed() && !this.#parts.outbox.isDurable;
  }

  /** Shuts what the answer says is shut, for everyone who shares it. @returns until when, where it says so */
  #obey({ lane, egress }: Flight, failure: SendFailure, now: number): number {
    const destination = lane.name;
    if (failure.kind === "rate-limited") {
      const { scope, retryAfterMs } = failure;
      const gate = gateOf(lane, egress?.gate ?? null, scope);
      const until = gate?.refuse(retryAfterMs, now) ?? now + (retryAfterMs ?? UNTOLD_WAIT_MS);
      if (gate !== null) this.#parts.facts.gateShut(gate.key, until);
      this.#parts.onEvent({ type: "rate-limited", at: now, destination, scope, until });
      return until;
    }
    if (failure.kind === "banned") {
      const guard = egress?.guard ?? createBanGuard(this.#parts.banGuard);
      const until = guard.ban(failure.retryAfterMs, now);
      if (egress !== null) this.#parts.facts.banned(egress.key, until);
      this.#parts.onEvent({ type: "banned", at: now, destination, until, error: failure.error });
      return until;
    }
    return now;
  }

  /** Prepares the delivery for its next attempt, or says why there is none. */
  #judge(flight: Flight, { delivery }: Try, facts: JudgedBy): FailureReason | null {
    const { failure, until, now } = facts;
    const { wasProbe } = flight;
    // To change a message twice changes nothing.
    const isEdit = flight.tellings[0].how === "edit";
    if (failure.kind === "ambiguous" && !isEdit) delivery.possibleRepeat = true;
    // A probe tests the destination, so the message does not pay for it.
    if ((failure.kind === "ambiguous" || failure.kind === "unavailable") && !wasProbe) delivery.failures++;
    const atMostOnce = delivery.notification.atMostOnce && !isEdit;
    const failed = { failure, attempts: delivery.failures, wasProbe, atMostOnce };
    const verdict = decideVerdict(this.#parts.retry, failed, { now, random: this.#parts.clock.random });
    switch (verdict.action) {
      case "retry":
        delivery.notBefore = verdict.at;
        return this.#again(delivery, { at: verdict.at, because: verdict.because, now });
      case "wait-for-limit":
        if (gateOf(flight.lane, flight.egress?.gate ?? null, verdict.scope) === null) delivery.notBefore = until;
        return this.#again(delivery, { at: until, because: "rate-limited", now });
      case "stop-egress":
        // Without an egress of its own the lane has nothing else that holds it back.
        if (flight.egress === null) delivery.notBefore = until;
        return this.#again(delivery, { at: until, because: "banned", now });
      case "degrade":
        // A step that was taken before and did not help would go round for ever.
        if (delivery.degrade.includes(verdict.step)) return "rejected";
        delivery.degrade = [...delivery.degrade, verdict.step];
        this.#parts.onEvent({ type: "degraded", ...about(delivery, now), step: verdict.step });
        return null;
      case "give-up":
        return verdict.reason;
      case "disable-lane":
        return "destination-disabled";
    }
  }

  #again(delivery: DeliveryRecord, { at, because, now }: { at: number; because: RetryCause; now: number }): null {
    this.#parts.onEvent({ type: "retry-scheduled", ...about(delivery, now), retryAt: at, because });
    return null;
  }

  /** The lane goes on as soon as the outbox knows. */
  #goOn(lane: Lane, written: readonly Durable[], now: number): void {
    if (written.every((one) => one === undefined)) return this.#parts.resume(lane, now);
    // One thing was written as a rule, and this is on the way of every message.
    const [first, ...others] = written.filter((one) => one !== undefined);
    const all: Promise<unknown> = others.length === 0 ? first! : Promise.all([first, ...others]);
    void all.then(() => this.#parts.resume(lane, this.#parts.clock.now()));
  }
}

/** Whether it says something of the destination, and nothing of the message or of this address. */
function isOfDestination(failure: SendFailure): boolean {
  const { kind } = failure;
  return kind === "misconfigured" || kind === "unavailable" || (kind === "rate-limited" && failure.scope !== "global");
}

function attemptOf(
  { startedAt }: Flight,
  delivery: DeliveryRecord,
  end: { outcome: SendOutcome; now: number },
): AttemptRecord {
  const { outcome, now } = end;
  return {
    deliveryId: delivery.id,
    attempt: delivery.attempts,
    startedAt,
    endedAt: now,
    outcome: outcome.kind,
    error: outcome.kind === "delivered" ? null : outcome.error,
    status: outcome.kind === "delivered" ? outcome.status : outcome.error.status,
    bucket: outcome.limits?.bucket ?? null,
    messageId: outcome.kind === "delivered" ? outcome.messageId : null,
  };
}

function settlementOf({ delivery, attempt }: Try, reason: FailureReason, error: AttemptError): Settlement {
  return { delivery, result: failedResult(delivery, reason, error), attempt, settledAt: attempt.endedAt };
}

function about(delivery: DeliveryRecord, now: number) {
  return { at: now, destination: delivery.lane, deliveryId: delivery.id, notificationId: delivery.notification.id };
}
