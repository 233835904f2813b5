/** Durations and instants as people read them. Pure; a duration below 0 counts as 0. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  { name: "day", ms: DAY_MS },
  { name: "hour", ms: HOUR_MS },
  { name: "minute", ms: MINUTE_MS },
  { name: "second", ms: SECOND_MS },
] as const;

/** `45 seconds`, `23 minutes`, `2 hours 5 minutes`: whole units, from hours on two of them. */
export function durationInWords(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  if (first === -1) return "0 seconds";
  const unit = UNITS[first]!;
  const rest = first < 2 ? amount(ms % unit.ms, UNITS[first + 1]!) : null;
  return [amount(ms, unit), rest].filter((part) => part !== null).join(" ");
}

function amount(ms: number, { name, ms: unitMs }: (typeof UNITS)[number]): string | null {
  const whole = Math.floor(ms / unitMs);
  return whole === 0 ? null : `${whole} ${name}${whole === 1 ? "" : "s"}`;
}

/** `12 min`, `1 h 5 min`: the nearest unit, from hours on two of them. */
export function durationInUnits(durationMs: number): string {
  // Rounded first, as what rounds up to 60 s is a minute.
  const seconds = Math.round(Math.max(0, durationMs) / SECOND_MS);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const ms = Math.max(HOUR_MS, durationMs);
  if (ms < DAY_MS) return join(Math.floor(ms / HOUR_MS), "h", `${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`);
  return join(Math.floor(ms / DAY_MS), "d", `${Math.floor((ms % DAY_MS) / HOUR_MS)} h`);
}

function join(count: number, unit: string, rest: string): string {
  return rest.startsWith("0 ") ? `${count} ${unit}` : `${count} ${unit} ${rest}`;
}

/** `3h 12m`; below an hour `12m`, below a minute `45s`, from a day on `2d 3h`. */
export function compactDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}m`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)}h ${Math.floor((ms % HOUR_MS) / MINUTE_MS)}m`;
  return `${Math.floor(ms / DAY_MS)}d ${Math.floor((ms % DAY_MS) / HOUR_MS)}h`;
}

/** `132s` */
export function durationInSeconds(durationMs: number): string {
  return `${Math.floor(Math.max(0, durationMs) / SECOND_MS)}s`;
}

/** `2026-01-01 14:05:09 UTC` */
export function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
