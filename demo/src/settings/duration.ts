/** Lengths of time as people write them on a command line and read them in a sentence. Pure. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** Understands `90` and `90s` (seconds), `2m`, `36h`, `1d`, `1.5h`; `null` for anything else and for nothing at all. */
export function parseDuration(text: string): number | null {
  const [, amount = "", unit = "s"] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? 0);
  return amount !== "" && ms > 0 ? ms : null;
}

/** `6 s`, `1.5 min`, `1 h`, `3 days`: the largest unit of which there is at least one, with one decimal at most. */
export function inWords(ms: number): string {
  if (ms >= DAY_MS) {
    const days = decimal(ms / DAY_MS);
    return `${days} ${days === "1" ? "day" : "days"}`;
  }
  if (ms >= HOUR_MS) return `${decimal(ms / HOUR_MS)} h`;
  if (ms >= MINUTE_MS) return `${decimal(ms / MINUTE_MS)} min`;
  return `${decimal(ms / SECOND_MS)} s`;
}

/** How far something has come, as a stopwatch shows it: `00:08.4`. */
export function stopwatch(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = (tenths % 600) / 10;
  return `${String(minutes).padStart(2, "0")}:${seconds.toFixed(1).padStart(4, "0")}`;
}

function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}
