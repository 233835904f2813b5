/** What an alert of the history says when it is told (A1, A2). */
import type { Severity } from "@tocsin/core";
import {
  ALERT_ACTIONS,
  deviceOfflineNotification,
  type NotificationInput,
  plantThresholdNotification,
} from "@tocsin/core/stages";
import type { AlertRecord } from "./alert.ts";

/** Of both kinds, as the library words them. */
export const ALERT_SEVERITY: Severity = "warning";

/**
 * Pure. The labels are for routing; texts are escaped by the channel. What waits is replaced by newer news of the same alert.
 *
 * @param severity for routes and for the order in a queue; words and colours stay the same
 */
export function composeAlert(record: AlertRecord, severity: Severity = ALERT_SEVERITY): NotificationInput {
  return { ...messageOf(record), severity, key: record.alertId, actions: ALERT_ACTIONS };
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
