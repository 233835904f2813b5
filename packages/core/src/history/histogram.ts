/**
 * How long things took, kept in buckets that grow with the value: a few hundred counters tell percentiles over any number of
 * values, and two histograms add up to the one of both.
 *
 * Eight buckets to each doubling: a percentile is off by at most 4.5 % (half a bucket, 2^(1/16) − 1). Count, sum and
 * largest are exact. Milliseconds.
 *
 * Plain data, so that it can be stored as JSON. `add` and `merge` change their first argument.
 */
const BUCKETS_PER_DOUBLING = 8;

export interface Histogram {
  count: number;
  sumMs: number;
  maxMs: number;
  /** By number of the bucket. 0 holds all below 1 ms. */
  buckets: Record<number, number>;
}

export interface Durations {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export function emptyHistogram(): Histogram {
  return { count: 0, sumMs: 0, maxMs: 0, buckets: {} };
}

/** A clock that was set back must not make a duration negative: it counts as 0. */
export function addDuration(histogram: Histogram, durationMs: number): void {
  const value = Math.max(0, durationMs);
  const bucket = bucketOf(value);
  histogram.count++;
  histogram.sumMs += value;
  histogram.maxMs = Math.max(histogram.maxMs, value);
  histogram.buckets[bucket] = (histogram.buckets[bucket] ?? 0) + 1;
}

export function mergeHistogram(target: Histogram, source: Histogram): void {
  target.count += source.count;
  target.sumMs += source.sumMs;
  target.maxMs = Math.max(target.maxMs, source.maxMs);
  // Quicker than over entries, and statistics add up thousands of these.
  for (const bucket in source.buckets) target.buckets[bucket] = (target.buckets[bucket] ?? 0) + source.buckets[bucket]!;
}

/** `null` when there is nothing to tell of. */
export function durationsOf(histogram: Histogram): Durations | null {
  if (histogram.count === 0) return null;
  return {
    count: histogram.count,
    meanMs: histogram.sumMs / histogram.count,
    p50Ms: percentile(histogram, 0.5),
    p90Ms: percentile(histogram, 0.9),
    p95Ms: percentile(histogram, 0.95),
    p99Ms: percentile(histogram, 0.99),
    maxMs: histogram.maxMs,
  };
}

/** The value that `share` of all values do not exceed, by nearest rank. @param share more than 0, at most 1 */
export function percentile({ buckets, count, maxMs }: Histogram, share: number): number {
  const rank = Math.ceil(share * count);
  let seen = 0;
  // Keys that are whole numbers come in ascending order.
  for (const [bucket, size] of Object.entries(buckets)) {
    seen += size;
    if (seen >= rank) return Math.min(middleOf(Number(bucket)), maxMs);
  }
  return maxMs;
}

function bucketOf(value: number): number {
  return value < 1 ? 0 : 1 + Math.floor(Math.log2(value) * BUCKETS_PER_DOUBLING);
}

/** The geometric middle: as far from one edge as from the other, in proportion. */
function middleOf(bucket: number): number {
  return bucket === 0 ? 0.5 : 2 ** ((bucket - 0.5) / BUCKETS_PER_DOUBLING);
}
