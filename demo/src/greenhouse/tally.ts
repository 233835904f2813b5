/** Counts readings, and remembers which device measured a value last, so that an alert can be traced to its reading. */
import type { Point } from "../series/series.ts";
import type { CastMember } from "./cast.ts";

export interface Measured {
  readonly deviceId: string;
  readonly metric: string;
  readonly value: number;
  /** When it was measured, as the series says it. */
  readonly label: string;
  /** When it was sent, epoch milliseconds. */
  readonly sentAt: number;
}

export interface Tally {
  passed(measuredMs: number): void;
  sent(member: CastMember, point: Point, now: number): void;
  acknowledged(point: Point): void;
  /** The newest reading of this value beyond a limit of this plant; `null` when there was none. */
  find(plantName: string, metric: string, value: number): Measured | null;
  /** Values, of which a report has several. */
  readonly readings: { readonly sent: number; readonly acknowledged: number };
  /** When the first reading beyond a limit was sent, epoch milliseconds; `null` when there was none. */
  readonly firstBeyondAt: number | null;
  /** How much measured time has passed. */
  readonly measuredMs: number;
}

export function createTally(): Tally {
  const newest = new Map<string, Measured>();
  const counts = { sent: 0, acknowledged: 0, measuredMs: 0 };
  let firstBeyondAt: number | null = null;

  return {
    passed(measuredMs) {
      counts.measuredMs += measuredMs;
    },
    sent({ deviceId, plantName, thresholds }, { label, values }, now) {
      for (const [metric, value] of Object.entries(values)) {
        counts.sent++;
        const limits = thresholds[metric];
        if (limits === undefined || !isBeyond(limits, value)) continue;
        firstBeyondAt ??= now;
        newest.set(keyOf(plantName, metric, value), { deviceId, metric, value, label, sentAt: now });
      }
    },
    acknowledged({ values }) {
      counts.acknowledged += Object.keys(values).length;
    },
    find: (plantName, metric, value) => newest.get(keyOf(plantName, metric, value)) ?? null,
    get readings() {
      return { sent: counts.sent, acknowledged: counts.acknowledged };
    },
    get firstBeyondAt() {
      return firstBeyondAt;
    },
    get measuredMs() {
      return counts.measuredMs;
    },
  };
}

function isBeyond({ min, max }: CastMember["thresholds"][string], value: number): boolean {
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

function keyOf(plantName: string, metric: string, value: number): string {
  return `${plantName} ${metric} ${value}`;
}
