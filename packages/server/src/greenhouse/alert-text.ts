/** What an alert of the history says when it is told (A1, A2). */
import type { Severity } from "@tocsin/core";
import {
  ALERT_ACTIONS,
  deviceOfflineNotification,
  deviceOnlineNotification,
  type NotificationInput,
  plantRecoveredNotification,
  plantThresholdNotification,
} from "@tocsin/core/stages";
import type { AlertRecord } from "./alert.ts";
import { type AlertLife, present } from "./alert-life.ts";

/** Of both kinds, as the library words them. */
export const ALERT_SEVERITY: Severity = "warning";

/** How it is to be told, as its plant would have it. */
export interface Manner {
  /** For routes and for the order in a queue; words and colours stay the same. */
  readonly severity: Severity;
  readonly quietHours: readonly string[];
}

/** Pure. The labels are for routing; texts are escaped by the channel. What waits is replaced by newer news of the same alert. */
export function composeAlert(record: AlertRecord, manner: Manner): NotificationInput {
  const matter = { key: record.alertId, destination: destinationOf(record) };
  return { ...messageOf(record), ...manner, ...matter, actions: ALERT_ACTIONS };
}

/** What is told when an alert is over, however it came to that. Pure. It takes the way that its beginning took. */
export function composeAlertEnd(life: AlertLife, quietHours: readonly string[]): NotificationInput {
  const { id, finding, severity, plantId, plantName, deviceId } = life;
  const { at } = present(life);
  const labels = { alert: id, ...(plantId !== null && { plant_id: plantId }) };
  const because = whyOver(life);
  const matter = { key: id, phase: "resolved", severity, quietHours, destination: destinationOf(life) } as const;
  if (finding.kind === "offline")
    return { ...deviceOnlineNotification({ deviceId, plantName, now: at, labels, because }), ...matter };
  const { metric, direction, limit } = finding;
  const about = { plantName: plantName ?? "Unassigned", metric, direction, limit, at, because };
  return { ...plantRecoveredNotification({ ...about, labels: { ...labels, device: deviceId } }), ...matter };
}

/** Its plant's own webhook goes by the plant's id; without one it is as if nothing had been said. */
function destinationOf({ plantId }: Pick<AlertRecord, "plantId">): string | undefined {
  return plantId ?? undefined;
}

/** `null` when its cause has gone. */
function whyOver(life: AlertLife): string | null {
  const { reason, by } = present(life);
  switch (reason) {
    case "resolved-by-hand":
      return by === null ? "Resolved by hand" : `Resolved by ${by}`;
    case "threshold-removed":
      return "The threshold was removed";
    case "not-measured":
      return "No device measures it any more";
    case "plant-removed":
      return "The plant was removed";
    case "device-removed":
      return "The device was removed";
    default:
      return null;
  }
}

function messageOf({ alertId, finding, plantId, plantName, deviceId, createdAt }: AlertRecord): NotificationInput {
  const labels = { alert: alertId, ...(plantId !== null && { plant_id: plantId }) };
  if (finding.kind === "offline") {
    const { lastSeenAt } = finding;
    // As of when it was found, which is what the reader wants to know, however late it arrives.
    return deviceOfflineNotification({ deviceId, plantName, lastSeenAt, now: createdAt, labels });
  }
  const { metric, value, direction, limit } = finding;
  return plantThresholdNotification({
    plantName: plantName ?? "Unassigned",
    metric,
    value,
    direction,
    limit,
    measuredAt: createdAt,
    labels: { ...labels, device: deviceId },
  });
}
