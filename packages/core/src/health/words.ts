/** Times as people say them. Pure. */
const SECOND_MS = 1_000;
const UNITS = [
  { name: "day", ms: 86_400_000 },
  { name: "hour", ms: 3_600_000 },
  { name: "minute", ms: 60_000 },
  { name: "second", ms: SECOND_MS },
] as const;

/** `45 seconds`, `23 minutes`, `2 hours 5 minutes`: whole units, from hours on two of them. */
export function inWords(durationMs: number): string {
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

/** `132s` */
export function inSeconds(durationMs: number): string {
  return `${Math.floor(Math.max(0, durationMs) / SECOND_MS)}s`;
}

/** `2026-01-01 14:05:09 UTC` */
export function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
