/** Alerts and their records as rows, and back. */
import type { Severity } from "@tocsin/core";
import type { NotificationId, ThresholdDirection } from "@tocsin/core/stages";
import type { AlertDelivery, AlertFinding, AlertReason, AlertRecord, AlertRecordId } from "../greenhouse/alert.ts";
import { type AlertId, type AlertLife, present, type Transition } from "../greenhouse/alert-life.ts";
import type { PlantId } from "../greenhouse/plant.ts";
import type { AlertRecordRow, AlertRow, FindingColumns } from "./tables.ts";

export function toRecordRow(record: AlertRecord): AlertRecordRow {
  return {
    id: record.id,
    alert_id: record.alertId,
    ...findingColumns(record.finding),
    reason: record.reason,
    plant_id: record.plantId,
    plant_name: record.plantName,
    device_id: record.deviceId,
    created_at: record.createdAt,
    count: record.count,
    last_at: record.lastAt,
    delivery: record.delivery,
    notification_id: record.notificationId,
    error: record.error,
    settled_at: record.settledAt,
  };
}

export function fromRecordRow(row: AlertRecordRow): AlertRecord {
  return {
    id: row.id as AlertRecordId,
    alertId: row.alert_id as AlertId,
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

export function toAlertRow(life: AlertLife): AlertRow {
  const { phase, at: since } = present(life);
  return {
    id: life.id,
    fingerprint: life.fingerprint,
    ...findingColumns(life.finding),
    severity: life.severity,
    plant_id: life.plantId,
    plant_name: life.plantName,
    device_id: life.deviceId,
    started_at: life.startedAt,
    phase,
    since,
    transitions: JSON.stringify(life.transitions),
  };
}

export function fromAlertRow(row: AlertRow): AlertLife {
  return {
    id: row.id as AlertId,
    fingerprint: row.fingerprint,
    finding: findingOf(row),
    severity: row.severity as Severity,
    plantId: row.plant_id as PlantId | null,
    plantName: row.plant_name,
    deviceId: row.device_id,
    startedAt: row.started_at,
    transitions: JSON.parse(row.transitions) as readonly Transition[],
  };
}

function findingColumns(finding: AlertFinding): FindingColumns {
  const threshold = finding.kind === "threshold" ? finding : null;
  return {
    kind: finding.kind,
    metric: threshold?.metric ?? null,
    direction: threshold?.direction ?? null,
    threshold: threshold?.limit ?? null,
    value: threshold?.value ?? null,
    last_seen_at: finding.kind === "offline" ? finding.lastSeenAt : null,
  };
}

function findingOf(row: FindingColumns): AlertFinding {
  if (row.kind === "offline") return { kind: "offline", lastSeenAt: row.last_seen_at };
  return {
    kind: "threshold",
    metric: row.metric ?? "",
    direction: row.direction as ThresholdDirection,
    limit: row.threshold ?? 0,
    value: row.value ?? 0,
  };
}
