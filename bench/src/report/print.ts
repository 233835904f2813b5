/** Figures as lines for a terminal. Pure. */
import type { Figure } from "../figure.ts";

export function toLines(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures
    .map(({ what, value, target }) => {
      const judged = target === null ? "" : `   ${target.text}: ${target.isMet ? "met" : "MISSED"}`;
      return `  ${what.padEnd(width)}   ${value}${judged}`;
    })
    .join("\n");
}
