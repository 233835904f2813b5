/**
 * What runs in one simulated process: the real delivery engine, with what keeps notifications back before it, on the store that the process
 * has opened.
 */
import type { Clock } from "../../src/clock/clock.ts";
import { defineBreakerPolicy } from "../../src/delivery/breaker/breaker.ts";
import type { Channel, LimitPlan } from "../../src/delivery/channel.ts";
import { DeliveryEngine } from "../../src/delivery/engine.ts";
import { DEFAULT_FALLBACK_POLICY } from "../../src/delivery/fallback.ts";
import type { Durable } from "../../src/delivery/outbox.ts";
import { defineLocalLimit } from "../../src/delivery/pacing/local-limit.ts";
import { defineRetryPolicy } from "../../src/delivery/retry/retry-policy.ts";
import type { SteadfastStore } from "../../src/delivery/steadfast-store.ts";
import type { Listener } from "../../src/delivery/tracker.ts";
import type { NotificationId } from "../../src/notification/notification.ts";
import { quietLaneOf } from "../../src/withhold/held.ts";
import { aNotification } from "../notifications.ts";
import type { Target } from "./destinations.ts";
import { LANES, type LaneName } from "./lanes.ts";
import { type NotifyStep, type PauseStep, type Plan, pagingOf } from "./plan.ts";
import { aboutOf, type SilenceStep, textOf } from "./quiet.ts";
import type { Taken } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { createWithholding, type Withholding } from "./withholding.ts";

export interface ProgramParts extends SteadfastStore {
  readonly stage: Stage;
  readonly clock: Clock;
  readonly isAlive: () => boolean;
  readonly isInMemory: boolean;
}

export interface Program {
  readonly engine: DeliveryEngine;
  readonly homes: ReadonlySet<string>;
  readonly redirected: ReadonlySet<string>;
  readonly unsettled: ReadonlySet<Taken>;
  heldFor(isMeant: (destination: string) => boolean): number;
  notify(step: NotifyStep): void;
  pause(step: PauseStep): void;
  silence(step: SilenceStep): void;
  /** This destination has come, gone, or leads elsewhere. */
  redirect(lane: LaneName): void;
}

const NOBODY: Listener = { settle() {}, isAwaited: () => false, letGo() {} };

/** With a lane to each destination, from where the last process stopped. */
export function startProgram(parts: ProgramParts): Program {
  return new Running(parts);
}

class Running implements Program {
  readonly engine: DeliveryEngine;
  readonly homes = new Set<string>();
  readonly redirected = new Set<string>();
  readonly unsettled = new Set<Taken>();
  readonly #parts: ProgramParts;
  readonly #withholding: Withholding;
  /** That are there now. */
  readonly #named = new Map<string, string>();

  constructor(parts: ProgramParts) {
    this.#parts = parts;
    const { stage } = parts;
    this.engine = engineOf(parts, (...one) => this.#withholding.held.takeOver(...one));
    this.#withholding = createWithholding({
      ...parts,
      engine: this.engine,
      destinations: this.#named,
      post: (notification, lane) => void this.engine.enqueue([{ notification, lanes: [lane], listener: NOBODY }]),
    });
    for (const lane of LANES) {
      const target = stage.destinations.targetOf(lane);
      if (target === null || stage.plan.late.includes(lane)) continue;
      this.#know(lane);
      this.engine.addLane(lane, channelTo(target, parts), optionsOf(lane, stage.plan));
    }
    this.engine.restore((found) => this.#withholding.restore(found));
    for (const lane of stage.plan.late) this.redirect(lane);
  }

