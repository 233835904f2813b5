/**
 * The way in: takes an input through the pipeline, refuses what is not to go anywhere, and hands the rest to delivery.
 *
 * Upstream   the notifier's `notify()`, `prepare()`, and its own reports about destinations in trouble.
 * Downstream the delivery engine, by way of the inbox.
 */

import { createIdSource } from "../clock/id.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { FailureReason } from "../delivery/result.ts";
import type { SteadfastOutbox } from "../delivery/steadfast-store.ts";
import { deferredResult } from "../delivery/tracker.ts";
import { normaliseNotification } from "../notification/normalise.ts";
import type { Notification, NotificationId, NotificationInput } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";
import type { Held } from "../withhold/held.ts";
import type { Inhibition } from "../withhold/inhibition.ts";
import type { PreparedNotification } from "./api.ts";
import type { Destinations } from "./destinations.ts";
import { createIdempotency, type Idempotency } from "./idempotency.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createPipeline } from "./pipeline.ts";
import { OpenReceipt, type Receipt } from "./receipt.ts";
import { createRefusals, type Refusals, refusedReceipt } from "./refusal.ts";
import type { Router } from "./router.ts";
import { createSelfReports, type SelfReports } from "./self-report.ts";
import type { NotifierSettings } from "./settings.ts";
import type { Verdicts } from "./verdicts.ts";

export interface ReceptionParts {
  readonly settings: NotifierSettings;
  readonly engine: DeliveryEngine;
  readonly destinations: Destinations;
  readonly outbox: SteadfastOutbox;
  readonly verdicts: Verdicts;
  readonly router: Router;
  readonly held: Held;
  readonly inhibition: Inhibition;
}

