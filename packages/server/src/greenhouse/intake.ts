/**
 * Takes what devices report, whichever way it came: checks it, notes the sign of life, hands readings to the journal and to
 * alerting. Every refusal has a reason, is counted, and costs nobody else anything.
 *
 * What is refused still is a sign of life: the device is there, its fault shows elsewhere.
 *
 * Upstream   ingest (MQTT and HTTP), which has established which device is speaking.
 * Downstream journal and alerting.
 */
import { isUtf8 } from "node:buffer";
import { type Clock, type Metric, type MetricRefusal, type MetricsReport, readMetrics } from "@tocsin/core/stages";
import type { Alerting } from "./alerting.ts";
import type { Journal } from "./journal.ts";
import type { Series } from "./reading.ts";
import { type LiveDevice, type Register, seriesFor } from "./register.ts";
import { fullBucket, type RateLimit, type TokenBucket, takeToken } from "./token-bucket.ts";

export type Transport = "mqtt" | "http";

export interface Report {
  readonly deviceId: string;
  readonly kind: "telemetry" | "heartbeat";
  /** Bytes as they came, or JSON that has been parsed already. */
  readonly payload: Uint8Array | { readonly json: unknown };
}

/** Why a metric was not taken. */
export type MetricFault = MetricRefusal | "too-many-series";

/** Why a report was refused as a whole; a metric's fault, when no metric was left. */
export type ReportFault =
  | "unknown-device"
  | "too-frequent"
  | "too-large"
  | "invalid-utf8"
  | "malformed-json"
  | MetricFault;

/** Everything that the counters count. */
export type Refusal = ReportFault | "not-authorised";

export interface RefusedMetric {
  /** `null` when the reason concerns the whole report. */
  readonly metric: string | null;
  readonly reason: MetricFault;
}

export type Verdict =
  | { readonly accepted: true; readonly metrics: readonly Metric[]; readonly refused: readonly RefusedMetric[] }
  | { readonly accepted: false; readonly reason: ReportFault; readonly refused: readonly RefusedMetric[] };

export interface IntakeOptions {
  readonly clock: Clock;
  readonly register: Register;
  readonly journal: Journal;
  readonly alerting: Alerting;
  readonly rateLimit: RateLimit;
}

export interface Intake {
  /** Never throws. What was accepted is durable when `journal.committed()` resolves. */
  take(report: Report): Verdict;
}

/** A report of 64 metrics with the longest names is about 8 KiB. */
export const MAX_REPORT_BYTES = 64 * 1_024;
/** Different metrics one device may ever report for one plant; a device that invents names must not fill the database. */
export const MAX_SERIES_PER_DEVICE = 256;

export function createIntake({ clock, register, journal, alerting, rateLimit }: IntakeOptions): Intake {
  const buckets = new WeakMap<LiveDevice, TokenBucket>();

  function withinRate(device: LiveDevice, now: number): boolean {
    let bucket = buckets.get(device);
    if (bucket === undefined) {
      bucket = fullBucket(rateLimit, now);
      buckets.set(device, bucket);
    }
    return takeToken(bucket, rateLimit, now);
  }

  function markSeen(device: LiveDevice, now: number): void {
    device.lastSeenAt = now;
    journal.seen(device.id, now);
    alerting.alive(device, now);
  }

  function store(device: LiveDevice, { accepted, refused: unusable }: MetricsReport, now: number): Verdict {
    const allSeries = seriesFor(device, device.plant?.id ?? null);
    const metrics: Metric[] = [];
    const refused: RefusedMetric[] = [...unusable];
    for (const metric of accepted) {
      const series = allSeries.get(metric.name) ?? newSeries(device, metric.name, allSeries);
      if (series === null) {
        refused.push({ metric: metric.name, reason: "too-many-series" });
        continue;
      }
      journal.reading({ series, at: now, value: metric.value });
      alerting.reading(device, metric, now);
      metrics.push(metric);
    }
    const [first] = refused;
    if (metrics.length === 0 && first !== undefined) return { accepted: false, reason: first.reason, refused };
    return { accepted: true, metrics, refused };
  }

  return {
    take({ deviceId, kind, payload }) {
      const device = register.devices.get(deviceId);
      if (device === undefined) return refusal("unknown-device");
      const now = Math.floor(clock.now());
      markSeen(device, now);
      if (!withinRate(device, now)) return refusal("too-frequent");
      if (payload instanceof Uint8Array && payload.length > MAX_REPORT_BYTES) return refusal("too-large");
      if (kind === "heartbeat") return { accepted: true, metrics: [], refused: [] };
      const parsed = parse(payload);
      if ("reason" in parsed) return refusal(parsed.reason);
      return store(device, readMetrics(parsed.json), now);
    },
  };
}

function newSeries(device: LiveDevice, metric: string, all: Map<string, Series>): Series | null {
  if (all.size >= MAX_SERIES_PER_DEVICE) return null;
  const series: Series = { id: null, deviceId: device.id, plantId: device.plant?.id ?? null, metric };
  all.set(metric, series);
  return series;
}

function parse(payload: Report["payload"]): { readonly json: unknown } | { readonly reason: ReportFault } {
  if (!(payload instanceof Uint8Array)) return payload;
  if (!isUtf8(payload)) return { reason: "invalid-utf8" };
  try {
    return { json: JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()) };
  } catch {
    return { reason: "malformed-json" };
  }
}

function refusal(reason: ReportFault): Verdict {
  return { accepted: false, reason, refused: [] };
}
