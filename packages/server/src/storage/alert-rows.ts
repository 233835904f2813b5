/** An alert as a row, and back. */
import type { NotificationId, ThresholdDirection } from "@tocsin/core/stages";
import type { AlertDelivery, AlertFinding, AlertId, AlertReason, AlertRecord } from "../greenhouse/alert.ts";
import type { PlantId } from "../greenhouse/plant.ts";
import type { AlertRow } from "./tables.ts";

export function toAlertRow(alert: AlertRecord): AlertRow {
  const { finding } = alert;
  const threshold = finding.kind === "threshold" ? finding : null;
  return {
    id: alert.id,
    kind: finding.kind,
    reason: alert.reason,
    plant_id: alert.plantId,
    plant_name: alert.plantName,
    device_id: alert.deviceId,
    metric: threshold?.metric ?? null,
    direction: threshold?.direction ?? null,
    threshold: threshold?.limit ?? null,
    value: threshold?.value ?? null,
    last_seen_at: finding.kind === "offline" ? finding.lastSeenAt : null,
    created_at: alert.createdAt,
    count: alert.count,
    last_at: alert.lastAt,
    delivery: alert.delivery,
    notification_id: alert.notificationId,
    error: alert.error,
    settled_at: alert.settledAt,
  };
}

export function fromAlertRow(row: AlertRow): AlertRecord {
  return {
    id: row.id as AlertId,
    finding: findingOf(row),
    plantId: row.plant_id as PlantId | null,
    plantName: row.plant_name,
    deviceId: row.device_id,
    reason: row.reason as AlertReason,
    createdAt: row.created_at,
    count: row.count,
    lastAt: row.last_at,
    delivery: row.delivery as AlertDelivery,
    notificationId: row.notification_id as NotificationId | null,
    error: row.error,
    settledAt: row.settled_at,
  };
}

function findingOf(row: AlertRow): AlertFinding {
  if (row.kind === "offline") return { kind: "offline", lastSeenAt: row.last_seen_at };
  return {
    kind: "threshold",
    metric: row.metric ?? "",
    direction: row.direction as ThresholdDirection,
    limit: row.threshold ?? 0,
    value: row.value ?? 0,
  };
}
