/**
 * When a destination cannot deliver, another takes over: a disabled one at once, one that has been silent or banned for long, and
 * for a single message that failed for good. New notifications always try their own destination first, so the return is automatic.
 *
 * A message never visits the same destination twice.
 */
import type { Clock } from "../clock/clock.ts";
import type { Notification } from "../notification/notification.ts";
import type { Book } from "./book.ts";
import type { Egress } from "./egress.ts";
import { moveMatter } from "./in-place/note.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import type { DeliveryId, DeliveryRecord, Durable, Settlement } from "./outbox.ts";
import { isPaused } from "./pause.ts";
import type { FailureReason } from "./result.ts";

export interface FallbackPolicy {
  /** How long a destination may be silent (breaker open) or banned before others take over. @defaultValue 300_000 */
  readonly divertAfterMs: number;
}

export const DEFAULT_FALLBACK_POLICY = { divertAfterMs: 300_000 } as const satisfies FallbackPolicy;

export interface FallbacksParts {
  readonly clock: Clock;
  readonly book: Book;
  readonly lanes: Lanes;
  readonly nextId: () => DeliveryId;
  /** Puts the successor into its lane. */
  readonly admit: (record: DeliveryRecord) => void;
}

/** Ends that another destination cannot make good. */
const FINAL: ReadonlySet<FailureReason> = new Set<FailureReason>([
  "expired",
  "closed",
  "ambiguous-at-most-once",
  "queue-full",
  "dropped-for-newer",
  "dropped-for-higher-priority",
  "nothing-to-resolve",
]);

export class Fallbacks {
  readonly #parts: FallbacksParts;

  constructor(parts: FallbacksParts) {
    this.#parts = parts;
  }

  /** Ends deliveries that failed, each for good or at another destination. */
  end(settlements: readonly Settlement[]): Durable {
    const final: Settlement[] = [];
    const written: Durable[] = [];
    for (const settlement of settlements) {
      const next = this.#successorOf(settlement);
      if (next === null) final.push(settlement);
      else written.push(this.#handOver(settlement, next));
    }
    if (final.length > 0) written.push(this.#parts.book.conclude(final));
    const pending = written.filter((one) => one !== undefined);
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => {});
  }

  #handOver(settlement: Settlement, successor: DeliveryRecord): Durable {
    this.#moveMatter(settlement.delivery, successor);
    const handed = this.#parts.book.handOver(settlement, successor);
    if (handed === undefined) return void this.#parts.admit(successor);
    return handed.then(() => this.#parts.admit(successor));
  }

  #moveMatter({ lane, notification: { key, phase } }: DeliveryRecord, successor: DeliveryRecord): void {
    const from = this.#parts.lanes.find(lane);
    if (key === null || phase !== "resolved" || from === undefined) return;
    moveMatter(key, { from, to: this.#parts.lanes.get(successor.lane) ?? null });
  }

  #successorOf({ delivery, result }: Settlement): DeliveryRecord | null {
    if (!("reason" in result) || FINAL.has(result.reason)) return null;
    // One that was taken away has not failed it, and may come back.
    const isTried = result.reason !== "destination-removed";
    const elsewhere = isTried ? [...delivery.elsewhere, delivery.lane] : delivery.elsewhere;
    const fallback = this.#parts.lanes.find(delivery.lane)?.fallback ?? null;
    if (
      fallback === null ||
      elsewhere.includes(fallback) ||
      isMeantFor(fallback, delivery) ||
      this.#parts.lanes.get(fallback) === undefined
    )
      return null;
    return {
      ...delivery,
      id: this.#parts.nextId(),
      lane: fallback,
      notification: quietAt(fallback, delivery),
      enqueuedAt: this.#parts.clock.now(),
      attempts: 0,
      failures: 0,
      notBefore: 0,
      degrade: [],
      alone: false,
      edited: 0,
      elsewhere,
    };
  }
}

/** Whom it was not to wake at its destination it does not wake elsewhere. */
function quietAt(destination: string, { lane, notification }: DeliveryRecord): Notification {
  const { routing } = notification;
  const here = routing?.quietly?.find((one) => one.destination === lane);
  if (routing === null || here === undefined) return notification;
  const quietly = [...(routing.quietly ?? []), { ...here, destination }];
  return { ...notification, routing: { ...routing, quietly } };
}

/** Quiet hours part what goes to several destinations: it is told there at another time. */
function isMeantFor(lane: string, { notification: { routing } }: DeliveryRecord): boolean {
  if (routing === null) return false;
  return routing.to.includes(lane) || routing.deferred.some(({ destination }) => destination === lane);
}

/**
 * When a lane with a fallback has been unable to send for so long that the fallback takes over; `null` while it is able to, and
 * while it is paused: what waits by order stays.
 */
export function divertAt(lane: Lane, egress: Egress | null, { divertAfterMs }: FallbackPolicy): number | null {
  if (lane.fallback === null || isPaused(lane)) return null;
  const { breaker } = lane;
  if (breaker.mode !== "closed") return breaker.since + divertAfterMs;
  const { bannedUntil = 0, bannedSince = 0 } = egress?.guard ?? {};
  // A ban shorter than the patience with silence is waited out.
  return bannedUntil - bannedSince > divertAfterMs ? bannedSince : null;
}
