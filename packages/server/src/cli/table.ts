/** Tables and times for terminals. Pure. */

const GAP = "  ";
const LONGEST_CELL_COLUMNS = 60;
/** Terminals give these two columns each. */
const WIDE =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const PLAIN = /^[\x20-\x7e]*$/;
const GRAPHEMES = new Intl.Segmenter();

/** Rows under a heading, in columns as wide as they need to be. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heading, ...rows.map((row) => row.map((cell) => cut(printable(cell))))];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => columnsOf(row[column] ?? ""))));
  const pad = (cell: string, column: number): string => cell + " ".repeat(widths[column]! - columnsOf(cell));
  const line = (row: readonly string[]): string => row.map(pad).join(GAP);
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
  if (columnsOf(text) <= LONGEST_CELL_COLUMNS) return text;
  let shown = "";
  let columns = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    columns += columnsOf(segment);
    if (columns >= LONGEST_CELL_COLUMNS) break;
    shown += segment;
  }
  return `${shown}…`;
}

function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of GRAPHEMES.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}
