/** The limits one lane is subject to, told together of each request that starts, ends or is refused. */
import type { LimitReport } from "../channel.ts";
import type { Gate } from "../pacing/gate.ts";
import type { Gates } from "../pacing/gates.ts";
import type { Limiter } from "../pacing/limiter.ts";
import type { Lane } from "./lane.ts";

/** Counts a request that starts now; what it returns is to be told of its end. */
export function startRequest(lane: Lane, egress: Gate | null, now: number): readonly Limiter[] {
  // Kept by the request, because the lane may have moved to another pool when it ends.
  const held = [lane.local, lane.bucket, lane.pool?.gate, egress].filter((limiter) => limiter != null);
  for (const limiter of held) limiter.start(now);
  return held;
}

/** Takes in what the answer's headers say. @returns whether the lane has moved to a pool that it turns out to share */
export function learnLimits(lane: Lane, report: LimitReport, { gates, now }: { gates: Gates; now: number }): boolean {
  lane.bucket?.learn(report, now);
  if (report.poolKey === null || lane.pool === null || lane.pool.gate.key === report.poolKey) return false;
  joinPool(lane, report.poolKey, gates);
  // The request that told us is the first that counts in the pool.
  lane.pool.gate.start(now);
  lane.pool.gate.finish(now);
  return true;
}

/** From now on this lane shares the limit of that name. */
export function joinPool(lane: Lane, poolKey: string, gates: Gates): void {
  if (lane.pool === null) return;
  lane.pool = { gate: gates.get(poolKey, lane.pool.spec), spec: lane.pool.spec };
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
