/** Makes a failing plan shorter: leaves out ever smaller parts of it as long as the same invariant still breaks. */
import type { Violation } from "./invariants.ts";
import type { Plan, Step } from "./plan.ts";
import { runPlan } from "./run.ts";

export interface Shrunk {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly runs: number;
}

/** At most this many runs are spent. */
const MOST_RUNS = 400;

export async function shrinkPlan(plan: Plan, invariant: Violation["invariant"]): Promise<Shrunk> {
  let best = plan;
  let violations: readonly Violation[] = [];
  let runs = 0;
  for (
    let size = Math.ceil(best.steps.length / 2);
    size >= 1 && runs < MOST_RUNS;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < best.steps.length && runs < MOST_RUNS; ) {
      const shorter = { ...best, steps: without(best.steps, from, size) };
      runs++;
      const broken = (await runPlan(shorter)).violations.filter((one) => one.invariant === invariant);
      if (broken.length === 0) from += size;
      else [best, violations] = [shorter, broken];
    }
  }
  return { plan: best, violations, runs };
}

function without(steps: readonly Step[], from: number, count: number): readonly Step[] {
  return [...steps.slice(0, from), ...steps.slice(from + count)];
}
