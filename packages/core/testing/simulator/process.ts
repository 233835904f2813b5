/** One process of a simulated run: the real delivery engine on the disk that its predecessors have left. It may die at any instant. */
import type { Clock } from "../../src/clock/clock.ts";
import { defineBreakerPolicy } from "../../src/delivery/breaker/breaker.ts";
import type { Channel, LimitPlan } from "../../src/delivery/channel.ts";
import { DeliveryEngine } from "../../src/delivery/engine.ts";
import { DEFAULT_FALLBACK_POLICY } from "../../src/delivery/fallback.ts";
import { createForgetfulMemory, createMemoryOutbox } from "../../src/delivery/outbox.ts";
import { defineLocalLimit } from "../../src/delivery/pacing/local-limit.ts";
import { defineRetryPolicy } from "../../src/delivery/retry/retry-policy.ts";
import { createSteadfastStore, type SteadfastStore } from "../../src/delivery/steadfast-store.ts";
import type { Listener } from "../../src/delivery/tracker.ts";
import type { NotificationId } from "../../src/notification/notification.ts";
import { aNotification } from "../notifications.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import type { Destinations, Target } from "./destinations.ts";
import type { DiscordWorld } from "./discord-world.ts";
import { type DiskParts, type SimulatedDisk, type SimulatedStore, storeFault } from "./disk.ts";
import type { CrashStep } from "./faults.ts";
import { LANES, type LaneName } from "./lanes.ts";
import type { Ledger } from "./ledger.ts";
import { type NotifyStep, type PauseStep, type Plan, pagingOf } from "./plan.ts";
import type { BlindSpan, Crash, ObservedProcess, Taken } from "./scene.ts";
import { createSight, type SightedStore } from "./sight.ts";

/** What outlives the processes of a run, and what is noted of them. */
export interface Stage {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly startAt: number;
  readonly faults: DiskParts;
  readonly disk: SimulatedDisk;
  readonly world: DiscordWorld;
  readonly destinations: Destinations;
  readonly ledger: Ledger;
  readonly handed: Taken[];
  readonly accepted: Taken[];
  readonly pauses: PauseStep[];
  readonly crashes: Crash[];
  readonly blindSpans: BlindSpan[];
}

export interface SimulatedProcess extends ObservedProcess {
  notify(step: NotifyStep): void;
  pause(step: PauseStep): void;
  /** This destination has come, gone, or leads elsewhere. */
  redirect(lane: LaneName): void;
  die(how: CrashStep["how"]): void;
}

export function startProcess(stage: Stage): SimulatedProcess {
  let alive = true;
  const isAlive = (): boolean => alive;
  const clock = mortalClock(stage.clock, isAlive);
  const store = openStore(stage, clock);
  const sight = createSight(store, stage.faults, clock);
  stage.blindSpans.push(...sight.blind);
  const steadfast = createSteadfastStore({
    ...sight.store,
    clock,
    onHealth: (error) => {
      if (error !== null) sight.said();
    },
  });
  const homes = new Set<LaneName>();
  const engine = startEngine(stage, { ...steadfast, clock, homes }, isAlive);
  const unsettled = new Set<Taken>();
  let mayWait = Math.max(stage.plan.queueSize, mostWaitingIn(engine));
  return {
    engine,
    outbox: steadfast.outbox,
    get mayWait() {
      return mayWait;
    },
    isAlive,
    isInMemory: store.isInMemory,
    unsettled,
    isBlind() {
      const isBlind = sight.isBlindTo(steadfast.outbox);
      // What is new fills the lanes anew until it is known what waits in them already.
      if (isBlind) mayWait = Math.max(mayWait, mostWaitingIn(engine));
      return isBlind;
    },
    homes,
    wasBlind: sight.wasBlind,
    canRead: () => sight.canRead,
    unsaid: () => sight.unsaid,
    notify(step) {
      const all = step.lanes.map((lane) => ({ name: step.name, lane }));
      stage.handed.push(...all);
      for (const one of all) unsettled.add(one);
      const settle = (): void => {
        for (const one of all) unsettled.delete(one);
      };
      const listener: Listener = { settle, isAwaited: () => false, letGo() {} };
      void engine
        .enqueue([{ notification: notificationOf(step, stage.clock.now()), lanes: step.lanes, listener }])
        ?.then(() => steadfast.outbox.caughtUp())
        .then(() => {
          if (alive) stage.accepted.push(...all);
        });
    },
    pause(step) {
      const order = { destination: step.lane ?? undefined, untilAt: stage.startAt + step.until };
      void engine.pauses.pause(order).then((outcome) => {
        if (outcome === "done" && alive && !store.isInMemory) stage.pauses.push(step);
      });
    },
    redirect(lane) {
      redirect(engine, lane, { stage, isAlive, homes });
      mayWait = Math.max(mayWait, mostWaitingIn(engine));
    },
    die(how) {
      alive = false;
      sight.end();
      store.crash(how);
    },
  };
}

