/**
 * Puts together what decides about notifications before delivery: routes, silences, maintenance, inhibition, quiet hours.
 */
import { createIdSource } from "../clock/id.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { Outbox, PatientMemory } from "../delivery/outbox.ts";
import type { Notification, NotificationId } from "../notification/notification.ts";
import { createQuietTimes } from "../route/quiet-times.ts";
import { createHeld, type Held } from "../withhold/held.ts";
import { createHeldChanges, type HeldChanges } from "../withhold/held-changes.ts";
import { createInhibition, type Inhibition } from "../withhold/inhibition.ts";
import type { MaintenanceWindow } from "../withhold/maintenance.ts";
import { createSilences, type Silences } from "../withhold/silences.ts";
import type { Destinations } from "./destinations.ts";
import { createRouter, type Router } from "./router.ts";
import type { NotifierSettings } from "./settings.ts";

/** What can be changed while the notifier runs; the routes themselves are with the destinations. */
export type RoutingSettings = Pick<NotifierSettings, "timeZone" | "inhibit" | "maintenance">;

export interface Routing {
  /** Asks whatever holds now. */
  readonly router: Router;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly silences: Silences;
  readonly held: Held;
  readonly heldChanges: HeldChanges;
  readonly inhibition: Inhibition;
  /** From now on these hold, and the routes that the destinations have by now. What waits for the end of quiet hours follows. */
  change(settings: RoutingSettings): void;
}

export interface RoutingParts {
  readonly settings: NotifierSettings;
  readonly engine: DeliveryEngine;
  readonly destinations: Destinations;
  readonly outbox: Outbox;
  readonly memory: PatientMemory;
  /** Sends a notification of our own to one destination. */
  readonly post: (notification: Notification, destination: string) => void;
  readonly onEvent: (event: DeliveryEvent) => void;
}

export function createRouting(parts: RoutingParts): Routing {
  const { settings, engine, destinations } = parts;
  const { matters } = engine;
  let now: RoutingSettings = settings;
  const timeZone = (): string => now.timeZone;
  const silences = createSilences({ ...settings, memory: parts.memory });
  const held = createHeld({
    ...parts,
    ...settings,
    timeZone,
    matters,
    destinations: destinations.channels,
    nextNotificationId: createIdSource<NotificationId>("ntf", settings.clock),
  });
  const inhibition = createInhibition(settings.inhibit, parts.memory);
  const onProblem = (problem: string): void =>
    settings.logger.warn(`quiet hours of a notification are left out: ${problem}`);
  const makeRouter = (): Router => {
    const quietTimes = createQuietTimes({ ...now, onProblem });
    return createRouter({ ...now, ...destinations, silences, held, matters, inhibition, quietTimes });
  };
  let asked = makeRouter();
  const router: Router = { decide: (...one) => asked.decide(...one), destine: (...one) => asked.destine(...one) };
  const heldChanges = createHeldChanges({ ...settings, timeZone, held, router });
  return {
    ...{ silences, held, heldChanges, inhibition, router },
    get maintenance() {
      return now.maintenance;
    },
    change(next) {
      now = next;
      inhibition.setRules(next.inhibit);
      asked = makeRouter();
      heldChanges.rerouted();
    },
  };
}
