/** What one lane looks like from outside: for health pages, the command line and `getRateLimitInfo`. */
import type { AttemptError } from "../channel.ts";
import { type Egress, egressWait } from "../egress.ts";
import type { GateStatus } from "../pacing/gate.ts";
import type { Pause } from "../pause.ts";
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
  /** The order that holds it, its own before that of all; `null` when it is not paused. */
  readonly pause: (Pause & { readonly of: "destination" | "all" }) | null;
  readonly breaker: Lane["breaker"]["mode"];
  /** Why it is disabled, or `null`. */
  readonly error: AttemptError | null;
  /** Since when it is disabled (epoch milliseconds), or `null`. The same after a restart. */
  readonly disabledSince: number | null;
  /** Messages that your own limit lets go right now; `null` when there is no such limit. */
  readonly ownAllowance: number | null;
  /** The limit that the remote's headers describe. */
  readonly bucket: GateStatus | null;
  /** Hidden limit that it shares with others. */
  readonly pool: GateStatus | null;
  /** The way out to its remote, shared by all that leave by it. */
  readonly egress: EgressStatus | null;
}

/** Each until when, or `null`. */
export interface EgressStatus {
  readonly key: string;
  /** The remote told this whole address to wait. */
  readonly pausedUntil: number | null;
  /** The remote has shut this address out. */
  readonly bannedUntil: number | null;
}

export function laneStatus(lane: Lane, egress: Egress | null, now: number): LaneStatus {
  const { mode } = lane;
  const ownAllowance = lane.local.remaining(now);
  return {
    destination: lane.name,
    kind: lane.channel.kind,
    label: lane.channel.label,
    mode: mode.mode,
    waiting: lane.queue.size + lane.beyond,
    wait: waitOf(mode, egress, now),
    pause: pauseOf(lane),
    breaker: lane.breaker.mode,
    error: mode.mode === "disabled" ? mode.error : null,
    disabledSince: mode.mode === "disabled" ? mode.since : null,
    ownAllowance: Number.isFinite(ownAllowance) ? ownAllowance : null,
    bucket: lane.bucket?.status(now) ?? null,
    pool: lane.pool?.gate.status(now) ?? null,
    egress: egress && egressStatus(egress, now),
  };
}

function pauseOf({ pauses: { own, all } }: Lane): LaneStatus["pause"] {
  if (own.pause !== null) return { ...own.pause, of: "destination" };
  return all.pause && { ...all.pause, of: "all" };
}

function egressStatus({ key, gate, guard }: Egress, now: number): EgressStatus {
  const ahead = (until: number): number | null => (until > now ? until : null);
  return { key, pausedUntil: ahead(gate.blockedUntil), bannedUntil: ahead(guard.bannedUntil) };
}

function waitOf(mode: Lane["mode"], egress: Egress | null, now: number): LaneStatus["wait"] {
  if (mode.mode === "waiting") return { until: mode.until, because: mode.because };
  if (mode.mode === "ready" && egress !== null) return egressWait(egress, now);
  return null;
}
