/**
 * The plant monitor's notifier, row A3 of docs/coverage.md: programs that were written for it change an import.
 *
 * Upstream applications. Downstream a notifier, which does everything.
 */
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import type { ThresholdDirection } from "../detector/threshold.ts";
import { deviceOfflineNotification, plantThresholdNotification } from "../notification/plant.ts";
import { type Embed, embedNotification } from "./embed.ts";
import { type Sender, sent } from "./sender.ts";

/** A reading beyond one of its limits. */
export interface ThresholdViolation {
  /** As devices name it, e.g. `soil_moisture`. */
  readonly metric: string;
  readonly value: number;
  readonly direction: ThresholdDirection;
  readonly limit: number;
  /** Epoch milliseconds. @defaultValue now */
  readonly measuredAt?: number | undefined;
}

/** Each resolves to true when Discord took it and false otherwise; none throws or rejects. */
export interface PlantAlerts {
  /** One embed as it is. */
  sendMessage(embed: Embed): Promise<boolean>;
  sendThresholdAlert(violation: ThresholdViolation, plantName: string): Promise<boolean>;
  /** @param plantName `null` when the device belongs to no plant. @param lastSeen `null` when it was never heard of. */
  sendOfflineAlert(deviceId: string, plantName: string | null, lastSeen: Date | number | null): Promise<boolean>;
}

/** The plant monitor's messages over any notifier. */
export function plantAlerts(sender: Sender, clock: Clock = createSystemClock()): PlantAlerts {
  return {
    sendMessage: (embed) => sent(sender, () => embedNotification(embed)),
    sendThresholdAlert: ({ metric, value, direction, limit, measuredAt = clock.now() }, plantName) =>
      sent(sender, () => plantThresholdNotification({ plantName, metric, value, direction, limit, measuredAt })),
    sendOfflineAlert: (deviceId, plantName, lastSeen) =>
      sent(sender, () => {
        const lastSeenAt = lastSeen === null ? null : Number(lastSeen);
        return deviceOfflineNotification({ deviceId, plantName, lastSeenAt, now: clock.now() });
      }),
  };
}