/** With a lane to each destination, from where the last process stopped. */
function startEngine(
  stage: Stage,
  { homes, ...parts }: SteadfastStore & { readonly clock: Clock; readonly homes: Set<LaneName> },
  isAlive: () => boolean,
): DeliveryEngine {
  const engine = new DeliveryEngine({
    ...parts,
    retry: defineRetryPolicy(),
    breaker: defineBreakerPolicy(),
    fallback: DEFAULT_FALLBACK_POLICY,
    localLimit: defineLocalLimit({ limit: Number.POSITIVE_INFINITY }),
    queueSize: stage.plan.queueSize,
    paging: pagingOf(stage.plan),
    overflow: "digest",
    batching: true,
    holdBack: () => {},
    onEvent: () => {},
  });
  for (const lane of LANES) {
    const target = stage.destinations.targetOf(lane);
    if (target === null || stage.plan.late.includes(lane)) continue;
    homes.add(lane);
    engine.addLane(lane, channelTo(target, stage, isAlive), optionsOf(lane, stage.plan));
  }
  engine.restore();
  for (const lane of stage.plan.late) redirect(engine, lane, { stage, isAlive, homes });
  return engine;
}

interface Known {
  readonly stage: Stage;
  readonly isAlive: () => boolean;
  readonly homes: Set<LaneName>;
}

function redirect({ changes }: DeliveryEngine, lane: LaneName, { stage, isAlive, homes }: Known): void {
  const target = stage.destinations.targetOf(lane);
  const options = optionsOf(lane, stage.plan);
  if (target === null) return void changes.remove(lane, options.fallback);
  homes.add(lane);
  void changes.set(lane, channelTo(target, stage, isAlive), options);
}

function optionsOf(lane: LaneName, { recovery }: Plan) {
  return { fallback: lane === "errors" ? "pager" : null, recovery };
}

interface OpenStore extends SightedStore, Pick<SimulatedStore, "crash"> {}

/** Who cannot open it goes on in memory, as a notifier does; what is in it stays for the next process. */
function openStore({ disk, ledger, faults }: Stage, clock: Clock): OpenStore {
  if (storeFault("store-unopenable", faults, clock.now()) !== undefined) return inMemory();
  const store = disk.open(clock);
  ledger.reopened(store.waiting());
  return { ...store, outbox: ledger.watch(store.outbox), isInMemory: false };
}

function inMemory(): OpenStore {
  return { outbox: createMemoryOutbox(), memory: createForgetfulMemory(), crash() {}, isInMemory: true };
}

function mostWaitingIn(engine: DeliveryEngine): number {
  return Math.max(...engine.status().map(({ waiting }) => waiting));
}

function notificationOf(step: NotifyStep, now: number) {
  const { name, priority, key, phase, atMostOnce } = step;
  return aNotification({
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
}

/** Nobody hears what happens after the process has died. */
function mortalClock(clock: Clock, isAlive: () => boolean): Clock {
  return {
    ...clock,
    now: () => clock.now(),
    schedule: (at, fire) => clock.schedule(at, () => (isAlive() ? fire() : undefined)),
  };
}

function channelTo(target: Target, { world, plan }: Stage, isAlive: () => boolean): Channel {
  const limits: LimitPlan = {
    egress: { key: "discord", spec: { limit: 50, intervalMs: 1_000 } },
    pool: { key: `pool-of-${target.webhook}`, spec: { limit: 30, intervalMs: 60_000 } },
    bucket: { key: target.webhook, spec: { limit: 5, intervalMs: 2_000 } },
  };
  return {
    kind: "simulated",
    label: target.webhook,
    limits,
    inPlace: ["edit", "answer"],
    fits: (notifications) => notifications.length <= plan.perMessage,
    send: (request) =>
      new Promise((resolve) => {
        world.receive(target, request, (outcome) => {
          if (isAlive()) resolve(outcome);
          return isAlive();
        });
      }),
    check: () => Promise.resolve({ ok: true, detail: "", poolKey: null }),
    close: () => Promise.resolve(),
  };
}
