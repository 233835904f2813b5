/**
 * Compares one number with the limits set for it.
 *
 * Upstream   signals: a metric and its value.
 * Downstream alerts, which decide whether a condition that is met has to be told.
 *
 * Pure. A value that equals a limit is within it.
 */

/** The side on which a limit lies. */
export type ThresholdDirection = "min" | "max";

/** What a metric should stay within; `null` where there is no limit. */
export interface ThresholdLimits {
  readonly min: number | null;
  readonly max: number | null;
}

/** The condition of one limit: violated or not, and why. */
export interface ThresholdFinding {
  readonly direction: ThresholdDirection;
  readonly limit: number;
  readonly met: boolean;
  readonly reason: "below-min" | "above-max" | "within";
}

/** One finding for each limit that is set, `min` first. */
export function checkThreshold({ min, max }: ThresholdLimits, value: number): readonly ThresholdFinding[] {
  const findings: ThresholdFinding[] = [];
  if (min !== null) {
    const met = value < min;
    findings.push({ direction: "min", limit: min, met, reason: met ? "below-min" : "within" });
  }
  if (max !== null) {
    const met = value > max;
    findings.push({ direction: "max", limit: max, met, reason: met ? "above-max" : "within" });
  }
  return findings;
}
