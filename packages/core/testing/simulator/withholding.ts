/**
 * What keeps notifications back before delivery, in a simulated process: the library's own router, silences and quiet hours, on the same
 * store as the engine.
 *
 * The rest of a notifier (its options, pools of connections, health) is left out: it decides nothing here, and would cost more than all
 * that is simulated.
 */
import type { Clock } from "../../src/clock/clock.ts";
import { createIdSource } from "../../src/clock/id.ts";
import type { DeliveryEngine } from "../../src/delivery/engine.ts";
import type { LaneBacklog } from "../../src/delivery/outbox.ts";
import type { SteadfastStore } from "../../src/delivery/steadfast-store.ts";
import type { Notification, NotificationId } from "../../src/notification/notification.ts";
import type { RouteDecision } from "../../src/notification/routing.ts";
import { createRouter } from "../../src/notifier/router.ts";
import { createQuietTimes } from "../../src/route/quiet-times.ts";
import { createHeld, type Held, quietLaneOf } from "../../src/withhold/held.ts";
import { createHeldChanges } from "../../src/withhold/held-changes.ts";
import { NO_INHIBITION } from "../../src/withhold/inhibition.ts";
import { createSilences } from "../../src/withhold/silences.ts";
import type { SilenceStep } from "./quiet.ts";

const timeZone = (): string => "UTC";

export interface Withholding {
  readonly held: Held;
  decide(notification: Notification): RouteDecision;
  /** Resolves to whether the store has it. */
  silence(step: SilenceStep, untilAt: number): Promise<boolean>;
  /** Takes up what an earlier process held, as far as its destination is there. */
  restore(found: LaneBacklog): void;
  /** A destination that was not there has come. */
  added(destination: string): void;
  removed(destination: string, successor: string | null): void;
}

export interface WithholdingParts extends SteadfastStore {
  readonly clock: Clock;
  readonly engine: Pick<DeliveryEngine, "matters" | "changes">;
  /** Those that are there now. */
  readonly destinations: Map<string, string>;
  /** Sends something of our own to one destination. */
  readonly post: (notification: Notification, destination: string) => void;
}

export function createWithholding({ engine, destinations, ...parts }: WithholdingParts): Withholding {
  const { clock, memory } = parts;
  const { matters } = engine;
  let warnings = 0;
  const silences = createSilences({ clock, memory, logger: { warn: () => void warnings++ } });
  const nextNotificationId = createIdSource<NotificationId>("ntf", clock);
  const common = { ...parts, timeZone, destinations, matters, onEvent: () => {} };
  const held = createHeld({ ...common, nextNotificationId });
  const table = { bySeverity: new Map(), byType: new Map(), byDefault: null };
  const router = createRouter({
    named: destinations,
    table,
    routes: [],
    maintenance: [],
    silences,
    held,
    matters,
    inhibition: NO_INHIBITION,
    quietTimes: createQuietTimes({ timeZone: timeZone() }),
  });
  const changes = createHeldChanges({ clock, timeZone, held, router });
  const missed = new Set<string>();

  return {
    held,
    decide: (notification) => router.decide(notification, clock.now()),
    async silence({ about }, untilAt) {
      const before = warnings;
      await silences.add({ matchers: `about=${about}`, untilAt });
      return warnings === before;
    },
    restore({ lane }) {
      if (!held.restore(lane)) missed.add(lane);
    },
    added(destination) {
      const lane = quietLaneOf(destination);
      if (missed.delete(lane)) engine.changes.offer(lane);
      changes.added(destination);
    },
    removed: changes.removed,
  };
}
