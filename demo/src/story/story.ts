/** What happens in the demo beside the devices' readings, and when: the script, told again in each round. Pure. */
import { type Plan, STORY_MS } from "../settings/plan.ts";

export type Step =
  | "shop-opens"
  | "import-fails"
  | "device-falls-silent"
  | "payments-fail"
  | "import-recovers"
  | "logins-fail"
  | "orders-pour-in"
  | "device-returns";

/** At the usual pace. The last one ends the story. */
const SCRIPT: readonly (readonly [atMs: number, step: Step])[] = [
  [1_000, "shop-opens"],
  [6_000, "import-fails"],
  [12_000, "device-falls-silent"],
  [22_000, "payments-fail"],
  [26_000, "import-recovers"],
  [30_000, "logins-fail"],
  [38_000, "orders-pour-in"],
  [STORY_MS, "device-returns"],
];

export interface Cue {
  /** From the start of the demo. */
  readonly atMs: number;
  readonly step: Step;
}

/** All cues in order, round after round; without an end where the plan has none. */
export function* cues({ pace, roundMs, rounds }: Pick<Plan, "pace" | "roundMs" | "rounds">): Generator<Cue, void> {
  for (let round = 0; round < rounds; round++) {
    for (const [atMs, step] of SCRIPT) yield { atMs: round * roundMs + atMs * pace, step };
  }
}
