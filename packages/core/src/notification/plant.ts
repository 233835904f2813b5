/**
 * The two notifications about plants in their exact shapes, rows A1 and A2 of docs/coverage.md: dashboards and people
 * that know the earlier system's messages recognise them.
 *
 * Upstream alerts on readings and heartbeats. Pure; names from outside are passed on as they are, channels escape them.
 */
import type { NotificationInput } from "./notification.ts";
import { ENDED_LABEL } from "./recovery.ts";

const RED = 15_158_332;
const YELLOW = 16_776_960;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Beyond these digits a number shows how computers store it (0.30000000000000004), not what was measured. */
const SIGNIFICANT_DIGITS = 12;

export interface PlantThreshold {
  readonly plantName: string;
  /** As devices name it, e.g. `soil_moisture`. */
  readonly metric: string;
  readonly value: number;
  /** Which limit was crossed. */
  readonly direction: "min" | "max";
  readonly limit: number;
  /** Epoch milliseconds. */
  readonly measuredAt: number;
  /** Added to the labels `plant`, `metric` and `direction`. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A plant's reading crossed a limit (A1): `Soil Moisture is 15.2, threshold min 20.0`. */
export function plantThresholdNotification(violation: PlantThreshold): NotificationInput {
  const { plantName, metric, direction, measuredAt, labels } = violation;
  const current = withDecimal(violation.value);
  const threshold = `${direction} ${withDecimal(violation.limit)}`;
  return {
    type: "monitoring",
    severity: "warning",
    title: `Plant Alert: ${plantName}`,
    message: `${titleCase(metric)} is ${current}, threshold ${threshold}`,
    color: RED,
    fields: [
      { name: "Metric", value: metric },
      { name: "Current", value: current },
      { name: "Threshold", value: threshold },
    ],
    footer: null,
    timestamp: measuredAt,
    labels: { ...labels, plant: plantName, metric, direction },
  };
}

export interface DeviceOffline {
  readonly deviceId: string;
  /** `null` when the device belongs to no plant. */
  readonly plantName: string | null;
  /** Epoch milliseconds; `null` when it was never heard of. */
  readonly lastSeenAt: number | null;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Added to the labels `device` and `plant`. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A device gave no sign of life (A2): `Device device-abc has gone offline`. */
export function deviceOfflineNotification({
  deviceId,
  plantName,
  lastSeenAt,
  now,
  labels,
}: DeviceOffline): NotificationInput {
  return {
    type: "monitoring",
    severity: "warning",
    title: "Device Offline",
    message: `Device ${deviceId} has gone offline`,
    color: YELLOW,
    fields: [
      { name: "Device ID", value: deviceId },
      { name: "Plant", value: plantName ?? "Unassigned" },
      { name: "Last Seen", value: lastSeenAt === null ? "Never" : ago(now - lastSeenAt) },
    ],
    footer: null,
    timestamp: now,
    labels: { ...labels, device: deviceId, ...(plantName === null ? {} : { plant: plantName }) },
  };
}

export interface PlantRecovered extends Omit<PlantThreshold, "value" | "measuredAt"> {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why it is over, when it is not because readings are within the limit again: one sentence. */
  readonly because?: string | null | undefined;
}

/** What a plant's alert told is over: the counterpart of {@link plantThresholdNotification}, green. A recovery is only what was measured. */
export function plantRecoveredNotification(recovered: PlantRecovered): NotificationInput {
  const { plantName, metric, direction, limit, at, because = null } = recovered;
  const labels = endLabels(recovered.labels, because);
  return {
    type: "monitoring",
    severity: "warning",
    title: `Plant ${because === null ? "Recovered" : "Alert Ended"}: ${plantName}`,
    message: because ?? `${titleCase(metric)} is back within its threshold ${direction} ${withDecimal(limit)}`,
    footer: null,
    timestamp: at,
    labels: { ...labels, plant: plantName, metric, direction },
  };
}

export interface DeviceOnline extends Omit<DeviceOffline, "lastSeenAt"> {
  /** Why it is over, when it is not because the device has been heard of again: one sentence. */
  readonly because?: string | null | undefined;
}

/** A device that was offline is back, or nobody waits for it: the counterpart of {@link deviceOfflineNotification}, green. */
export function deviceOnlineNotification({
  deviceId,
  plantName,
  now,
  because = null,
  ...given
}: DeviceOnline): NotificationInput {
  const labels = endLabels(given.labels, because);
  return {
    type: "monitoring",
    severity: "warning",
    title: because === null ? "Device Online" : "Device Alert Ended",
    message: because ?? `Device ${deviceId} is back online`,
    footer: null,
    timestamp: now,
    labels: { ...labels, device: deviceId, ...(plantName === null ? {} : { plant: plantName }) },
  };
}

function endLabels(labels: PlantRecovered["labels"], because: string | null): PlantRecovered["labels"] {
  return because === null ? labels : { ...labels, [ENDED_LABEL]: "1" };
}

/** `soil_moisture` as `Soil Moisture`. */
function titleCase(metric: string): string {
  return metric.replace(/[_\s-]+/g, " ").replace(/(?<=^| )\p{Ll}/gu, (letter) => letter.toUpperCase());
}

/** At least one decimal, as many as were measured: `15.2`, `20.0`. */
function withDecimal(value: number): string {
  const measured = Number(value.toPrecision(SIGNIFICANT_DIGITS));
  const text = String(measured);
  return Number.isInteger(measured) && !text.includes("e") ? `${text}.0` : text;
}

/** How long ago in the largest unit that fits, whole units only: `5 minutes ago`. */
function ago(elapsedMs: number): string {
  if (elapsedMs >= DAY_MS) return inWords(elapsedMs / DAY_MS, "day");
  if (elapsedMs >= HOUR_MS) return inWords(elapsedMs / HOUR_MS, "hour");
  if (elapsedMs >= MINUTE_MS) return inWords(elapsedMs / MINUTE_MS, "minute");
  if (elapsedMs >= SECOND_MS) return inWords(elapsedMs / SECOND_MS, "second");
  return "just now";
}

function inWords(amount: number, unit: string): string {
  const whole = Math.floor(amount);
  return `${whole} ${unit}${whole === 1 ? "" : "s"} ago`;
}
