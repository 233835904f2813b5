/** One process of a simulated run: the real delivery engine on the disk that its predecessors have left. It may die at any instant. */
import type { Clock } from "../../src/clock/clock.ts";
import { defineBreakerPolicy } from "../../src/delivery/breaker/breaker.ts";
import type { Channel, LimitPlan } from "../../src/delivery/channel.ts";
import { DeliveryEngine } from "../../src/delivery/engine.ts";
import { DEFAULT_FALLBACK_POLICY } from "../../src/delivery/fallback.ts";
import { defineLocalLimit } from "../../src/delivery/pacing/local-limit.ts";
import { defineRetryPolicy } from "../../src/delivery/retry/retry-policy.ts";
import { createSteadfastStore } from "../../src/delivery/steadfast-store.ts";
import type { Listener } from "../../src/delivery/tracker.ts";
import type { NotificationId } from "../../src/notification/notification.ts";
import { aNotification } from "../notifications.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import type { DiscordWorld } from "./discord-world.ts";
import { type DiskParts, type SimulatedDisk, storeFault, withFailingReads } from "./disk.ts";
import type { CrashStep } from "./faults.ts";
import { LANES, type LaneName } from "./lanes.ts";
import type { Ledger } from "./ledger.ts";
import type { NotifyStep, PauseStep, Plan } from "./plan.ts";
import type { Crash, ObservedProcess, Taken } from "./scene.ts";

/** What outlives the processes of a run, and what is noted of them. */
export interface Stage {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly startAt: number;
  readonly faults: DiskParts;
  readonly disk: SimulatedDisk;
  readonly world: DiscordWorld;
  readonly ledger: Ledger;
  readonly handed: Taken[];
  readonly accepted: Taken[];
  readonly pauses: PauseStep[];
  readonly crashes: Crash[];
  readonly blindStarts: number[];
}

export interface SimulatedProcess extends ObservedProcess {
  notify(step: NotifyStep): void;
  pause(step: PauseStep): void;
  die(how: CrashStep["how"]): void;
}

/** What could not be read is asked for again. */
const READ_AGAIN_WITHIN_MS = 61_000;
/** What became of each is read from the disk. */
const NOBODY: Listener = { settle() {}, isAwaited: () => false, letGo() {} };

export function startProcess(stage: Stage): SimulatedProcess {
  let alive = true;
  const isAlive = (): boolean => alive;
  const clock = mortalClock(stage.clock, isAlive);
  const store = stage.disk.open(clock);
  stage.ledger.reopened(store.waiting());
  let unsaid = 0;
  let lastFailedAt = Number.NEGATIVE_INFINITY;
  const isUnreadable = (): boolean => storeFault("store-unreadable", stage.faults, clock.now()) !== undefined;
  const isBlind = isUnreadable();
  if (isBlind) stage.blindStarts.push(clock.now() - stage.startAt);
  const watched = { outbox: stage.ledger.watch(store.outbox), memory: store.memory };
  const failing = withFailingReads(watched, isUnreadable, () => {
    unsaid++;
    lastFailedAt = clock.now();
  });
  const steadfast = createSteadfastStore({
    ...failing,
    clock,
    onHealth: (error) => {
      if (error !== null) unsaid = 0;
    },
  });
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
    holdBack: () => {},
    onEvent: () => {},
  });
  for (const lane of LANES) {
    const channel = channelTo(lane, stage, isAlive);
    engine.addLane(lane, channel, { fallback: lane === "errors" ? "pager" : null, recovery: stage.plan.recovery });
  }
  engine.restore();
  return {
    engine,
    outbox: steadfast.outbox,
    mayWait: Math.max(stage.plan.queueSize, ...engine.status().map(({ waiting }) => waiting)),
    isAlive,
    isBlind() {
      // Nothing is read while writes are owed, so the waits between its questions grow meanwhile as well.
      if (steadfast.outbox.owed > 0) lastFailedAt = clock.now();
      return isBlind && clock.now() <= lastFailedAt + READ_AGAIN_WITHIN_MS;
    },
    unsaid: () => unsaid,
    notify(step) {
      const all = step.lanes.map((lane) => ({ name: step.name, lane }));
      stage.handed.push(...all);
      void engine
        .enqueue([{ notification: notificationOf(step, stage.clock.now()), lanes: step.lanes, listener: NOBODY }])
        ?.then(() => steadfast.outbox.caughtUp())
        .then(() => {
          if (alive) stage.accepted.push(...all);
        });
    },
    pause(step) {
      const order = { destination: step.lane ?? undefined, untilAt: stage.startAt + step.until };
      void engine.pauses.pause(order).then((outcome) => {
        if (outcome === "done" && alive) stage.pauses.push(step);
      });
    },
    die(how) {
      alive = false;
      store.crash(how);
    },
  };
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
