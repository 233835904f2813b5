/** One scenario's results as a section of the results page. Pure. */
import type { Figure, Scenario } from "../figure.ts";

export interface Measured {
  readonly scenario: Pick<Scenario, "name" | "title" | "method">;
  readonly figures: readonly Figure[];
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  /** Load average when it ended. */
  readonly load: string;
}

/** Begins with its heading, ends with a line break. */
export function toSection({ scenario, figures, at, machine, load }: Measured): string {
  const rows = figures.map(({ what, value, target }) => {
    const met = target?.isMet ? "met" : "**missed**";
    return `| ${what} | ${value} | ${target?.text ?? ""} | ${target === null ? "" : met} |`;
  });
  return [
    `## ${scenario.title}`,
    "",
    scenario.method,
    "",
    "| figure | measured | target | |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    `\`npm run bench -- ${scenario.name}\`, ${at.slice(0, 16).replace("T", " ")} UTC, on ${machine}; load average ${load}.`,
    "",
  ].join("\n");
}
