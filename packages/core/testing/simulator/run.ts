/**
 * Runs the real delivery engine through a plan on virtual time: processes that die and start again, a store that fails, a Discord
 * that misbehaves. Afterwards all faults end, everything may settle, and the invariants are checked.
 */
import type { Clock } from "../../src/clock/clock.ts";
import { defineBreakerPolicy } from "../../src/delivery/breaker/breaker.ts";
import type { Channel, LimitPlan } from "../../src/delivery/channel.ts";
import { DeliveryEngine } from "../../src/delivery/engine.ts";
import { DEFAULT_FALLBACK_POLICY } from "../../src/delivery/fallback.ts";
import type { DeliveryRecord } from "../../src/delivery/outbox.ts";
import { digestKeyOf } from "../../src/delivery/overflow.ts";
import { defineLocalLimit } from "../../src/delivery/pacing/local-limit.ts";
import { defineRetryPolicy } from "../../src/delivery/retry/retry-policy.ts";
import { createSteadfastStore, type SteadfastOutbox } from "../../src/delivery/steadfast-store.ts";
import type { Listener } from "../../src/delivery/tracker.ts";
import type { NotificationId } from "../../src/notification/notification.ts";
import { aNotification } from "../notifications.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { createDiscordWorld, type DiscordWorld } from "./discord-world.ts";
import type { DiskRecords, SimulatedDisk } from "./disk.ts";
import { createDurableDisk } from "./durable-store.ts";
import { checkInvariants, type Violation } from "./invariants.ts";
import { type FaultStep, LANES, type LaneName, type NotifyStep, type PauseStep, type Plan } from "./plan.ts";
import { createSqliteDisk } from "./sqlite-disk.ts";

/** A notification at one of its destinations. */
export interface Taken {
  readonly name: string;
  readonly lane: LaneName;
}

export interface Crash {
  /** From the start. */
  readonly at: number;
  /** The store owed something that the process had with it. */
  readonly owed: boolean;
}

export interface Run {
  readonly plan: Plan;
  readonly startAt: number;
  readonly records: DiskRecords;
  readonly world: DiscordWorld;
  /** In the order in which they were taken. */
  readonly taken: readonly Taken[];
  /** Those that somebody was told are accepted. */
  readonly accepted: readonly Taken[];
  /** Orders to pause that the store has kept. */
  readonly pauses: readonly PauseStep[];
  readonly crashes: readonly Crash[];
  /** Most waits that were pending at once, and those left at the end. */
  readonly timers: { readonly most: number; readonly left: number };
  readonly openAtEnd: number;
  readonly excess: QueueExcess;
}

/** Most that waited in one lane beyond what may, or what a process found there when it began. */
export interface QueueExcess {
  /** What is told on its own. */
  readonly single: number;
  /** Digests, which take nobody's place. */
  readonly digests: number;
}

export interface RunReport {
  readonly run: Run;
  readonly violations: readonly Violation[];
}

/** What became of each is read from the disk. */
const NOBODY: Listener = { settle() {}, isAwaited: () => false, letGo() {} };
/** Time to settle in after the last fault: longer than any ban. */
const SETTLE_MS = 3 * 3_600_000;

/** Runs the plan and checks it. The same plan gives the same report. */
export async function runPlan(plan: Plan): Promise<RunReport> {
  const clock = createVirtualClock({ seed: plan.seed });
  const startAt = clock.now();
  const faults = plan.steps.filter((step): step is FaultStep => step.kind !== "notify" && step.kind !== "pause");
  const disk = plan.store === "sqlite" ? createSqliteDisk({ faults, startAt }) : createDurableDisk({ faults, startAt });
  const world = createDiscordWorld({ clock, faults, startAt, seed: plan.seed });
  const stage: Stage = { plan, clock, startAt, disk, world, taken: [], accepted: [], pauses: [], crashes: [] };
  try {
    const ended = await perform(stage);
    const run: Run = { ...stage, ...ended, records: await disk.records() };
    return { run, violations: checkInvariants(run) };
  } finally {
    await disk.dispose();
  }
}

async function perform(stage: Stage): Promise<Pick<Run, "timers" | "openAtEnd" | "excess">> {
  const { plan, clock, startAt, crashes } = stage;
  let most = 0;
  let excess: QueueExcess = { single: 0, digests: 0 };
  let process = startProcess(stage);
  let startsAt = 0;
  for (const step of plan.steps) {
    if (!process.isAlive() && step.at >= startsAt) process = await restart(stage, startsAt);
    await clock.advance(startAt + step.at - clock.now());
    most = Math.max(most, clock.pending);
    // Between death and restart there is nobody to notify, or to die.
    if (!process.isAlive()) continue;
    excess = widest(excess, process);
    if (step.kind === "notify") notify(process, step);
    if (step.kind === "pause") pause(process, step);
    if (step.kind !== "crash") continue;
    crashes.push({ at: step.at, owed: process.outbox.owed > 0 });
    startsAt = step.at + step.downMs;
    process.die(step.midCommit);
  }
  if (!process.isAlive()) process = await restart(stage, startsAt);
  await clock.advance(startAt + plan.durationMs + SETTLE_MS - clock.now());
  return { timers: { most, left: clock.pending }, openAtEnd: process.engine.book.open, excess };
}

