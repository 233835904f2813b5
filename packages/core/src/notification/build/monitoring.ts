/** The notification about a measured value (D2). Pure. */
import type { NotificationInput, Severity } from "../notification.ts";
import { amount } from "./amount.ts";
import { fieldsOf } from "./fields.ts";

export type MonitoringStatus = "ok" | "warning" | "critical";

export interface MonitoringReport {
  /** What was measured, e.g. `cpu_load`. */
  readonly metric: string;
  readonly value: number | string;
  /** The limit that it is compared with. */
  readonly threshold?: number | string | undefined;
  /** Decides the severity: `ok` is info. */
  readonly status: MonitoringStatus;
  /** Of value and threshold, e.g. `%` or `ms`. */
  readonly unit?: string | undefined;
  readonly fields?: NotificationInput["fields"];
}

const SEVERITY: Readonly<Record<MonitoringStatus, Severity>> = { ok: "info", warning: "warning", critical: "critical" };

/** `cpu_load is 93.5%, threshold 90%`. The metric is a label as well, for routes and searches. */
export function monitoringNotification(report: MonitoringReport): NotificationInput {
  const { metric, status, unit, fields } = report;
  const value = amount(report.value, unit);
  const threshold = report.threshold === undefined ? undefined : amount(report.threshold, unit);
  return {
    type: "monitoring",
    severity: SEVERITY[status],
    title: `${metric}: ${status}`,
    message: `${metric} is ${value}${threshold === undefined ? "" : `, threshold ${threshold}`}`,
    fields: fieldsOf({ Metric: metric, Value: value, Threshold: threshold, Status: status }, fields),
    labels: { metric },
  };
}
