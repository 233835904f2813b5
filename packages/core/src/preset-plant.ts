/**
 * `@tocsin/core/preset/plant`: the plant monitor's notifier, over a notifier of yours or one of its own.
 *
 * @module
 */
import type { Notifier } from "./notifier/api.ts";
import type { NotifierOptions } from "./notifier/options.ts";
import { createNotifier } from "./notifier.ts";
import { type PlantAlerts, plantAlerts } from "./preset/plant.ts";

export type { Embed } from "./preset/embed.ts";
export type { PlantAlerts, ThresholdViolation } from "./preset/plant.ts";

export interface PlantNotifier extends PlantAlerts {
  /** For everything else: `close()` at the end, limits, health. */
  readonly notifier: Notifier;
}

/**
 * @param from a notifier, or options for one of its own.
 * @throws {@link ConfigError} when an option is out of its range.
 *
 * @example
 * const discord = createPlantNotifier();
 * await discord.sendThresholdAlert({ metric: "soil_moisture", value: 15.2, direction: "min", limit: 20 }, "Monstera");
 */
export function createPlantNotifier(from: Notifier | NotifierOptions = {}): PlantNotifier {
  const notifier = "notify" in from ? from : createNotifier(from);
  return { ...plantAlerts(notifier), notifier };
}
