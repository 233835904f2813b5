/**
 * What happens in one simulated run, drawn from a seed: what is notified when, and which faults strike. A plan is plain data, so that
 * a failing run can be made shorter by leaving parts of it out, and replayed exactly.
 */
import type { PagingPolicy } from "../../src/delivery/paging.ts";
import { RECOVERIES, type Recovery } from "../../src/notification/recovery.ts";
import { createRandom } from "../virtual-clock.ts";
import type { MoveStep } from "./destinations.ts";
import { type CrashStep, drawCrash, drawFaults, type FaultStep, type Span } from "./faults.ts";
import { LANES, type LaneName } from "./lanes.ts";
import { drawLate, drawMoves } from "./moves.ts";
import { drawOpenings } from "./openings.ts";
import { drawQuietHours, drawSilences, type SilenceStep, withQuiet } from "./quiet.ts";
import { MINUTE_MS, pick } from "./random.ts";
import { drawSituations } from "./situations.ts";

export interface NotifyStep {
  readonly kind: "notify";
  readonly at: number;
  readonly name: string;
  readonly lanes: readonly LaneName[];
  readonly priority: number;
  readonly key: string | null;
  readonly phase: "firing" | "resolved" | null;
  /** After its creation; `null` for never. */
  readonly expiresAfterMs: number | null;
  readonly atMostOnce: boolean;
  /** Discord refuses it, whatever is left out. */
  readonly isPoison: boolean;
  /** It waits for the end of quiet hours. */
  readonly isQuiet: boolean;
}

/** Somebody pauses a destination, or all of them. */
export type PauseStep = Span & { readonly kind: "pause"; readonly lane: LaneName | null };

export type Step = NotifyStep | FaultStep | PauseStep | MoveStep | SilenceStep;

export interface Plan {
  readonly seed: number;
  readonly durationMs: number;
  /** What processes keep things in: a simple one whose commits overlap with others' writes, or the real SQLite store. */
  readonly store: "simple" | "sqlite";
  /** Notifications that one message holds. */
  readonly perMessage: number;
  /** Notifications that may wait per lane, and how many of them are held in memory. */
  readonly queueSize: number;
  readonly mostHeld: number;
  /** Destinations that processes come to know right after they have begun. */
  readonly late: readonly LaneName[];
  /** How ends are told. */
  readonly recovery: Recovery;
  /** From the start. */
  readonly quietHours: readonly Span[];
  readonly steps: readonly Step[];
}

/** Other sequences for the same seed. */
const OPENINGS_APART = 0x5eed_0001;
const MOVES_APART = 0x5eed_0002;
const QUIET_APART = 0x5eed_0003;

/** Draws a plan of `hours` of virtual time: a few hundred notifications and a handful of faults an hour. */
export function drawPlan(seed: number, hours: number): Plan {
  const random = createRandom(seed);
  const durationMs = hours * 60 * MINUTE_MS;
  const perMessage = pick(random, [1, 3, 10]);
  const notifications = drawNotifications(random, durationMs);
  const steps: Step[] = [
    ...notifications,
    ...drawFaults(random, durationMs),
    ...drawBusyCrashes(random, notifications),
  ];
  const queueSize = pick(random, [50, 1_000]);
  const mostHeld = pick(random, [6, 40, 10_000]);
  steps.push(...drawPauses(random, durationMs));
  const store = seed % 2 === 0 ? "sqlite" : "simple";
  const recovery = pick(random, RECOVERIES);
  // Drawn apart, so that all else is as it was before there were any.
  steps.push(...drawSituations(createRandom(~seed), durationMs));
  steps.push(...drawOpenings(createRandom(~seed ^ OPENINGS_APART), steps.filter(isCrash)));
  const moving = createRandom(~seed ^ MOVES_APART);
  steps.push(...drawMoves(moving, durationMs));
  const late = drawLate(moving);
  const still = createRandom(~seed ^ QUIET_APART);
  steps.push(...drawSilences(still, durationMs));
  const quietHours = drawQuietHours(still, durationMs);
  steps.sort((a, b) => a.at - b.at);
  return {
    seed,
    durationMs,
    store,
    perMessage,
    queueSize,
    mostHeld,
    late,
    recovery,
    quietHours,
    steps: withQuiet(still, steps),
  };
}

/** How much of what one run notifies has a key, and how much of that is the beginning or the end of a matter. */
interface Manner {
  readonly keyed: number;
  readonly phased: number;
}

function drawNotifications(random: () => number, durationMs: number): NotifyStep[] {
  const steps: NotifyStep[] = [];
  const perHour = 50 + random() * 250;
  const bursts = random() < 0.5;
  const manner = { keyed: pick(random, [0.1, 0.3, 0.6]), phased: pick(random, [0.3, 0.6, 0.95]) };
  let at = 0;
  while (at < durationMs) {
    const size = bursts && random() < 0.1 ? Math.floor(random() * 60) : 1;
    for (let i = 0; i < size; i++)
      steps.push(drawNotification(random, { at: Math.floor(at), name: `n${steps.length}` }, manner));
    at += -Math.log(1 - random()) * ((60 * MINUTE_MS * (size + 1)) / 2 / perHour);
  }
  return steps;
}

function drawNotification(
  random: () => number,
  own: Pick<NotifyStep, "at" | "name">,
  { keyed, phased }: Manner,
): NotifyStep {
  const key = random() < keyed ? `key-${Math.floor(random() * 5)}` : null;
  const phase = key !== null && random() < phased ? pick(random, ["firing", "resolved"] as const) : null;
  const lane = pick(random, LANES);
  return {
    kind: "notify",
    ...own,
    lanes: random() < 0.1 ? LANES : [lane],
    priority: pick(random, [0, 0, 0, 0, 0, 0, 10, 10, 10, 30]),
    key: phase === null ? key : `matter-${key}`,
    phase,
    expiresAfterMs: random() < 0.1 ? Math.floor(random() * 120_000) : null,
    atMostOnce: random() < 0.05,
    isPoison: random() < 0.03,
    isQuiet: false,
  };
}

/** Crashes that come when there is something to lose: shortly after a notification. */
function drawBusyCrashes(random: () => number, notifications: readonly NotifyStep[]): FaultStep[] {
  const count = Math.floor(random() * 6);
  return Array.from({ length: count }, () => {
    const { at } = pick(random, notifications);
    const crash = drawCrash(random, at + Math.floor(random() ** 2 * 4_000));
    // The next process dies as well, and soon.
    const again = random() < 0.4 ? [drawCrash(random, crash.at + crash.downMs + Math.floor(random() ** 3 * 200))] : [];
    return [crash, ...again];
  }).flat();
}

function drawPauses(random: () => number, durationMs: number): PauseStep[] {
  return Array.from({ length: Math.floor(random() * 4) }, () => {
    const at = Math.floor(random() * durationMs);
    return {
      kind: "pause",
      at,
      until: at + 1 + Math.floor(random() * 30 * MINUTE_MS),
      lane: pick(random, [null, ...LANES]),
    };
  });
}

function isCrash(step: Step): step is CrashStep {
  return step.kind === "crash";
}

/** How much of its lanes a process holds in memory. */
export function pagingOf({ mostHeld }: Pick<Plan, "mostHeld">): PagingPolicy {
  return { mostHeld, mostHeldInAll: mostHeld, fewestHeld: 3, pageSize: 4 };
}
