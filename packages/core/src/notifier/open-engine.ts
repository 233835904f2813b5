/** The delivery engine of a notifier, with a lane for each of its destinations. */
import type { Clock } from "../clock/clock.ts";
import { DeliveryEngine } from "../delivery/engine.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { HoldBack } from "../delivery/in-place/put-off.ts";
import type { Outbox, PatientMemory } from "../delivery/outbox.ts";
import type { Destinations } from "./destinations.ts";
import type { NotifierSettings } from "./settings.ts";

export interface EngineParts {
  readonly settings: NotifierSettings;
  readonly clock: Clock;
  readonly destinations: Destinations;
  readonly outbox: Outbox;
  readonly memory: PatientMemory;
  readonly onEvent: (event: DeliveryEvent) => void;
  readonly holdBack: HoldBack;
}

export function openEngine({ settings, destinations, ...parts }: EngineParts): DeliveryEngine {
  const engine = new DeliveryEngine({ ...settings, ...parts });
  const { channels, fallbackOf, recoveryOf } = destinations;
  for (const [name, channel] of channels) {
    const recovery = recoveryOf.get(name) ?? settings.recovery;
    engine.addLane(name, channel, { fallback: fallbackOf.get(name), recovery });
  }
  return engine;
}
