/** `npm run bench [-- name …] [--quick]`: measures, prints, and writes bench/results.md. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Scenario } from "./figure.ts";
import { describeMachine, loadNow, readMachine } from "./report/machine.ts";
import { toLines } from "./report/print.ts";
import { updatePage } from "./report/results-page.ts";
import { toSection } from "./report/section.ts";
import { SCENARIOS } from "./scenarios.ts";

const RESULTS = new URL("../results.md", import.meta.url);
const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => SCENARIOS.every((scenario) => scenario.name !== name));
if (unknown.length > 0) {
  console.error(
    `There is no scenario ${unknown.join(", ")}. There are: ${SCENARIOS.map(({ name }) => name).join(", ")}.`,
  );
  process.exitCode = 1;
} else {
  const chosen = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const scenario of chosen) await measure(scenario, values.quick);
  if (values.quick) console.log("A quick run is no measurement: bench/results.md stays as it is.");
}

async function measure(scenario: Scenario, quick: boolean): Promise<void> {
  const machine = describeMachine(readMachine());
  console.log(`${scenario.name}: ${scenario.title}, on ${machine}`);
  const figures = await scenario.run({ quick, say: (line) => console.log(`  … ${line}`) });
  console.log(`${toLines(figures)}\n`);
  // Written after each scenario, so that what has been measured is kept when a later one fails.
  if (!quick) write(scenario, toSection({ scenario, figures, at: new Date().toISOString(), machine, load: loadNow() }));
}

function write({ title }: Scenario, section: string): void {
  const page = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "";
  const titles = SCENARIOS.map((scenario) => scenario.title);
  writeFileSync(RESULTS, updatePage(page, titles, new Map([[title, section]])));
}