export class Reception {
  readonly #parts: ReceptionParts;
  readonly #nextId: (at?: number) => NotificationId;
  readonly #accept: (input: unknown) => OpenReceipt;
  readonly #idempotency: Idempotency;
  readonly #refusals: Refusals;
  readonly #inbox: Inbox;
  readonly #selfReports: SelfReports;
  #isClosed = false;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    const { settings, engine, outbox } = parts;
    this.#nextId = createIdSource<NotificationId>("ntf", settings.clock);
    this.#idempotency = createIdempotency({ ...parts, windowMs: settings.idempotencyWindowMs });
    this.#refusals = createRefusals(settings);
    this.#inbox = createInbox(engine, outbox);
    this.#selfReports = createSelfReports((name) => parts.destinations.titles.get(name) ?? name);
    this.#accept = createPipeline({
      normalise: (input) => {
        const now = settings.clock.now();
        return settings.normalise(input, { id: this.#nextId(now), now });
      },
      route: (notification) => this.#route(notification),
      deliver: (notification, decision) => this.#deliver(notification, decision),
    });
  }

  /** What has been taken in this turn and not been handed over yet. */
  get waiting(): number {
    return this.#inbox.size;
  }

  /** Of what has been taken, how much the outbox does not have yet. */
  get unaccepted(): number {
    return this.#inbox.unaccepted;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  take(input: unknown): Receipt {
    try {
      return this.#accept(input);
    } catch (cause) {
      // Not known to happen; an alert that cannot be taken must still not take the program down.
      this.#parts.settings.logger.error(
        `a notification could not be taken: ${cause instanceof Error ? cause.message : cause}`,
      );
      return refusedReceipt(this.#nextId(), "internal-error");
    }
  }

  prepare(input: NotificationInput): PreparedNotification {
    const notification = this.#normalise(input);
    const decision = this.#route(notification);
    const refusal = this.#whyRefused(decision);
    const receipt =
      refusal === null
        ? new OpenReceipt(notification.id, this.#parts.verdicts)
        : this.#refusals.refuse(noted(notification, decision), refusal);
    const note = (): void => this.#note(notification, decision);
    if (refusal !== null) note();
    if (refusal !== null) return { id: notification.id, records: [], admit: () => receipt, withdraw: () => {} };
    const told = this.#parts.inhibition.dress(noted(notification, decision));
    const now = this.#parts.engine.intake.prepare({ notification: told, lanes: decision.to, listener: receipt });
    const later = this.#parts.held.prepare(told, decision.deferred);
    return {
      id: notification.id,
      records: [...now.records, ...later.records],
      admit: () => {
        now.admit();
        later.admit();
        note();
        if (decision.to.length === 0) receipt.settle(deferredResult(notification.id));
        receipt.accept();
        return receipt;
      },
      withdraw: now.withdraw,
    };
  }

  /** Sends a notification of our own to one destination, also while closing. */
  tell(notification: Notification, destination: string): void {
    this.#inbox.post({ notification, lanes: [destination], receipt: new OpenReceipt(notification.id, null) });
  }

  /** Hands over at once what has been taken in this turn. */
  handOver(): void {
    this.#inbox.empty();
  }

  /** Takes nothing more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Tells the fallback of a destination that is in trouble. */
  reportTrouble(event: DeliveryEvent): void {
    const report = this.#selfReports.consider(event);
    const lane = report && this.#parts.destinations.fallbackOf.get(report.about);
    if (!report || !lane || this.#isClosed) return;
    const since = this.#disabledSince(report.about);
    // The message that was refused ends before the destination is disabled: that event is to follow.
    if (report.reason === "destination-disabled" && since === null) return this.#selfReports.retract(report.about);
    // What is disabled stays so over restarts, and is reported once all the same; other trouble begins anew with each process.
    const idempotencyKey = since === null ? null : `tocsin-report:${report.about}:${since}`;
    if (idempotencyKey !== null && this.#parts.outbox.acceptedUnder(idempotencyKey, 0) !== null) return;
    const notification = this.#normalise({ ...report.input, idempotencyKey });
    this.#selfReports.markAsReport(notification.id);
    this.tell(notification, lane);
  }

  #disabledSince(destination: string): number | null {
    return this.#parts.engine.status().find((one) => one.destination === destination)?.disabledSince ?? null;
  }

  #normalise(input: unknown): Notification {
    const now = this.#parts.settings.clock.now();
    return normaliseNotification(input, { id: this.#nextId(now), now });
  }

  #route(notification: Notification): RouteDecision {
    return this.#parts.router.decide(notification, notification.createdAt);
  }

  #deliver(accepted: Notification, decision: RouteDecision): OpenReceipt {
    const refusal = this.#whyRefused(decision);
    const notification = this.#parts.inhibition.dress(noted(accepted, decision));
    if (refusal !== null) {
      this.#note(notification, decision);
      return this.#refusals.refuse(notification, refusal);
    }
    const { idempotencyKey: key } = notification;
    const first = key === null ? null : this.#idempotency.find(key, notification.createdAt);
    if (first !== null) return first;
    const receipt = new OpenReceipt(notification.id, this.#parts.verdicts);
    if (key !== null) this.#idempotency.add(key, receipt, notification.createdAt);
    if (decision.to.length > 0) this.#inbox.post({ notification, lanes: decision.to, receipt });
    if (decision.deferred.length > 0) this.#defer(notification, decision, receipt);
    this.#note(notification, decision);
    return receipt;
  }

  /** What was folded under a matter that is over, and is still open itself, follows it. */
  #note(notification: Notification, decision: RouteDecision): void {
    if (this.#isClosed || !this.#parts.settings.enabled) return;
    for (const input of this.#parts.inhibition.note(notification, decision)) this.take(input);
  }

  #defer(notification: Notification, { to, deferred }: RouteDecision, receipt: OpenReceipt): void {
    const durable = this.#parts.held.hold(notification, deferred);
    if (to.length > 0) return;
    const accept = (): void => {
      receipt.settle(deferredResult(notification.id));
      receipt.accept();
    };
    if (durable === undefined) accept();
    else void durable.then(() => this.#parts.outbox.caughtUp()).then(accept);
  }

  #whyRefused({ to, deferred, because }: RouteDecision): FailureReason | null {
    if (this.#isClosed) return "closed";
    if (!this.#parts.settings.enabled) return "disabled";
    if (to.length > 0 || deferred.length > 0) return null;
    switch (because) {
      case "silenced":
      case "maintenance":
      case "inhibited":
      case "muted":
        return because;
      default:
        return "no-destination";
    }
  }
}

/** With what was decided about it, for history; severity and type speak for themselves. */
function noted(notification: Notification, decision: RouteDecision): Notification {
  const { withheld, evaluations, deferred, quietly = [], because } = decision;
  const waits = deferred.length > 0 || quietly.length > 0;
  const isTelling = withheld !== null || evaluations.length > 0 || waits || because === "named";
  return isTelling ? { ...notification, routing: decision } : notification;
}
