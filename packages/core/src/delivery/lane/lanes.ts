/** All lanes of one notifier, with the gates and egresses that they share. */
import type { Clock } from "../../clock/clock.ts";
import type { Recovery } from "../../notification/recovery.ts";
import { type BanGuardPolicy, createBanGuard } from "../ban-guard.ts";
import { CLOSED } from "../breaker/breaker.ts";
import type { Channel, LimitSpec } from "../channel.ts";
import { createEgress, type Egress } from "../egress.ts";
import { createTold, type FactKeeper } from "../in-place/told.ts";
import { createGates, type Gates } from "../pacing/gates.ts";
import { createLocalLimiter, type LocalLimit } from "../pacing/local-limit.ts";
import type { PauseSwitch } from "../pause.ts";
import type { Lane } from "./lane.ts";
import { createLaneQueue } from "./queue.ts";

export interface Lanes {
  readonly gates: Gates;
  /** Looked at by all of them. */
  readonly pauseOfAll: PauseSwitch;
  /** Adds a destination, or gives the one of that name another channel. The channel stays its owner's to close. */
  set(name: string, channel: Channel, options?: LaneOptions): Lane;
  get(name: string): Lane | undefined;
  /** The same, also when it has been removed: what was meant for it may still come. */
  find(name: string): Lane | undefined;
  all(): readonly Lane[];
  egresses(): readonly Egress[];
  egressOf(lane: Lane): Egress | null;
}

/** What a destination may ask for. */
export interface LaneOptions {
  /** Name of the one that takes over for it. @defaultValue none */
  readonly fallback?: string | null | undefined;
  /** How the end of a matter is told here. @defaultValue see {@link Recovery} */
  readonly recovery?: Recovery | null | undefined;
}

export interface LanesParts {
  readonly clock: Clock;
  readonly localLimit: LocalLimit;
  readonly banGuard?: Partial<BanGuardPolicy> | undefined;
  /** Starts the lane's next request, if it still has one to start. */
  readonly facts: FactKeeper;
  readonly start: (lane: Lane, now: number) => void;
}

export function createLanes({ clock, localLimit, banGuard, facts, start }: LanesParts): Lanes {
  const gates = createGates();
  const lanes = new Map<string, Lane>();
  const egresses = new Map<string, Egress>();
  const pauseOfAll: PauseSwitch = { pause: null };

  function egressFor({ limits: { egress } }: Channel): string | null {
    if (egress === null) return null;
    const { key, spec } = egress;
    if (!egresses.has(key)) {
      const guard = createBanGuard(banGuard);
      egresses.set(key, createEgress({ key, clock, gate: gates.get(key, spec), guard, start }));
    }
    return key;
  }

  /** One that takes the place of another may share the same hidden limit, and is taken to until it says otherwise. */
  function poolFor({ limits: { pool } }: Channel, before: Lane["pool"]): Lane["pool"] {
    if (pool === null) return null;
    const now = clock.now();
    const mayShare = before !== null && isSame(before.spec, pool.spec) && before.gate.blockedUntil <= now;
    const gate = mayShare ? before.gate : gates.get(pool.key, pool.spec);
    return { gate, spec: pool.spec, since: before === null ? 0 : now };
  }

  /** All of a lane that is its channel's, or known of it. */
  function equipment(channel: Channel, { fallback = null, recovery = null }: LaneOptions, before: Lane | undefined) {
    const { bucket } = channel.limits;
    return {
      channel,
      fallback,
      recovery,
      breaker: CLOSED,
      isRemoved: false,
      isProven: false,
      bucket: bucket === null ? null : gates.get(bucket.key, bucket.spec),
      pool: poolFor(channel, before?.pool ?? null),
      egressKey: egressFor(channel),
    };
  }

  function newLane(name: string): Omit<Lane, keyof ReturnType<typeof equipment>> {
    return {
      name,
      queue: createLaneQueue(),
      beyond: 0,
      heldTo: null,
      local: createLocalLimiter(localLimit),
      pauses: { own: { pause: null }, all: pauseOfAll },
      unknownUntil: 0,
      mode: { mode: "idle" },
      told: createTold(name, facts),
      landed: [],
      rested: [],
      version: 0,
    };
  }

  return {
    gates,
    pauseOfAll,
    set(name, channel, options = {}) {
      const before = lanes.get(name);
      const lane = Object.assign(before ?? newLane(name), equipment(channel, options, before));
      lanes.set(name, lane);
      return lane;
    },
    get(name) {
      const lane = lanes.get(name);
      return lane?.isRemoved === true ? undefined : lane;
    },
    find: (name) => lanes.get(name),
    all: () => [...lanes.values()].filter(({ isRemoved }) => !isRemoved),
    egresses: () => [...egresses.values()],
    egressOf: (lane) => (lane.egressKey === null ? null : egresses.get(lane.egressKey)!),
  };
}

function isSame(a: LimitSpec, b: LimitSpec): boolean {
  return a.limit === b.limit && a.intervalMs === b.intervalMs;
}
