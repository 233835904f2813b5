/** Tables and times for terminals. Pure. */

const GAP = "  ";
const LONGEST_CELL_CHARS = 60;

/** Rows under a heading, in columns as wide as they need to be. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heading, ...rows.map((row) => row.map((cell) => cut(printable(cell))))];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column]!)).join(GAP);
  return `${cells.map((row) => line(row).trimEnd()).join("\n")}\n`;
}

/** Texts come from outside: nothing in them may move the cursor, change colours or break the line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

/** `2026-01-31 12:00:00Z` */
export function time(iso: string | null): string {
  return iso === null ? "-" : `${iso.slice(0, 19).replace("T", " ")}Z`;
}

/** `850 ms`, `1.2 s`, `12 min` */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

export function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function cut(text: string): string {
  return text.length <= LONGEST_CELL_CHARS ? text : `${text.slice(0, LONGEST_CELL_CHARS - 1)}…`;
}
