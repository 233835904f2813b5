/**
 * Whether notifications can arrive: as far as is known (`isHealthy`), and after asking every destination (`healthCheck`).
 *
 * Upstream   the status of the lanes, and the answers of the channels.
 * Downstream health pages, and the engine, which disables and enables lanes by those answers.
 */
import type { Clock } from "../clock/clock.ts";
import type { AttemptError, Channel, ChannelCheck } from "../delivery/channel.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { LaneStatus } from "../delivery/lane/status.ts";
import type { LaneChanges } from "../delivery/lane-changes.ts";
import type { Logger } from "./logging.ts";

/** A destination is usable, or `error` says why not. Whether it is paused is another matter: that is an order, and no fault. */
export type DestinationHealth = {
  readonly destination: string;
  readonly label: string;
  /** What holds it by order, its own pause before that of all; `null` when it is not paused. */
  readonly pause: LaneStatus["pause"];
} & ({ readonly usable: true; readonly detail: string } | { readonly usable: false; readonly error: AttemptError });

export interface HealthReport {
  /** Every destination is usable and there are no problems. Notifications that are off on purpose, or paused, are not ill. */
  readonly healthy: boolean;
  readonly enabled: boolean;
  readonly destinations: readonly DestinationHealth[];
  /** What else keeps notifications from arriving, one sentence each. */
  readonly problems: readonly string[];
}

export type Checks = ReadonlyMap<string, ChannelCheck>;

export interface HealthFacts {
  readonly status: {
    readonly enabled: boolean;
    readonly store: { readonly error: string | null };
    readonly destinations: readonly LaneStatus[];
  };
  readonly isClosed: boolean;
  /** Destinations that were configured and are of no use. */
  readonly lost: readonly string[];
  /** What the destinations answered; none when they were not asked. */
  readonly checks: Checks;
}

/** Pure. */
export function healthOf({ status, isClosed, lost, checks }: HealthFacts): HealthReport {
  const { enabled, store } = status;
  if (!enabled) return { healthy: true, enabled, destinations: [], problems: [] };
  const destinations = status.destinations.map((lane) => destinationHealth(lane, checks.get(lane.destination)));
  const problems = [
    ...(isClosed ? ["The notifier has been closed."] : []),
    ...(store.error === null ? [] : [`The store fails, notifications are kept in memory: ${store.error}`]),
    ...lost,
  ];
  return {
    healthy: problems.length === 0 && destinations.every(({ usable }) => usable),
    enabled,
    destinations,
    problems,
  };
}

function destinationHealth(lane: LaneStatus, check: ChannelCheck | undefined): DestinationHealth {
  const { destination, label, pause } = lane;
  const error = check?.ok === false ? check.error : errorOf(lane);
  if (error !== null) return { destination, label, pause, usable: false, error };
  return { destination, label, pause, usable: true, detail: check?.ok ? check.detail : label };
}

function errorOf({ error, breaker, egress }: LaneStatus): AttemptError | null {
  if (error !== null) return error;
  if (egress?.bannedUntil != null) return shutOut(egress.bannedUntil);
  if (breaker === "closed") return null;
  return {
    code: "breaker-open",
    message: "It has not answered lately; it is tried again from time to time.",
    status: null,
  };
}

/** A channel's own time-out says more, so it goes first. */
const GRACE_MS = 1_000;

export interface CheckParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly engine: Pick<DeliveryEngine, "status"> & {
    readonly changes: Pick<LaneChanges, "enable" | "disable" | "joinPool">;
  };
  /** How long a channel may wait for an answer. */
  readonly timeoutMs: number;
}

/**
 * Asks every destination, or only this one, whether it is usable, and lets the engine know. Posts nothing, never rejects, and asks nobody who has
 * told this address to wait: that would lengthen the wait.
 */
export async function checkDestinations(parts: CheckParts, only: string | null = null): Promise<Checks> {
  const lanes = parts.engine.status().filter(({ destination }) => only === null || destination === only);
  const checks = await Promise.all(lanes.map((lane) => checkOne(lane, parts)));
  return new Map(checks);
}

async function checkOne(lane: LaneStatus, parts: CheckParts): Promise<readonly [string, ChannelCheck]> {
  const { destination, egress } = lane;
  const shutUntil = egress?.bannedUntil ?? egress?.pausedUntil ?? null;
  const channel = parts.channels.get(destination)!;
  const check: ChannelCheck =
    shutUntil === null ? await ask(channel, parts) : { ok: false, kind: "rate-limited", error: shutOut(shutUntil) };
  // It may lead elsewhere by now, or be gone.
  if (parts.channels.get(destination) === channel) heed(destination, check, parts);
  return [destination, check];
}

async function ask(channel: Channel, { clock, timeoutMs }: CheckParts): Promise<ChannelCheck> {
  const answered = new AbortController();
  const silence = clock
    .sleep(timeoutMs + GRACE_MS, answered.signal)
    .then(() => unusable("timeout", "It did not answer in time."));
  const first = await Promise.race([answerOf(channel), silence]);
  answered.abort();
  return first;
}

/** Channels never reject; one of the application's own may all the same. */
async function answerOf(channel: Channel): Promise<ChannelCheck> {
  try {
    return await channel.check();
  } catch (cause) {
    return unusable(
      "check-failed",
      `It could not be asked: ${cause instanceof Error ? cause.message : String(cause)}.`,
    );
  }
}

function heed(name: string, check: ChannelCheck, { engine: { changes }, logger }: CheckParts): void {
  if (check.ok) {
    if (check.poolKey !== null) changes.joinPool(name, check.poolKey);
    return changes.enable(name);
  }
  if (check.kind === "misconfigured") changes.disable(name, check.error);
  else logger.warn(`${name} could not be checked: ${check.error.message}`);
}

function unusable(code: string, message: string): ChannelCheck {
  return { ok: false, kind: "unavailable", error: { code, message, status: null } };
}

function shutOut(until: number): AttemptError {
  const message = `This address has been told to stay away until ${new Date(until).toISOString()}.`;
  return { code: "shut-out", message, status: null };
}
