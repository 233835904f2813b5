/** What one lane looks like from outside: for health pages, the command line and `getRateLimitInfo`. */
import type { AttemptError } from "../channel.ts";
import { type Egress, egressWait } from "../egress.ts";
import type { BucketSnapshot } from "../pacing/learned-bucket.ts";
import type { Lane, WaitReason } from "./lane.ts";

export interface LaneStatus {
  readonly destination: string;
  readonly kind: string;
  /** Which destination it is, without secrets. */
  readonly label: string;
  readonly mode: Lane["mode"]["mode"];
  /** Deliveries waiting, the one under way left out. */
  readonly waiting: number;
  /** Why nothing goes right now, and until when; `null` when nothing holds it up. */
  readonly wait: { readonly until: number; readonly because: WaitReason } | null;
  readonly breaker: Lane["breaker"]["mode"];
  /** Why it is disabled, or `null`. */
  readonly error: AttemptError | null;
  /** What the remote's headers last said. */
  readonly bucket: BucketSnapshot | null;
}

export function laneStatus(lane: Lane, egress: Egress | null, now: number): LaneStatus {
  const { mode } = lane;
  return {
    destination: lane.name,
    kind: lane.channel.kind,
    label: lane.channel.label,
    mode: mode.mode,
    waiting: lane.queue.size,
    wait: waitOf(mode, egress, now),
    breaker: lane.breaker.mode,
    error: mode.mode === "disabled" ? mode.error : null,
    bucket: lane.bucket?.snapshot(now) ?? null,
  };
}

function waitOf(mode: Lane["mode"], egress: Egress | null, now: number): LaneStatus["wait"] {
  if (mode.mode === "waiting") return { until: mode.until, because: mode.because };
  if (mode.mode === "ready" && egress !== null) return egressWait(egress, now);
  return null;
}
