/** Instants as Discord writes them, in the reader's own language and zone. */

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const longTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "2-digit", year: "numeric" });
const longDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export function timeOfDay(at: number): string {
  return time.format(at);
}

const clockTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** For columns: always 24 hours, always as wide. */
export function clockTimeOf(at: number): string {
  return clockTime.format(at);
}

export function dayOf(at: number): string {
  return longDate.format(at);
}

/** `Today at 14:05`, `Yesterday at 14:05`, `03/01/2026, 14:05`. */
export function whenSaid(at: number, now: number = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) return `Today at ${time.format(at)}`;
  if (days === 1) return `Yesterday at ${time.format(at)}`;
  return `${date.format(at)}, ${time.format(at)}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** `<t:UNIX:STYLE>`; https://docs.discord.com/developers/reference#message-formatting-timestamp-styles */
export function fromUnix(seconds: number, style: string): string {
  const at = seconds * 1000;
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return String(seconds);
  switch (style) {
    case "t":
      return time.format(at);
    case "T":
      return longTime.format(at);
    case "d":
    case "s":
    case "S":
      return style === "d" ? date.format(at) : `${date.format(at)}, ${(style === "s" ? time : longTime).format(at)}`;
    case "D":
      return longDate.format(at);
    case "F":
      return `${weekday.format(at)}, ${longDate.format(at)} ${time.format(at)}`;
    case "R":
      return ago(at - Date.now());
    default:
      return `${longDate.format(at)} ${time.format(at)}`;
  }
}

const UNITS = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

function ago(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(ms) >= length) ?? (["second", 1_000] as const);
  return relative.format(Math.round(ms / size), unit);
}
