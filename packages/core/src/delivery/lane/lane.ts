/**
 * One lane: the ordered stream of deliveries to one destination, with everything that may hold it up.
 *
 * idle      nothing waits.
 * waiting   something waits, and may not go before `until`; `because` says why.
 * ready     may go as soon as its egress admits it.
 * sending   one request is under way. Never two: that is what keeps the order.
 * disabled  the destination is misconfigured; nothing is sent until it is enabled again.
 *
 * `decideTurn` is pure; the engine carries out what it decides and is the only one that changes a lane.
 */

import type { Recovery } from "../../notification/recovery.ts";
import { type BreakerState, breakerOpensAt } from "../breaker/breaker.ts";
import type { AttemptError, Channel, LimitSpec } from "../channel.ts";
import { isTooLoud } from "../in-place/telling.ts";
import type { Told } from "../in-place/told.ts";
import type { DeliveryRecord, Place } from "../outbox.ts";
import type { Gate } from "../pacing/gate.ts";
import type { Limiter } from "../pacing/limiter.ts";
import { type PauseSwitch, pausedUntil } from "../pause.ts";
import type { FailureReason } from "../result.ts";
import type { LaneQueue } from "./queue.ts";

export type WaitReason =
  /** By order: see `delivery/pause.ts`. */
  | "paused"
  /** A failed attempt is waiting out its backoff. */
  | "retry"
  | "breaker-open"
  /** It is not known what earlier processes have sent of late, which counts against its limits. */
  | "past-unknown"
  /** The remote told this destination, or all that share a limit with it, to wait. */
  | "told-to-wait"
  | "paced-bucket"
  | "paced-pool"
  | "paced-local"
  | "paced-egress"
  | "slowed"
  | "stopped"
  | "banned";

export type LaneMode =
  | { readonly mode: "idle" }
  | { readonly mode: "waiting"; readonly until: number; readonly because: WaitReason }
  | { readonly mode: "ready" }
  /** `before`: it is known to be misconfigured from elsewhere, so it is disabled unless it takes what is under way. */
  | { readonly mode: "sending"; readonly since: number; readonly before?: DisabledMode }
  | DisabledMode;

export interface DisabledMode {
  readonly mode: "disabled";
  readonly since: number;
  readonly error: AttemptError;
}

export interface Lane {
  readonly name: string;
  /** What depends on the channel changes with it, when the destination is replaced. */
  channel: Channel;
  readonly queue: LaneQueue;
  /** Name of the lane that takes over when this one cannot deliver; `null` for none. */
  fallback: string | null;
  /** How the end of a matter is told here, unless its route says otherwise; `null` for as usual. */
  recovery: Recovery | null;
  /** How many wait in the outbox only, all of them behind `heldTo`. */
  beyond: number;
  /** Place of the last one that was held; `null` while everything is. */
  heldTo: Place | null;
  /** The operator's own limit. */
  readonly local: Limiter;
  bucket: Gate | null;
  /** Changes, when an answer tells which hidden limit this lane shares. Of what the gate has counted, this lane's own is what ended since then. */
  pool: { readonly gate: Gate; readonly spec: LimitSpec; readonly since: number } | null;
  /** Key of its egress, or `null` when it needs none (console, file). */
  egressKey: string | null;
  readonly pauses: { readonly own: PauseSwitch; readonly all: PauseSwitch };
  /** Until then its limits may be used up by what earlier processes have sent, which cannot be read; 0 when it is known. */
  unknownUntil: number;
  breaker: BreakerState;
  mode: LaneMode;
  /** It has taken a message, or answered when it was asked, since the process began or the destination was replaced. */
  isProven: boolean;
  /** What was told as firing here, and not yet as resolved. */
  readonly told: Told;
  /** Takes nothing more; what comes all the same goes to the fallback. */
  isRemoved: boolean;
  /** To be called when the request that is under way has ended. */
  landed: (() => void)[];
  /** To be called when nothing waits any more and nothing is under way. */
  rested: (() => void)[];
  /** Grows each time the lane is looked at anew, so that older plans for it are void. */
  version: number;
}

export type Turn =
  | { readonly kind: "nothing-to-do" }
  | { readonly kind: "wait"; readonly until: number; readonly because: WaitReason }
  | { readonly kind: "go"; readonly delivery: DeliveryRecord };

/** What this lane may do at `now`, its egress left aside. */
export function decideTurn(lane: Lane, now: number): Turn {
  if (lane.mode.mode === "sending" || lane.mode.mode === "disabled") return { kind: "nothing-to-do" };
  const head = lane.queue.head();
  if (head === null) return { kind: "nothing-to-do" };
  const wait = longestWait(lane, head, now);
  if (wait === null) return { kind: "go", delivery: head };
  // Whoever waits for it learns of the expiry when it comes, not when the wait ends.
  const expiresAt = head.notification.expiresAt ?? Number.POSITIVE_INFINITY;
  return { kind: "wait", until: Math.min(wait.until, expiresAt), because: wait.because };
}

/** Why a delivery whose turn comes is not worth sending; `null` when it is. */
export function whyNotTold(lane: Lane, delivery: DeliveryRecord, now: number): FailureReason | "quiet-hours" | null {
  const { notification, possibleRepeat } = delivery;
  const { expiresAt, phase, key, atMostOnce } = notification;
  if (expiresAt !== null && expiresAt <= now) return "expired";
  if (atMostOnce && possibleRepeat) return "ambiguous-at-most-once";
  if (phase === "resolved" && key !== null && lane.told.isStrangeTo(key)) return "nothing-to-resolve";
  if (isTooLoud(delivery, lane, now)) return "quiet-hours";
  return null;
}

function longestWait(lane: Lane, head: DeliveryRecord, now: number): { until: number; because: WaitReason } | null {
  let until = now;
  let because: WaitReason | null = null;
  const consider = (at: number, reason: WaitReason): void => {
    if (at <= until) return;
    until = at;
    because = reason;
  };
  consider(pausedUntil(lane), "paused");
  consider(lane.unknownUntil, "past-unknown");
  consider(head.notBefore, "retry");
  consider(breakerOpensAt(lane.breaker), "breaker-open");
  consider(lane.local.nextAt(now), "paced-local");
  if (lane.bucket !== null) consider(lane.bucket.nextAt(now), toldOr(lane.bucket, now, "paced-bucket"));
  if (lane.pool !== null) consider(lane.pool.gate.nextAt(now), toldOr(lane.pool.gate, now, "paced-pool"));
  return because === null ? null : { until, because };
}

function toldOr(gate: Gate, now: number, otherwise: WaitReason): WaitReason {
  return gate.blockedUntil > now ? "told-to-wait" : otherwise;
}