async function restart(stage: Stage, at: number): Promise<SimulatedProcess> {
  await stage.clock.advance(stage.startAt + at - stage.clock.now());
  return startProcess(stage);
}

interface Stage {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly startAt: number;
  readonly disk: SimulatedDisk;
  readonly world: DiscordWorld;
  readonly taken: Taken[];
  readonly accepted: Taken[];
  readonly pauses: PauseStep[];
  readonly crashes: Crash[];
}

interface SimulatedProcess {
  readonly engine: DeliveryEngine;
  readonly outbox: SteadfastOutbox;
  readonly stage: Stage;
  /** In one lane. */
  readonly mayWait: number;
  readonly isAlive: () => boolean;
  die(midCommit: boolean): void;
}

function startProcess(stage: Stage): SimulatedProcess {
  let alive = true;
  const clock = mortalClock(stage.clock, () => alive);
  const store = stage.disk.open(clock);
  const steadfast = createSteadfastStore({ ...store, clock, onHealth: () => {} });
  const engine = new DeliveryEngine({
    clock,
    ...steadfast,
    retry: defineRetryPolicy(),
    breaker: defineBreakerPolicy(),
    fallback: DEFAULT_FALLBACK_POLICY,
    localLimit: defineLocalLimit({ limit: Number.POSITIVE_INFINITY }),
    queueSize: stage.plan.queueSize,
    paging: { mostHeld: stage.plan.mostHeld, fewestHeld: 3, pageSize: 4 },
    overflow: "digest",
    batching: true,
    onEvent: () => {},
  });
  for (const lane of LANES) {
    const channel = channelTo(lane, stage, () => alive);
    engine.addLane(lane, channel, { fallback: lane === "errors" ? "pager" : null, recovery: stage.plan.recovery });
  }
  engine.restore();
  return {
    engine,
    outbox: steadfast.outbox,
    stage,
    // What was accepted just before a crash has not passed the bound yet.
    mayWait: Math.max(stage.plan.queueSize, longestLane(engine)),
    isAlive: () => alive,
    die(midCommit) {
      alive = false;
      store.crash(midCommit);
    },
  };
}

function longestLane(engine: DeliveryEngine): number {
  return Math.max(...engine.status().map(({ waiting }) => waiting));
}

/** Only a store that has everything can say which are digests; until then nobody looks. */
function widest(before: QueueExcess, { engine, outbox, mayWait }: SimulatedProcess): QueueExcess {
  if (!outbox.isCaughtUp) return before;
  return engine.status().reduce(({ single, digests }, { destination, waiting }) => {
    if (waiting <= mayWait) return { single, digests };
    const isDigest = ({ notification: { key } }: DeliveryRecord): boolean => key === digestKeyOf({ name: destination });
    const told = outbox.page(destination, null, Number.MAX_SAFE_INTEGER).filter(isDigest).length;
    return { single: Math.max(single, waiting - told - mayWait), digests: Math.max(digests, told) };
  }, before);
}

function notify({ stage, engine, outbox, isAlive }: SimulatedProcess, step: NotifyStep): void {
  const now = stage.clock.now();
  const { name, lanes, priority, key, phase, atMostOnce } = step;
  const notification = aNotification({
    id: `ntf_${name}` as NotificationId,
    title: name,
    createdAt: now,
    timestamp: now,
    labels: { name, poison: step.isPoison ? "yes" : "no" },
    expiresAt: step.expiresAfterMs === null ? null : now + step.expiresAfterMs,
    priority,
    key,
    phase,
    atMostOnce,
  });
  const all = lanes.map((lane) => ({ name, lane }));
  void engine
    .enqueue([{ notification, lanes, listener: NOBODY }])
    ?.then(() => {
      if (isAlive()) stage.taken.push(...all);
      return outbox.caughtUp();
    })
    .then(() => {
      if (isAlive()) stage.accepted.push(...all);
    });
}

function pause({ engine, stage, isAlive }: SimulatedProcess, step: PauseStep): void {
  const order = { destination: step.lane ?? undefined, untilAt: stage.startAt + step.until };
  void engine.pauses.pause(order).then((outcome) => {
    if (outcome === "done" && isAlive()) stage.pauses.push(step);
  });
}

/** Nobody hears what happens after the process has died. */
function mortalClock(clock: Clock, isAlive: () => boolean): Clock {
  return {
    ...clock,
    now: () => clock.now(),
    schedule: (at, fire) => clock.schedule(at, () => (isAlive() ? fire() : undefined)),
  };
}

function channelTo(lane: LaneName, { world, plan }: Stage, isAlive: () => boolean): Channel {
  const limits: LimitPlan = {
    egress: { key: "discord", spec: { limit: 50, intervalMs: 1_000 } },
    pool: { key: `pool-of-${lane}`, spec: { limit: 30, intervalMs: 60_000 } },
    bucket: { key: lane, spec: { limit: 5, intervalMs: 2_000 } },
  };
  return {
    kind: "simulated",
    label: lane,
    limits,
    inPlace: ["edit", "answer"],
    fits: (notifications) => notifications.length <= plan.perMessage,
    send: (request) =>
      new Promise((resolve) => {
        world.receive(lane, request, (outcome) => {
          if (isAlive()) resolve(outcome);
          return isAlive();
        });
      }),
    check: () => Promise.resolve({ ok: true, detail: "", poolKey: null }),
    close: () => Promise.resolve(),
  };
}
