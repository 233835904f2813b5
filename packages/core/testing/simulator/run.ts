/**
 * Runs the real delivery engine through a plan on virtual time: processes that die and start again, a store that fails, a Discord
 * that misbehaves. Afterwards all faults end, everything may settle, and the invariants are checked.
 */
import type { Clock } from "../../src/clock/clock.ts";
import { defineBreakerPolicy } from "../../src/delivery/breaker/breaker.ts";
import type { Channel, LimitPlan } from "../../src/delivery/channel.ts";
import { DeliveryEngine } from "../../src/delivery/engine.ts";
import { DEFAULT_FALLBACK_POLICY } from "../../src/delivery/fallback.ts";
import { defineLocalLimit } from "../../src/delivery/pacing/local-limit.ts";
import { defineRetryPolicy } from "../../src/delivery/retry/retry-policy.ts";
import { createSteadfastOutbox } from "../../src/delivery/steadfast-outbox.ts";
import type { Listener } from "../../src/delivery/tracker.ts";
import type { NotificationId } from "../../src/notification/notification.ts";
import { aNotification } from "../notifications.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { createDiscordWorld, type DiscordWorld } from "./discord-world.ts";
import { createDisk, createDurableStore, type Disk, type DurableStore } from "./durable-store.ts";
import { checkInvariants, type Violation } from "./invariants.ts";
import { type FaultStep, LANES, type LaneName, type NotifyStep, type PauseStep, type Plan } from "./plan.ts";

export interface Run {
  readonly plan: Plan;
  readonly startAt: number;
  readonly disk: Disk;
  readonly world: DiscordWorld;
  /** Names that were durably accepted, per lane, in order of acceptance. */
  readonly accepted: readonly { readonly name: string; readonly lane: LaneName }[];
  /** Orders to pause that the store has kept. */
  readonly pauses: readonly PauseStep[];
  /** Instants at which processes died, from the start. */
  readonly crashes: readonly number[];
  /** Most waits that were pending at once, and those left at the end. */
  readonly timers: { readonly most: number; readonly left: number };
  readonly openAtEnd: number;
}

export interface RunReport {
  readonly run: Run;
  readonly violations: readonly Violation[];
}

/** What became of each is read from the disk. */
const NOBODY: Listener = { settle() {}, isAwaited: () => false, letGo() {} };
/** A process needs longer to start than a request needs to arrive. */
const RESTART_MS = 300;
/** Time to settle in after the last fault: longer than any ban. */
const SETTLE_MS = 3 * 3_600_000;

/** Runs the plan and checks it. The same plan gives the same report. */
export async function runPlan(plan: Plan): Promise<RunReport> {
  const clock = createVirtualClock({ seed: plan.seed });
  const startAt = clock.now();
  const faults = plan.steps.filter((step): step is FaultStep => step.kind !== "notify" && step.kind !== "pause");
  const stage: Stage = {
    plan,
    clock,
    startAt,
    faults,
    disk: createDisk(),
    world: createDiscordWorld({ clock, faults, startAt, seed: plan.seed }),
  };
  const accepted: { name: string; lane: LaneName }[] = [];
  const pauses: PauseStep[] = [];
  const crashes: number[] = [];
  let most = 0;
  let process = startProcess(stage);
  for (const step of plan.steps) {
    if (!process.isAlive() && step.at >= crashes.at(-1)! + RESTART_MS) process = await restart(stage, crashes.at(-1)!);
    await clock.advance(startAt + step.at - clock.now());
    most = Math.max(most, clock.pending);
    // Between death and restart there is nobody to notify, or to die.
    if (!process.isAlive()) continue;
    if (step.kind === "notify") notify(process, step, accepted);
    if (step.kind === "pause") pause(process, step, pauses);
    if (step.kind !== "crash") continue;
    crashes.push(step.at);
    process.die(step.midCommit);
  }
  if (!process.isAlive()) process = await restart(stage, crashes.at(-1)!);
  await clock.advance(startAt + plan.durationMs + SETTLE_MS - clock.now());
  const timers = { most, left: clock.pending };
  const run: Run = { ...stage, accepted, pauses, crashes, timers, openAtEnd: process.engine.book.open };
  return { run, violations: checkInvariants(run) };
}

async function restart(stage: Stage, diedAt: number): Promise<SimulatedProcess> {
  await stage.clock.advance(stage.startAt + diedAt + RESTART_MS - stage.clock.now());
  return startProcess(stage);
}

interface Stage {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly startAt: number;
  readonly faults: readonly FaultStep[];
  readonly disk: Disk;
  readonly world: DiscordWorld;
}

interface SimulatedProcess {
  readonly engine: DeliveryEngine;
  readonly stage: Stage;
  readonly isAlive: () => boolean;
  die(midCommit: boolean): void;
}

function startProcess(stage: Stage): SimulatedProcess {
  let alive = true;
  const clock = mortalClock(stage.clock, () => alive);
  const store: DurableStore = createDurableStore({ ...stage, clock });
  const engine = new DeliveryEngine({
    clock,
    outbox: createSteadfastOutbox(store, { clock, onHealth: () => {} }),
    memory: store,
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
  for (const lane of LANES)
    engine.addLane(
      lane,
      channelTo(lane, stage, () => alive),
      { fallback: lane === "errors" ? "pager" : null },
    );
  engine.restore();
  return {
    engine,
    stage,
    isAlive: () => alive,
    die(midCommit) {
      alive = false;
      store.crash(midCommit);
    },
  };
}

function notify(process: SimulatedProcess, step: NotifyStep, accepted: { name: string; lane: LaneName }[]): void {
  const { stage, engine } = process;
  const now = stage.clock.now();
  const { priority, key, phase, atMostOnce } = step;
  const notification = aNotification({
    id: `ntf_${step.name}` as NotificationId,
    title: step.name,
    createdAt: now,
    timestamp: now,
    labels: { name: step.name, poison: step.isPoison ? "yes" : "no" },
    expiresAt: step.expiresAfterMs === null ? null : now + step.expiresAfterMs,
    priority,
    key,
    phase,
    atMostOnce,
  });
  const durable = engine.enqueue([{ notification, lanes: step.lanes, listener: NOBODY }]);
  void durable?.then(() => {
    if (!process.isAlive()) return;
    for (const lane of step.lanes) if (isOnDisk(stage.disk, step.name, lane)) accepted.push({ name: step.name, lane });
  });
}

function pause({ engine, stage, isAlive }: SimulatedProcess, step: PauseStep, kept: PauseStep[]): void {
  const order = { destination: step.lane ?? undefined, untilAt: stage.startAt + step.until };
  void engine.pauses.pause(order).then((outcome) => {
    if (outcome === "done" && isAlive()) kept.push(step);
  });
}

function isOnDisk({ waiting, settled }: Disk, name: string, lane: LaneName): boolean {
  const id = `ntf_${name}`;
  const isIt = (record: { lane: string; notification: { id: string } }) =>
    record.lane === lane && record.notification.id === id;
  return [...waiting.values()].some(isIt) || [...settled.values()].some(({ delivery }) => isIt(delivery));
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
    fits: (notifications) => notifications.length <= plan.perMessage,
    send: (request) =>
      new Promise((resolve) => {
        world.receive(lane, request, (outcome) => {
          if (isAlive()) resolve(outcome);
        });
      }),
    check: () => Promise.resolve({ ok: true, detail: "", poolKey: null }),
    close: () => Promise.resolve(),
  };
}
