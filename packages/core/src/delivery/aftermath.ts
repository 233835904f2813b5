/**
 * What follows the end of one request: limits learn from it, the breaker and the ban guard count it, the verdict is carried out,
 * and the lane goes on once the outbox knows.
 */
import type { Clock } from "../clock/clock.ts";
import { type BanGuardPolicy, createBanGuard } from "./ban-guard.ts";
import type { Book } from "./book.ts";
import { type BreakerPolicy, onFailure, onSuccess } from "./breaker/breaker.ts";
import type { AttemptError, SendFailure, SendOutcome } from "./channel.ts";
import type { Egress } from "./egress.ts";
import type { DeliveryEvent } from "./events.ts";
import type { Lane } from "./lane/lane.ts";
import { gateOf, learnLimits } from "./lane/limits.ts";
import type { DeliveryRecord, Durable, Outbox } from "./outbox.ts";
import type { Gates } from "./pacing/gates.ts";
import type { Limiter } from "./pacing/limiter.ts";
import { type FailureReason, failedResult } from "./result.ts";
import type { RetryPolicy } from "./retry/retry-policy.ts";
import { decideVerdict, type Verdict } from "./verdict.ts";

/** One request under way. */
export interface Flight {
  readonly lane: Lane;
  readonly egress: Egress | null;
  readonly delivery: DeliveryRecord;
  /** The limits that count it. */
  readonly held: readonly Limiter[];
  readonly wasProbe: boolean;
  readonly startedAt: number;
}

export interface AftermathParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly book: Book;
  readonly gates: Gates;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly banGuard?: Partial<BanGuardPolicy> | undefined;
  readonly onEvent: (event: DeliveryEvent) => void;
  readonly isClosed: () => boolean;
  /** The lane has nothing under way any more. */
  readonly resume: (lane: Lane) => void;
  readonly disable: (lane: Lane, error: AttemptError) => void;
}

type RetryCause = "unavailable" | "ambiguous" | "rate-limited" | "banned";

export class Aftermath {
  readonly #parts: AftermathParts;

  constructor(parts: AftermathParts) {
    this.#parts = parts;
  }

