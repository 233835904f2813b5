/** How long something lasted, as people say it. Pure. */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `12 min`, `1 h 5 min`: two units at most. */
export function inWords(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return join(Math.floor(ms / HOUR_MS), "h", `${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`);
  return join(Math.floor(ms / DAY_MS), "d", `${Math.floor((ms % DAY_MS) / HOUR_MS)} h`);
}

function join(count: number, unit: string, rest: string): string {
  return rest.startsWith("0 ") ? `${count} ${unit}` : `${count} ${unit} ${rest}`;
}
