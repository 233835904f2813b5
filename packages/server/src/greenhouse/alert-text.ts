/** What an alert says (A1, A2). */
import type { NotificationInput } from "@tocsin/core/stages";
import type { AlertRecord } from "./alert.ts";

export function composeAlert(alert: AlertRecord, now: number): NotificationInput {
  const { finding } = alert;
  if (finding.kind === "threshold") {
    const current = decimal(finding.value);
    const threshold = `${finding.direction} ${decimal(finding.limit)}`;
    return {
      type: "monitoring",
      severity: "warning",
      title: `Plant Alert: ${alert.plantName}`,
      message: `${titleCase(finding.metric)} is ${current}, threshold ${threshold}`,
      color: 15158332,
      fields: { Metric: finding.metric, Current: current, Threshold: threshold },
      footer: null,
      timestamp: alert.createdAt,
    };
  }
  return {
    type: "monitoring",
    severity: "warning",
    title: "Device Offline",
    message: `Device ${alert.deviceId} has gone offline`,
    color: 16776960,
    fields: {
      "Device ID": alert.deviceId,
      Plant: alert.plantName ?? "Unassigned",
      "Last Seen":
        finding.lastSeenAt === null ? "Never" : `${Math.floor((now - finding.lastSeenAt) / 60_000)} minutes ago`,
    },
    footer: null,
    timestamp: alert.createdAt,
  };
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function titleCase(metric: string): string {
  return metric.replaceAll("_", " ").replace(/\b\w/g, (letter) => letter.toUpperCase());
}
