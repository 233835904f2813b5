/** The limits one lane is subject to, told together of each request that starts, ends or is refused. */
import type { LimitReport } from "../channel.ts";
import type { Gate } from "../pacing/gate.ts";
import type { Gates } from "../pacing/gates.ts";
import type { Limiter } from "../pacing/limiter.ts";
import type { Lane } from "./lane.ts";

/** Everything that limits this lane. */
export function limitersOf(lane: Lane, egress: Gate | null): readonly Limiter[] {
  return [lane.local, lane.bucket, lane.pool?.gate, egress].filter((limiter) => limiter != null);
}

/** Takes in what the answer's headers say. @returns whether the lane has moved to a pool that it turns out to share */
export function learnLimits(lane: Lane, report: LimitReport, { gates, now }: { gates: Gates; now: number }): boolean {
  lane.bucket?.learn(report, now);
  if (report.poolKey === null || lane.pool === null || lane.pool.gate.key === report.poolKey) return false;
  joinPool(lane, report.poolKey, { gates, now });
  return true;
}

/** From now on this lane shares the limit of that name; what it has sent so far counts there. */
export function joinPool(lane: Lane, poolKey: string, { gates, now }: { gates: Gates; now: number }): void {
  if (lane.pool === null || lane.pool.gate.key === poolKey) return;
  const { gate: before, spec, since } = lane.pool;
  const gate = gates.get(poolKey, spec);
  gate.adopt(before, { since, now });
  lane.pool = { gate, spec, since: now };
}

/** The gate that a refusal of this scope shuts; the nearest one there is, when the lane lacks it. */
export function gateOf(lane: Lane, egress: Gate | null, scope: "bucket" | "pool" | "global"): Gate | null {
  switch (scope) {
    case "global":
      return egress;
    case "pool":
      return lane.pool?.gate ?? lane.bucket;
    case "bucket":
      return lane.bucket ?? lane.pool?.gate ?? null;
  }
}
