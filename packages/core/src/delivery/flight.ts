/** One request under way: what it carries, and what counts it until it ends. */
import { onStart } from "./breaker/breaker.ts";
import type { Channel } from "./channel.ts";
import type { Egress } from "./egress.ts";
import type { Batch } from "./lane/batch.ts";
import type { Lane } from "./lane/lane.ts";
import { limitersOf } from "./lane/limits.ts";
import type { Limiter } from "./pacing/limiter.ts";

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

/** Its request has ended and is written down. */
export function land(lane: Lane): void {
  const { mode, isProven } = lane;
  const before = mode.mode === "sending" && !isProven ? mode.before : undefined;
  lane.mode = before ?? { mode: "idle" };
}
