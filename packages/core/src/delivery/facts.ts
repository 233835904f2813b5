/**
 * What must survive a restart beside the deliveries: destinations that are disabled, breakers that are open, pauses that a
 * remote ordered, bans. Kept as facts by key; facts whose time has passed are forgotten when they are recalled.
 *
 * They may be recalled late, when the store could not be read at the start. What has been learned meanwhile then stands: what this process
 * has written itself, and that a destination takes messages.
 */
import type { Clock } from "../clock/clock.ts";
import type { BreakerState } from "./breaker/breaker.ts";
import type { AttemptError } from "./channel.ts";
import { type FactKeeper, type Told, type ToldFact, toldFactOf } from "./in-place/told.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import { joinPool } from "./lane/limits.ts";
import type { Durable, PatientMemory } from "./outbox.ts";

const STARTS_KEY = "starts";
/** Of a process that could not read the others yet, and would write over them. */
const LATE_STARTS_KEY = "starts:late";
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
  /**
   * Brings lanes, gates and guards back to what was known before the restart, and writes down that this process begins.
   *
   * @param onLate told when all that could only be done later
   */
  recall(lanes: Lanes, onLate: () => void): Recalled;
  /** The same for a lane that has come later. */
  claim(lane: Lane, lanes: Lanes): void;
}

export interface Recalled {
  /** When processes began of late, this one included, as far as is known now. */
  readonly starts: () => readonly number[];
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

export function createFacts(memory: PatientMemory, clock: Pick<Clock, "now">): Facts {
  const write = (key: string, value: unknown): Durable => memory.remember(key, value)?.catch(() => {});
  const forget = (key: string): void => void memory.forget(key)?.catch(() => {});

  let isRecalled = true;
  /** What is known of destinations that are not there. */
  let recalled = new Map<string, unknown>();
  const toldElsewhere = createToldElsewhere();
  /** Whose breaker has moved before it was known what earlier processes knew of it. */
  const moved = new Set<Lane>();

  function take(key: string): unknown {
    const fact = recalled.get(key);
    recalled.delete(key);
    return fact;
  }

  function laneChanged(lane: Lane): void {
    const { breaker } = lane;
    const disabled = disabledOf(lane);
    // An earlier process may have known more of it, which is not to be lost.
    if (!isRecalled && disabled === null && !lane.isProven) return void moved.add(lane);
    if (disabled === null && breaker.mode === "closed") return forget(laneKey(lane));
    void write(laneKey(lane), { disabled, breaker } satisfies LaneFact);
  }

  function bringBack(lane: Lane, lanes: Lanes): void {
    const fact = take(laneKey(lane)) as LaneFact | undefined;
    const hasMoved = moved.delete(lane);
    if (!lane.isProven) recallLane(lane, hasMoved && fact !== undefined ? { ...fact, breaker: lane.breaker } : fact);
    if (hasMoved || (fact !== undefined && lane.isProven)) laneChanged(lane);
    const pool = take(poolKey(lane));
    if (typeof pool === "string") joinPool(lane, pool, { gates: lanes.gates, now: clock.now() });
    const egress = lanes.egressOf(lane);
    egress?.guard.restore(untilOf(recalled.get(`ban:${egress.key}`)));
    for (const gate of [lane.bucket, lane.pool?.gate, egress?.gate])
      if (gate != null) gate.restore(untilOf(take(`gate:${gate.key}`)));
  }

  function bringAllBack(lanes: Lanes): void {
    for (const lane of lanes.all()) bringBack(lane, lanes);
    toldElsewhere.takeUp(recalled, lanes);
    for (const key of overIn(recalled, clock.now())) forget(key);
    for (const key of recalled.keys()) if (!KEPT_FOR_LATER.test(key)) recalled.delete(key);
  }

  return {
    keep: write,
    drop: forget,
    get isRecalled() {
      return isRecalled;
    },
    laneChanged,
    poolLearned(lane) {
      if (lane.pool !== null) void write(poolKey(lane), lane.pool.gate.key);
    },
    gateShut: (key, until) => void write(`gate:${key}`, { until } satisfies UntilFact),
    banned: (key, until) => void write(`ban:${key}`, { until } satisfies UntilFact),
    forgetLane: (lane) => forget(laneKey(lane)),
    recall(lanes, onLate) {
      const now = clock.now();
      let before: readonly number[] = [];
      const starts = () => [...before.filter((at) => at > now - STARTS_KEPT_MS), now].slice(-MAX_STARTS);
      let tell = (): void => {};
      isRecalled = memory.recall((facts) => {
        recalled = new Map(facts);
        isRecalled = true;
        before = startsIn(recalled);
        bringAllBack(lanes);
        tell();
      });
      tell = onLate;
      return { starts, isRecorded: write(isRecalled ? STARTS_KEY : LATE_STARTS_KEY, starts()) };
    },
    claim(lane, lanes) {
      bringBack(lane, lanes);
      toldElsewhere.claim(lane);
    },
  };
}

/** What was told, for the lanes that it concerns: at once, or when they come. */
function createToldElsewhere() {
  const later = new Map<string, ((told: Told) => void)[]>();

  function hand({ lane: name, kind, key }: ToldFact, fact: unknown, lane: Lane | undefined): void {
    const recall = (told: Told): void => told.recall(kind, key, fact);
    if (lane !== undefined) recall(lane.told);
    else
      later
        .set(name, later.get(name) ?? [])
        .get(name)!
        .push(recall);
  }

  return {
    takeUp(facts: ReadonlyMap<string, unknown>, lanes: Lanes): void {
      for (const wanted of ["told", "message"] as const)
        for (const [key, fact] of facts) {
          const about = toldFactOf(key);
          if (about?.kind === wanted) hand(about, fact, lanes.get(about.lane));
        }
    },
    claim(lane: Lane): void {
      for (const recall of later.get(lane.name) ?? []) recall(lane.told);
      later.delete(lane.name);
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

function startsIn(facts: ReadonlyMap<string, unknown>): readonly number[] {
  const all = [STARTS_KEY, LATE_STARTS_KEY].map((key) => facts.get(key) as readonly number[] | undefined);
  return all.flatMap((starts) => starts ?? []);
}

/** Waits that have ended. */
function overIn(facts: ReadonlyMap<string, unknown>, now: number): readonly string[] {
  return [...facts].flatMap(([key, fact]) => (/^(gate|ban):/.test(key) && untilOf(fact) <= now ? [key] : []));
}

function disabledOf({ mode }: Lane): LaneFact["disabled"] {
  const known = mode.mode === "sending" ? mode.before : mode;
  return known?.mode === "disabled" ? { since: known.since, error: known.error } : null;
}

function recallLane(lane: Lane, fact: LaneFact | undefined): void {
  if (fact === undefined) return;
  lane.breaker =
    fact.breaker.mode === "half-open" ? { mode: "open", since: fact.breaker.since, until: 0 } : fact.breaker;
  if (fact.disabled === null) return;
  const before = { mode: "disabled", ...fact.disabled } as const;
  lane.mode = lane.mode.mode === "sending" ? { ...lane.mode, before } : before;
}

function untilOf(fact: unknown): number {
  return (fact as UntilFact | undefined)?.until ?? 0;
}
