/**
 * What must survive a restart beside the deliveries: destinations that are disabled, breakers that are open, pauses that a
 * remote ordered, bans. Kept as facts by key; facts whose time has passed are forgotten when they are recalled.
 */
import type { BreakerState } from "./breaker/breaker.ts";
import type { AttemptError } from "./channel.ts";
import { type FactKeeper, type Told, type ToldFact, toldFactOf } from "./in-place/told.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import { joinPool } from "./lane/limits.ts";
import type { Durable, Memory } from "./outbox.ts";

const STARTS_KEY = "starts";
/** The longest of the windows that are known. */
const STARTS_KEPT_MS = 60_000;
const MAX_STARTS = 100;
/** Where a destination may come later that they concern. */
const KEPT_FOR_LATER = /^(lane|pool|gate|ban):/;

export interface Facts extends FactKeeper {
  /** The lane was disabled, or enabled again, or its breaker moved. */
  laneChanged(lane: Lane): void;
  /** The lane turned out to share a hidden limit. */
  poolLearned(lane: Lane): void;
  /** What is known of where it leads is of no more use. */
  forgetLane(lane: Lane): void;
  gateShut(key: string, until: number): void;
  banned(egressKey: string, until: number): void;
  /** Brings lanes, gates and guards back to what was known before the restart, and writes down that this process begins. */
  recall(lanes: Lanes, now: number): Recalled;
  /** The same for a lane that has come later. */
  claim(lane: Lane, lanes: Lanes, now: number): void;
}

export interface Recalled {
  /** When processes began of late, this one included. */
  readonly starts: readonly number[];
  /** That this one has begun: a later process counts on it. */
  readonly isRecorded: Durable;
}

interface LaneFact {
  readonly disabled: { readonly since: number; readonly error: AttemptError } | null;
  readonly breaker: BreakerState;
}

interface UntilFact {
  readonly until: number;
}

export function createFacts(memory: Memory): Facts {
  const write = (key: string, value: unknown): Durable => memory.remember(key, value)?.catch(() => {});
  const forget = (key: string): void => void memory.forget(key)?.catch(() => {});

  /** What is known of destinations that are not there. */
  let recalled = new Map<string, unknown>();
  const toldElsewhere = new Map<string, ((told: Told) => void)[]>();

  function take(key: string): unknown {
    const fact = recalled.get(key);
    recalled.delete(key);
    return fact;
  }

  function bringBack(lane: Lane, lanes: Lanes, now: number): void {
    recallLane(lane, take(laneKey(lane)) as LaneFact | undefined);
    const pool = take(poolKey(lane));
    if (typeof pool === "string") joinPool(lane, pool, { gates: lanes.gates, now });
    const egress = lanes.egressOf(lane);
    egress?.guard.restore(untilOf(recalled.get(`ban:${egress.key}`)));
    for (const gate of [lane.bucket, lane.pool?.gate, egress?.gate])
      if (gate != null) gate.restore(untilOf(take(`gate:${gate.key}`)));
  }

  function toldAt({ lane: name, kind, key }: ToldFact, fact: unknown, lane: Lane | undefined): void {
    if (lane !== undefined) return lane.told.recall(kind, key, fact);
    const later = toldElsewhere.get(name) ?? [];
    later.push((told) => told.recall(kind, key, fact));
    toldElsewhere.set(name, later);
  }

  return {
    keep: write,
    drop: forget,
    laneChanged(lane) {
      const { mode, breaker } = lane;
      const disabled = mode.mode === "disabled" ? { since: mode.since, error: mode.error } : null;
      if (disabled === null && breaker.mode === "closed") return forget(laneKey(lane));
      void write(laneKey(lane), { disabled, breaker } satisfies LaneFact);
    },
    poolLearned(lane) {
      if (lane.pool !== null) void write(poolKey(lane), lane.pool.gate.key);
    },
    gateShut: (key, until) => void write(`gate:${key}`, { until } satisfies UntilFact),
    banned: (key, until) => void write(`ban:${key}`, { until } satisfies UntilFact),
    forgetLane: (lane) => forget(laneKey(lane)),
    recall(lanes, now) {
      recalled = new Map(memory.recall());
      const before = (recalled.get(STARTS_KEY) as readonly number[] | undefined) ?? [];
      const starts = [...before.filter((at) => at > now - STARTS_KEPT_MS), now].slice(-MAX_STARTS);
      const isRecorded = write(STARTS_KEY, starts);
      for (const lane of lanes.all()) bringBack(lane, lanes, now);
      for (const [key, fact] of recalled) {
        const told = toldFactOf(key);
        if (told !== null) toldAt(told, fact, lanes.get(told.lane));
        if (/^(gate|ban):/.test(key) && untilOf(fact) <= now) forget(key);
        if (told !== null || !KEPT_FOR_LATER.test(key)) recalled.delete(key);
      }
      return { starts, isRecorded };
    },
    claim(lane, lanes, now) {
      bringBack(lane, lanes, now);
      for (const recall of toldElsewhere.get(lane.name) ?? []) recall(lane.told);
      toldElsewhere.delete(lane.name);
    },
  };
}

/** By destination as well as by name: a name that now means another webhook begins anew. */
function laneKey({ name, channel }: Lane): string {
  return `lane:${name}:${channel.label}`;
}

function poolKey({ name, channel }: Lane): string {
  return `pool:${name}:${channel.label}`;
}

function recallLane(lane: Lane, fact: LaneFact | undefined): void {
  if (fact === undefined) return;
  lane.breaker =
    fact.breaker.mode === "half-open" ? { mode: "open", since: fact.breaker.since, until: 0 } : fact.breaker;
  if (fact.disabled !== null) lane.mode = { mode: "disabled", ...fact.disabled };
}

function untilOf(fact: unknown): number {
  return (fact as UntilFact | undefined)?.until ?? 0;
}
