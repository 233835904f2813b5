/**
 * Puts together what decides about notifications before delivery: routes, silences, quiet hours.
 */
import { createIdSource } from "./clock/id.ts";
import type { DeliveryEngine } from "./delivery/engine.ts";
import type { DeliveryEvent } from "./delivery/events.ts";
import type { Memory, Outbox } from "./delivery/outbox.ts";
import type { Destinations } from "./destinations.ts";
import type { Notification, NotificationId } from "./notification/notification.ts";
import { createRouter, type Router } from "./router.ts";
import type { NotifierSettings } from "./settings.ts";
import { createHeld, type Held } from "./withhold/held.ts";
import { createSilences, type Silences } from "./withhold/silences.ts";

export interface Routing {
  readonly router: Router;
  readonly silences: Silences;
  readonly held: Held;
}

export interface RoutingParts {
  readonly settings: NotifierSettings;
  readonly engine: DeliveryEngine;
  readonly destinations: Destinations;
  readonly outbox: Outbox;
  readonly memory: Memory;
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
  return { silences, held, router: createRouter({ ...destinations, silences, held, matters }) };
}
