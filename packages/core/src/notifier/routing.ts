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
import { createSilences, type Silences } from "../withhold/silences.ts";
import type { Destinations } from "./destinations.ts";
import { createRouter, type Router } from "./router.ts";
import type { NotifierSettings } from "./settings.ts";

export interface Routing {
  readonly router: Router;
  readonly silences: Silences;
  readonly held: Held;
  readonly heldChanges: HeldChanges;
  readonly inhibition: Inhibition;
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
  const silences = createSilences({ ...settings, memory: parts.memory });
  const held = createHeld({
    ...parts,
    ...settings,
    matters,
    destinations: destinations.channels,
    nextNotificationId: createIdSource<NotificationId>("ntf", settings.clock),
  });
  const inhibition = createInhibition(settings.inhibit, parts.memory);
  const { maintenance, timeZone, logger } = settings;
  const onProblem = (problem: string): void => logger.warn(`quiet hours of a notification are left out: ${problem}`);
  const quietTimes = createQuietTimes({ timeZone, onProblem });
  const router = createRouter({ ...destinations, silences, held, matters, inhibition, maintenance, quietTimes });
  const heldChanges = createHeldChanges({ ...settings, held, router });
  return { silences, held, heldChanges, inhibition, router };
}