  heldFor(isMeant: (destination: string) => boolean): number {
    const all = this.#withholding.held.status().filter(({ destination }) => isMeant(destination));
    return all.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  notify(step: NotifyStep): void {
    const { stage, clock } = this.#parts;
    const { name } = step;
    const plain = notificationOf(step, stage.plan, clock.now());
    const decision = this.#withholding.decide({ ...plain, destination: step.lanes[0]! });
    if (decision.withheld !== null) return;
    // An end waits where its beginning does; all else goes where the plan says.
    const isRouted = step.isQuiet || decision.deferred.length > 0;
    const to = isRouted ? decision.to : step.lanes;
    const deferred = isRouted ? decision.deferred : [];
    const notification = isRouted ? { ...plain, destination: step.lanes[0]!, routing: decision } : plain;
    const now = to.map((lane) => ({ name, lane }));
    stage.handed.push(...now);
    for (const one of now) this.unsettled.add(one);
    const settle = (): void => {
      for (const one of now) this.unsettled.delete(one);
    };
    const listener: Listener = { ...NOBODY, settle };
    if (to.length > 0) this.#accept(now, this.engine.enqueue([{ notification, lanes: to, listener }]));
    const later = deferred.map(({ destination }) => ({ name, lane: quietLaneOf(destination) }));
    if (later.length > 0) this.#accept(later, this.#withholding.held.hold(notification, deferred));
  }

  /** What is kept in memory alone is done at once, and accepted by no store. */
  #accept(taken: readonly Taken[], durable: Durable): void {
    const { outbox, stage, isAlive } = this.#parts;
    void durable
      ?.then(() => outbox.caughtUp())
      .then(() => {
        if (isAlive()) stage.accepted.push(...taken);
      });
  }

  pause(step: PauseStep): void {
    const { stage } = this.#parts;
    const order = { destination: step.lane ?? undefined, untilAt: stage.startAt + step.until };
    void this.engine.pauses.pause(order).then((outcome) => this.#keep(stage.pauses, step, outcome === "done"));
  }

  silence(step: SilenceStep): void {
    const { stage } = this.#parts;
    const kept = this.#withholding.silence(step, stage.startAt + step.until);
    void kept.then((isKept) => this.#keep(stage.silences, step, isKept));
  }

  #keep<Step>(list: Step[], step: Step, isKept: boolean): void {
    if (isKept && this.#parts.isAlive() && !this.#parts.isInMemory) list.push(step);
  }

  redirect(lane: LaneName): void {
    const { stage } = this.#parts;
    const target = stage.destinations.targetOf(lane);
    const options = optionsOf(lane, stage.plan);
    if (target === null) {
      this.#named.delete(lane);
      void this.engine.changes.remove(lane, options.fallback);
      const { fallback } = options;
      return this.#withholding.removed(lane, fallback !== null && this.#named.has(fallback) ? fallback : null);
    }
    const isNew = !this.#named.has(lane);
    if (this.homes.has(lane)) this.redirected.add(lane);
    this.#know(lane);
    void this.engine.changes.set(lane, channelTo(target, this.#parts), options);
    if (isNew) this.#withholding.added(lane);
  }

  #know(lane: LaneName): void {
    this.homes.add(lane);
    this.#named.set(lane, lane);
  }
}

function engineOf({ stage, ...parts }: ProgramParts, holdBack: Withholding["held"]["takeOver"]): DeliveryEngine {
  return new DeliveryEngine({
    ...parts,
    retry: defineRetryPolicy(),
    breaker: defineBreakerPolicy(),
    fallback: DEFAULT_FALLBACK_POLICY,
    localLimit: defineLocalLimit({ limit: Number.POSITIVE_INFINITY }),
    queueSize: stage.plan.queueSize,
    paging: pagingOf(stage.plan),
    overflow: "digest",
    batching: true,
    holdBack,
    onEvent: () => {},
  });
}

function optionsOf(lane: LaneName, { recovery }: Plan) {
  return { fallback: lane === "errors" ? "pager" : null, recovery };
}

function notificationOf(step: NotifyStep, { quietHours }: Plan, now: number) {
  const { name, priority, key, phase, atMostOnce } = step;
  return aNotification({
    id: `ntf_${name}` as NotificationId,
    title: name,
    createdAt: now,
    timestamp: now,
    labels: { name, poison: step.isPoison ? "yes" : "no", about: aboutOf(step) },
    expiresAt: step.expiresAfterMs === null ? null : now + step.expiresAfterMs,
    priority,
    key,
    phase,
    atMostOnce,
    quietHours: step.isQuiet && quietHours.length > 0 ? quietHours.map(textOf) : null,
  });
}

function channelTo(target: Target, { stage: { world, plan }, isAlive }: ProgramParts): Channel {
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
