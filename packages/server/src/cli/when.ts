/** Instants as people write them on a command line. Pure. */
import { UsageError } from "./usage-error.ts";

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * `2h` is two hours ago (`s`, `m`, `h`, `d`, `w`); anything else is a date, or a date with a time, in ISO 8601: in UTC, as everything
 * that is shown, unless it says otherwise.
 *
 * @returns ISO 8601 in UTC
 * @throws UsageError
 */
export function parseWhen(flag: string, text: string, now: number): string {
  const ago = /^(\d+)([smhdw])$/.exec(text);
  const at = ago === null ? dateOf(text) : now - Number(ago[1]) * UNIT_MS[ago[2] as keyof typeof UNIT_MS];
  if (!(Math.abs(at) <= MAX_MS)) {
    throw new UsageError(
      `${flag} ${text} is no time: write how long ago, like 90m, 24h or 7d, or a date like 2026-01-31T12:00:00Z.`,
    );
  }
  return new Date(at).toISOString();
}

/** The furthest that a Date reaches. */
const MAX_MS = 8_640_000_000_000_000;

function dateOf(text: string): number {
  const [known, time, zone] =
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (known === undefined) return Number.NaN;
  return Date.parse(time === undefined || zone !== undefined ? text : `${text}Z`);
}
