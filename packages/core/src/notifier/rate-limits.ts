/**
 * What is known of the limits on sending: in Discord's own words for health pages, and by alert type for applications.
 *
 * Upstream the status of the lanes. Pure.
 */
import type { EgressStatus, LaneStatus } from "../delivery/lane/status.ts";
import type { GateStatus } from "../delivery/pacing/gate.ts";

/**
 * Discord's limits, with names and units as in its own headers: instants are epoch seconds, waits are seconds, both with
 * milliseconds as decimals. Ready to be answered as JSON.
 */
export interface RateLimitInfo {
  /** Everything that leaves this address. */
  readonly global_rate_limit: {
    /** Discord has told this address to wait, or has shut it out. */
    readonly active: boolean;
    /** When that ends; `null` when it is not active. */
    readonly reset_time: number | null;
    readonly wait_time: number;
  };
  /** By Discord's name of the bucket and the webhook's id, `80c17d2f203122d936070c88c8d10f33:1234567890`. Empty before the first answer. */
  readonly buckets: Readonly<Record<string, BucketInfo>>;
}

export interface BucketInfo {
  /** As the headers last said; `null` before they did. */
  readonly limit: number | null;
  /** Requests that may go right now, by the headers and by what has been sent. */
  readonly remaining: number;
  /** When the count starts anew, or the told wait ends; `null` when there is nothing to wait for. */
  readonly reset_time: number | null;
  /** Until `reset_time`, from now. */
  readonly reset_after: number;
  readonly exhausted: boolean;
  /** Until the next request may go. */
  readonly wait_time: number;
  /** When an answer last spoke of it; `null` before one did. */
  readonly last_updated: number | null;
}

/** How much may be sent for one alert type right now. */
export interface TypeRateLimit {
  /** Where notifications of this type go; `null` for nowhere. */
  readonly destination: string | null;
  /** Your own limit (`rateLimit`): messages that may go at once at most; `null` without one. */
  readonly limit: number | null;
  /** How many of these are left now; `null` without a limit. */
  readonly remaining: number | null;
  /** What the remote's headers say of its own limit; `null` before they did. */
  readonly remote: {
    readonly limit: number | null;
    readonly remaining: number;
    /** Epoch milliseconds; `null` when there is nothing to wait for. */
    readonly resetAt: number | null;
  } | null;
}

export type RateLimitStatus = Readonly<Record<string, TypeRateLimit>>;

export function rateLimitInfo(destinations: readonly LaneStatus[], now: number): RateLimitInfo {
  const ends = destinations.map(({ egress }) => shutUntil(egress)).filter((until) => until !== null);
  const until = ends.length === 0 ? null : Math.max(...ends);
  const gates = destinations.flatMap(({ bucket, pool }) => [bucket, pool]).filter((gate) => gate !== null);
  return {
    global_rate_limit: { active: until !== null, reset_time: until && seconds(until), wait_time: waitOf(until, now) },
    buckets: Object.fromEntries(gates.filter(isKnown).map((gate) => [nameOf(gate), bucketInfo(gate, now)])),
  };
}

/** @param laneOf where notifications of a type go */
export function rateLimitStatus(
  types: Iterable<string>,
  laneOf: (type: string) => LaneStatus | null,
  ownLimit: number,
): RateLimitStatus {
  return Object.fromEntries([...types].map((type) => [type, typeRateLimit(laneOf(type), ownLimit)]));
}

function typeRateLimit(lane: LaneStatus | null, ownLimit: number): TypeRateLimit {
  if (lane === null) return { destination: null, limit: null, remaining: null, remote: null };
  const { destination, ownAllowance: remaining, bucket } = lane;
  const told = bucket !== null && isKnown(bucket) ? bucket : null;
  return {
    destination,
    limit: remaining === null ? null : ownLimit,
    remaining,
    remote: told && { limit: told.limit, remaining: told.available, resetAt: resetOf(told) },
  };
}

/** Something has been heard of it: of our own start values there is nothing to report. */
function isKnown({ updatedAt, blockedUntil }: GateStatus): boolean {
  return updatedAt !== null || blockedUntil !== null;
}

function nameOf({ id, key }: GateStatus): string {
  return id === null ? key : `${id}:${key.slice(key.lastIndexOf(":") + 1)}`;
}

function bucketInfo(gate: GateStatus, now: number): BucketInfo {
  const { limit, available, nextAt, updatedAt } = gate;
  const resetAt = resetOf(gate);
  return {
    limit,
    remaining: available,
    reset_time: resetAt && seconds(resetAt),
    reset_after: waitOf(resetAt, now),
    exhausted: available === 0,
    wait_time: waitOf(nextAt, now),
    last_updated: updatedAt && seconds(updatedAt),
  };
}

/** A told wait overrides the count: Discord's answers to a refusal may name both. */
function resetOf({ blockedUntil, resetAt }: GateStatus): number | null {
  return blockedUntil ?? resetAt;
}

function shutUntil(egress: EgressStatus | null): number | null {
  const until = Math.max(egress?.pausedUntil ?? 0, egress?.bannedUntil ?? 0);
  return until === 0 ? null : until;
}

function waitOf(until: number | null, now: number): number {
  // The lanes were asked a moment before `now` was.
  return until === null ? 0 : seconds(Math.max(0, until - now));
}

function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