  handle(flight: Flight, outcome: SendOutcome): void {
    const { lane, egress, held } = flight;
    const now = this.#parts.clock.now();
    for (const limiter of held) limiter.finish(now);
    if (outcome.limits !== null) learnLimits(lane, outcome.limits, { gates: this.#parts.gates, now });
    this.#tellAttempt(flight, outcome, now);
    this.#countForBreaker(lane, outcome.kind, now);
    if (outcome.kind === "delivered") return this.#delivered(flight, outcome.messageId, now);
    if (outcome.countsAsInvalid) egress?.guard.countInvalid(now);
    this.#carryOut(flight, outcome, this.#judge(flight, outcome, now));
  }

  #tellAttempt({ delivery, startedAt }: Flight, outcome: SendOutcome, now: number): void {
    this.#parts.onEvent({
      type: "attempt",
      ...about(delivery, now),
      attempt: delivery.attempts,
      outcome: outcome.kind,
      status: outcome.kind === "delivered" ? outcome.status : outcome.error.status,
      error: outcome.kind === "delivered" ? null : outcome.error,
      durationMs: now - startedAt,
    });
  }

  #countForBreaker(lane: Lane, kind: SendOutcome["kind"], now: number): void {
    const before = lane.breaker;
    const destination = lane.name;
    if (kind === "unavailable" || kind === "ambiguous") {
      lane.breaker = onFailure(before, this.#parts.breaker, now);
      if (lane.breaker.mode === "open" && before.mode === "closed")
        this.#parts.onEvent({ type: "breaker-opened", at: now, destination, until: lane.breaker.until });
      return;
    }
    // Any answer at all shows that the destination is there.
    lane.breaker = onSuccess(before);
    if (before.mode !== "closed") this.#parts.onEvent({ type: "breaker-closed", at: now, destination });
  }

  #delivered({ lane, egress, delivery }: Flight, messageId: string | null, now: number): void {
    lane.bucket?.accept();
    lane.pool?.gate.accept();
    egress?.gate.accept();
    const { attempts, possibleRepeat } = delivery;
    const result = { destination: lane.name, status: "delivered", attempts, messageId, possibleRepeat } as const;
    this.#goOn(lane, this.#parts.book.conclude(delivery, result, now));
  }

  #judge({ delivery, wasProbe }: Flight, failure: SendFailure, now: number): Verdict {
    if (failure.kind === "ambiguous") delivery.possibleRepeat = true;
    // A probe tests the destination, so the message does not pay for it.
    if ((failure.kind === "ambiguous" || failure.kind === "unavailable") && !wasProbe) delivery.failures++;
    const { atMostOnce } = delivery.notification;
    const { retry, clock } = this.#parts;
    const failed = { failure, attempts: delivery.failures, wasProbe, atMostOnce };
    return decideVerdict(retry, failed, { now, random: clock.random });
  }

  #carryOut({ lane, egress, delivery }: Flight, { error }: SendFailure, verdict: Verdict): void {
    const now = this.#parts.clock.now();
    switch (verdict.action) {
      case "retry":
        delivery.notBefore = verdict.at;
        return this.#again(lane, delivery, { at: verdict.at, because: verdict.because });
      case "wait-for-limit": {
        const until = this.#obeyRefusal(lane, egress, verdict);
        return this.#again(lane, delivery, { at: until, because: "rate-limited" });
      }
      case "stop-egress": {
        const until = (egress?.guard ?? createBanGuard(this.#parts.banGuard)).ban(verdict.retryAfterMs, now);
        if (egress === null) delivery.notBefore = until;
        this.#parts.onEvent({ type: "banned", at: now, destination: lane.name, until, error });
        return this.#again(lane, delivery, { at: until, because: "banned" });
      }
      case "degrade":
        // A step that was taken before and did not help would go round for ever.
        if (delivery.degrade.includes(verdict.step)) return this.#giveUp(lane, delivery, { reason: "rejected", error });
        delivery.degrade = [...delivery.degrade, verdict.step];
        this.#parts.onEvent({ type: "degraded", ...about(delivery, now), step: verdict.step });
        return this.#putBack(lane, delivery);
      case "give-up":
        return this.#giveUp(lane, delivery, { reason: verdict.reason, error });
      case "disable-lane":
        void this.#parts.book.conclude(delivery, failedResult(delivery, "destination-disabled", error), now);
        return this.#parts.disable(lane, error);
    }
  }

  /** Shuts the gate that the refusal is about, for every lane that shares it. @returns until when */
  #obeyRefusal(lane: Lane, egress: Egress | null, verdict: Verdict & { action: "wait-for-limit" }): number {
    const now = this.#parts.clock.now();
    const gate = gateOf(lane, egress?.gate ?? null, verdict.scope);
    const until = gate?.refuse(verdict.retryAfterMs, now) ?? now + (verdict.retryAfterMs ?? 0);
    this.#parts.onEvent({ type: "rate-limited", at: now, destination: lane.name, scope: verdict.scope, until });
    return until;
  }

  #again(lane: Lane, delivery: DeliveryRecord, { at, because }: { at: number; because: RetryCause }): void {
    const told = about(delivery, this.#parts.clock.now());
    this.#parts.onEvent({ type: "retry-scheduled", ...told, retryAt: at, because });
    this.#putBack(lane, delivery);
  }

  #putBack(lane: Lane, delivery: DeliveryRecord): void {
    if (this.#parts.isClosed()) return this.#giveUp(lane, delivery, { reason: "closed", error: null });
    lane.queue.putBack(delivery);
    this.#goOn(lane, this.#parts.outbox.postpone(delivery));
  }

  #giveUp(lane: Lane, delivery: DeliveryRecord, why: { reason: FailureReason; error: AttemptError | null }): void {
    const result = failedResult(delivery, why.reason, why.error);
    this.#goOn(lane, this.#parts.book.conclude(delivery, result, this.#parts.clock.now()));
  }

  #goOn(lane: Lane, durable: Durable): void {
    if (durable === undefined) this.#parts.resume(lane);
    else void durable.then(() => this.#parts.resume(lane));
  }
}

function about(delivery: DeliveryRecord, now: number) {
  return { at: now, destination: delivery.lane, deliveryId: delivery.id, notificationId: delivery.notification.id };
}
