/** When people change destinations in a simulated run. */
import { MOVES, type MoveStep } from "./destinations.ts";
import { LANES, type LaneName } from "./lanes.ts";
import { MINUTE_MS, pick } from "./random.ts";

const WAYS_BACK = ["as-before", "another-webhook", "elsewhere"] as const;
const MOST = 5;

export function drawMoves(random: () => number, durationMs: number): MoveStep[] {
  if (random() < 0.4) return [];
  const count = 1 + Math.floor(random() * MOST);
  return Array.from({ length: count }, () => drawMove(random, Math.floor(random() * durationMs))).flat();
}

/** Who is taken away comes back, sooner or later. */
export function drawMove(random: () => number, at: number, lane: LaneName = pick(random, LANES)): MoveStep[] {
  const to = pick(random, MOVES);
  const backAt = at + 1 + Math.floor(random() ** 3 * 20 * MINUTE_MS);
  const back = { kind: "move", at: backAt, lane, to: pick(random, WAYS_BACK) } as const;
  return [{ kind: "move", at, lane, to }, ...(to === "nowhere" ? [back] : [])];
}

/** Destinations that a program makes known only after the start, as one does that has them in a database. */
export function drawLate(random: () => number): readonly LaneName[] {
  const share = pick(random, [0, 0, 0.5]);
  return LANES.filter(() => random() < share);
}
