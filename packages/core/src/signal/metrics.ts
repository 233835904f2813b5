/**
 * Reads what a device reported, metric by metric: which numbers are usable, and why the others are not.
 *
 * Upstream   ingest, which has parsed JSON from outside and knows nothing more about it.
 * Downstream detectors and storage, which get finite numbers under sane names and check nothing again.
 *
 * Pure. One bad metric never costs the good ones beside it.
 */

/** Longest metric name that is taken, in UTF-16 units; the names become titles and columns. */
export const MAX_METRIC_NAME_CHARS = 64;
/** Most metrics in one report; a device that sends more is not measuring, it is broken. */
export const MAX_METRICS_PER_REPORT = 64;

export interface Metric {
  readonly name: string;
  /** Always finite. */
  readonly value: number;
}

/** Why a metric, or a whole report, was not taken. */
export type MetricRefusal =
  | "not-an-object"
  | "no-metrics"
  | "too-many-metrics"
  | "name-empty"
  | "name-too-long"
  | "name-unprintable"
  | "not-a-number"
  | "not-finite";

export interface MetricsReport {
  readonly accepted: readonly Metric[];
  /** `metric` is `null` when the reason concerns the whole report; never longer than the name limit. */
  readonly refused: readonly { readonly metric: string | null; readonly reason: MetricRefusal }[];
}

/**
 * Takes the numeric metrics out of parsed JSON such as `{"soil_moisture": 10.0}`.
 *
 * Never throws. Numbers in quotes are not numbers: a device that sends `"10"` today sends `"n/a"` tomorrow.
 */
export function readMetrics(report: unknown): MetricsReport {
  if (typeof report !== "object" || report === null || Array.isArray(report)) return refusedWhole("not-an-object");
  const entries = Object.entries(report);
  if (entries.length === 0) return refusedWhole("no-metrics");
  if (entries.length > MAX_METRICS_PER_REPORT) return refusedWhole("too-many-metrics");
  const accepted: Metric[] = [];
  const refused: { metric: string; reason: MetricRefusal }[] = [];
  for (const [name, value] of entries) {
    const reason = refusalOfName(name) ?? refusalOfValue(value);
    if (reason === null) accepted.push({ name, value: value as number });
    else refused.push({ metric: name.slice(0, MAX_METRIC_NAME_CHARS), reason });
  }
  return { accepted, refused };
}

/** Why a name cannot be a metric's, or `null` when it can. */
export function refusalOfName(name: string): MetricRefusal | null {
  if (name.trim() === "") return "name-empty";
  if (name.length > MAX_METRIC_NAME_CHARS) return "name-too-long";
  // Control and format characters (line breaks, bidirectional marks) would let one name pass for another.
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return "name-unprintable";
  return null;
}

function refusalOfValue(value: unknown): MetricRefusal | null {
  if (typeof value !== "number") return "not-a-number";
  // JSON has no Infinity, but 1e999 parses to it.
  return Number.isFinite(value) ? null : "not-finite";
}

function refusedWhole(reason: MetricRefusal): MetricsReport {
  return { accepted: [], refused: [{ metric: null, reason }] };
}
