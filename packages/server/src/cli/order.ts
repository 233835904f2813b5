/** For how long an order of the command line holds, who gives it, and why. Pure. */
import { UsageError } from "./usage-error.ts";

export interface OrderFlags {
  /** How long, e.g. `2h`. */
  readonly for?: string;
  /** A date with a time. */
  readonly until?: string;
  readonly by?: string;
  readonly reason?: string;
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The expiry as the API takes it. A length stays one, as the server's clock may differ from this one.
 *
 * @throws UsageError
 */
export function expiryOf(flags: OrderFlags): { readonly for_seconds?: number; readonly until?: string } {
  const { for: length, until } = flags;
  if (length !== undefined && until !== undefined) {
    throw new UsageError("--for and --until exclude each other: leave one of them out.");
  }
  if (length !== undefined) return { for_seconds: secondsOf(length) };
  if (until === undefined) return {};
  if (!INSTANT.test(until) || Number.isNaN(Date.parse(until))) {
    throw new UsageError(`--until ${until} is no time: write it like 2026-01-31T12:00:00Z.`);
  }
  return { until: new Date(until).toISOString() };
}

function secondsOf(text: string): number {
  const [, count, unit] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const seconds = Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  if (!(seconds > 0)) throw new UsageError(`--for ${text} is no length of time: write it like 90m, 2h or 7d.`);
  return seconds;
}
