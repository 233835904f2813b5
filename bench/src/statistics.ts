/** The few statistics that are told, and how they are written. Pure. */

/** @param share 0 to 1, e.g. 0.99 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** `0.86 (0.81 to 0.90)`: median, least and most. */
export function spread(values: readonly number[], digits: number): string {
  const show = (value: number): string => value.toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** `18,617 (17,000 to 20,001)`: median, least and most. */
export function wholeSpread(values: readonly number[]): string {
  return `${whole(median(values))} (${whole(Math.min(...values))} to ${whole(Math.max(...values))})`;
}
