/** Makes a failing plan shorter: leaves out ever smaller parts of it as long as the same invariant still breaks. */
import type { Plan, Step } from "./plan.ts";
import { type RunReport, runPlan } from "./run.ts";
import type { Violation } from "./violation.ts";

export interface Shrunk {
  readonly plan: Plan;
  readonly report: RunReport;
  readonly runs: number;
}

/** At most this many runs are spent. */
const MAX_RUNS = 400;

/** @param report of the plan: what comes after the step that broke is left out at once */
export async function shrinkPlan(plan: Plan, report: RunReport): Promise<Shrunk> {
  const invariant = report.violations[0]?.invariant;
  let best = { plan: upTo(plan, report.endedAt), report };
  let runs = 0;
  for (
    let size = Math.ceil(best.plan.steps.length / 2);
    size >= 1 && runs < MAX_RUNS;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < best.plan.steps.length && runs < MAX_RUNS; ) {
      const shorter = { ...best.plan, steps: without(best.plan.steps, from, size) };
      runs++;
      const again = await runPlan(shorter);
      if (breaks(again, invariant)) best = { plan: upTo(shorter, again.endedAt), report: again };
      else from += size;
    }
  }
  return { ...best, runs };
}

function breaks({ violations }: RunReport, invariant: Violation["invariant"] | undefined): boolean {
  return violations.some((one) => one.invariant === invariant);
}

function upTo(plan: Plan, endedAt: number): Plan {
  return { ...plan, steps: plan.steps.filter(({ at }) => at <= endedAt) };
}

function without(steps: readonly Step[], from: number, count: number): readonly Step[] {
  return [...steps.slice(0, from), ...steps.slice(from + count)];
}
