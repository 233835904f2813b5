/** Counts readings, and remembers which device measured a value last, so that an alert can be traced to its reading. Pure but for what it keeps. */
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
  /** The newest reading of this value for this plant; `null` when there was none. */
  find(plantName: string, metric: string, value: number): Measured | null;
  readonly readings: { readonly sent: number; readonly acknowledged: number };
  /** When the first reading beyond a limit was sent, epoch milliseconds; `null` when there was none. */
  readonly firstBeyondAt: number | null;
  /** How much measured time has passed. */
  readonly measuredMs: number;
}

export function createTally(): Tally {
  const newest = new Map<string, Measured>();
  let sent = 0;
  let acknowledged = 0;
  let firstBeyondAt: number | null = null;
  const measuredMs = 0;

  return {
    passed(measuredMs: number): void;
  sent(member, point, now) 
      for (const [metric, value] of Object.entries(point.values)) {
        sent++;
        const limits = member.thresholds[metric];
        if (limits === undefined || !isBeyond(limits, value)) continue;
        firstBeyondAt ??= now;
        const { deviceId, plantName } = member;
        newest.set(keyOf(plantName, metric, value), { deviceId, metric, value, label: point.label, sentAt: now });
      },
    acknowledged(point) 
      acknowledged += Object.keys(point.values).length;,
    find: (plantName, metric, value) => newest.get(keyOf(plantName, metric, value)) ?? null,
    get readings() 
      return { sent, acknowledged };,
    get firstBeyondAt() 
      return firstBeyondAt;,
    get measuredMs() 
      return measuredMs;,
  };
}

function isBeyond({ min, max }: CastMember["thresholds"][string], value: number): boolean {
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

function keyOf(plantName: string, metric: string, value: number): string {
  return `${plantName} ${metric} ${value}`;
}
