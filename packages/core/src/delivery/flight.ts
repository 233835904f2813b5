/** One request under way: what it carries, and what counts it until it ends. */
import { onStart } from "./breaker/breaker.ts";
import type { AttemptError, Channel } from "./channel.ts";
import type { Egress } from "./egress.ts";
import type { Batch } from "./lane/batch.ts";
import { type Lane, whyNotTold } from "./lane/lane.ts";
import { limitersOf } from "./lane/limits.ts";
import type { Limiter } from "./pacing/limiter.ts";
import { pausedUntil } from "./pause.ts";

export interface Flight extends Batch {
  readonly lane: Lane;
  /** Through which it left; the lane may have another one when it ends. */
  readonly channel: Channel;
  readonly egress: Egress | null;
  /** The limits that count it; the lane may have moved to another pool when it ends. */
  readonly held: readonly Limiter[];
  readonly wasProbe: boolean;
  readonly startedAt: number;
}

/** From now on the lane sends these deliveries: an attempt of each, counted by all that limits it. */
export function takeOff(batch: Batch, lane: Lane, { egress, now }: { egress: Egress | null; now: number }): Flight {
  lane.version++;
  lane.mode = { mode: "sending", since: now };
  const held = limitersOf(lane, egress?.gate ?? null);
  for (const limiter of held) limiter.start(now);
  const wasProbe = lane.breaker.mode === "open";
  lane.breaker = onStart(lane.breaker);
  for (const delivery of batch.deliveries) delivery.attempts++;
  return { ...batch, lane, channel: lane.channel, egress, held, wasProbe, startedAt: now };
}

/** Whether it must not leave any more, by what has become known since it took off. */
export function isHeld({ lane, channel, egress, deliveries }: Flight, now: number): boolean {
  const { mode, bucket, pool } = lane;
  if (lane.isRemoved || lane.channel !== channel || pausedUntil(lane) > now) return true;
  if ((mode.mode === "sending" && mode.before !== undefined) || (egress?.guard.bannedUntil ?? 0) > now) return true;
  if ([bucket, pool?.gate, egress?.gate].some((gate) => gate != null && gate.blockedUntil > now)) return true;
  return deliveries.some((delivery) => whyNotTold(lane, delivery, now) !== null);
}

/** It has not left after all: everything is as before, in order and before all others. The lane is still to land. */
export function stay({ lane, held, deliveries, wasProbe }: Flight, now: number): void {
  for (const limiter of held) limiter.finish(now);
  for (const delivery of deliveries.toReversed()) {
    delivery.attempts--;
    lane.queue.putBack(delivery);
  }
  if (wasProbe && lane.breaker.mode === "half-open")
    lane.breaker = { mode: "open", since: lane.breaker.since, until: now };
}

/** Nothing is under way any more. @returns why the lane is to be disabled now, if it is */
export function land(lane: Lane): AttemptError | null {
  const { mode, isProven } = lane;
  lane.mode = { mode: "idle" };
  return (mode.mode === "sending" && !isProven && mode.before?.error) || null;
}
