/** An engine on a virtual clock with fake channels, for tests: deliveries are named by their titles. */
import { defineBreakerPolicy } from "../src/delivery/breaker/breaker.ts";
import type { LimitPlan } from "../src/delivery/channel.ts";
import { DeliveryEngine } from "../src/delivery/engine.ts";
import type { DeliveryEvent } from "../src/delivery/events.ts";
import { DEFAULT_FALLBACK_POLICY } from "../src/delivery/fallback.ts";
import type { LaneOptions } from "../src/delivery/lane/lanes.ts";
import type { DeliveryOptions } from "../src/delivery/options.ts";
import {
  createForgetfulMemory,
  createMemoryOutbox,
  type Memory,
  type PatientMemory,
  patiently,
} from "../src/delivery/outbox.ts";
import { defineLocalLimit } from "../src/delivery/pacing/local-limit.ts";
import type { DeliveryResult } from "../src/delivery/result.ts";
import { defineRetryPolicy } from "../src/delivery/retry/retry-policy.ts";
import type { Listener } from "../src/delivery/tracker.ts";
import type { Notification, NotificationId } from "../src/notification/notification.ts";
import { createFakeChannel, type FakeChannel, type FakeChannelOptions } from "./fake-channel.ts";
import { aNotification } from "./notifications.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

export const START = Date.UTC(2026, 0, 1);

export type EngineBenchOptions = Partial<Omit<DeliveryOptions, "memory">> & {
  readonly memory?: Memory | PatientMemory;
};

export interface EngineBench {
  readonly clock: VirtualClock;
  readonly engine: DeliveryEngine;
  readonly events: DeliveryEvent[];
  readonly results: Map<string, DeliveryResult>;
  channel(name: string, options?: Partial<FakeChannelOptions> & LaneOptions): FakeChannel;
  send(title: string, more?: Partial<Notification> & { lanes?: string[] }): void;
}

export function engineBench({ memory = createForgetfulMemory(), ...options }: EngineBenchOptions = {}): EngineBench {
  const clock = (options.clock as VirtualClock | undefined) ?? createVirtualClock({ startAt: START });
  const events: DeliveryEvent[] = [];
  const results = new Map<string, DeliveryResult>();
  const engine = new DeliveryEngine({
    clock,
    outbox: createMemoryOutbox(),
    retry: defineRetryPolicy({ jitter: 0 }),
    breaker: defineBreakerPolicy(),
    fallback: DEFAULT_FALLBACK_POLICY,
    localLimit: defineLocalLimit({ limit: Number.POSITIVE_INFINITY }),
    queueSize: 100,
    overflow: "reject",
    batching: true,
    holdBack: () => {},
    onEvent: (event) => events.push(event),
    ...options,
    memory: "stop" in memory ? memory : patiently(memory),
  });
  const listenerOf = (title: string): Listener => ({
    settle: (result) => void results.set(title, result),
    isAwaited: () => false,
    letGo() {},
  });
  return {
    clock,
    engine,
    events,
    results,
    channel(name, { fallback, recovery, ...more } = {}) {
      const channel = createFakeChannel({ clock, label: name, ...more });
      engine.addLane(name, channel, { fallback, recovery });
      return channel;
    },
    send(title, { lanes = ["a"], ...more } = {}) {
      const notification = aNotification({ id: `ntf_${title}` as NotificationId, title, ...more });
      void engine.enqueue([{ notification, lanes, listener: listenerOf(title) }]);
    },
  };
}

/** What was sent, message by message in order. */
export const titles = (channel: FakeChannel) => channel.sent.map(({ request }) => request.notifications[0].title);
/** When each was sent, after the start. */
export const offsets = (channel: FakeChannel) => channel.sent.map(({ startedAt }) => startedAt - START);

export function limitedTo(
  spec: { limit: number; intervalMs: number },
  role: keyof LimitPlan = "bucket",
  key: string = role,
): LimitPlan {
  return { egress: null, pool: null, bucket: null, [role]: { key, spec } };
}
