/**
 * What happens in one simulated run, drawn from a seed: what is notified when, and which faults strike. A plan is plain data, so that
 * a failing run can be made shorter by leaving parts of it out, and replayed exactly.
 */
import { RECOVERIES, type Recovery } from "../../src/notification/recovery.ts";
import { createRandom } from "../virtual-clock.ts";

export const LANES = ["errors", "news", "pager"] as const;
export type LaneName = (typeof LANES)[number];

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
}

/** Between `at` and `until`. */
interface Span {
  readonly at: number;
  readonly until: number;
}

export type FaultStep =
  /** The process dies, and starts again after `downMs`. `midCommit`: what was being committed is kept although nobody was told. */
  | { readonly kind: "crash"; readonly at: number; readonly midCommit: boolean; readonly downMs: number }
  /** Nothing reaches Discord. */
  | (Span & { readonly kind: "outage" })
  /** Requests fail with this probability, before or after the message was stored. */
  | (Span & { readonly kind: "errors"; readonly probability: number; readonly stored: boolean })
  /** Every request of one webhook ends in 500 without being stored. */
  | (Span & { readonly kind: "broken-webhook"; readonly lane: LaneName })
  | { readonly kind: "delete-webhook"; readonly at: number; readonly lane: LaneName }
  | (Span & { readonly kind: "ban" })
  /** The webhooks' limit falls to this many per 2 s. */
  | (Span & { readonly kind: "lower-limit"; readonly limit: number })
  /** Headers claim that more remains than does. */
  | (Span & { readonly kind: "lying-headers" })
  /** Writes of the store fail: somebody else holds it, it cannot grow, what was written cannot be committed, or is not confirmed. */
  | (Span & { readonly kind: "store-fails"; readonly how: "busy" | "full" | "commit" | "sync" })
  /** Writes of the store take this much longer. */
  | (Span & { readonly kind: "store-slow"; readonly byMs: number });

/** Somebody pauses a destination, or all of them. */
export type PauseStep = Span & { readonly kind: "pause"; readonly lane: LaneName | null };

export type Step = NotifyStep | FaultStep | PauseStep;

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
  /** How ends are told. */
  readonly recovery: Recovery;
  readonly steps: readonly Step[];
}

const MINUTE_MS = 60_000;

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
  const mostHeld = pick(random, [6, 10_000]);
  steps.push(...drawPauses(random, durationMs));
  const store = seed % 2 === 0 ? "sqlite" : "simple";
  const recovery = pick(random, RECOVERIES);
  steps.sort((a, b) => a.at - b.at);
  return { seed, durationMs, store, perMessage, queueSize, mostHeld, recovery, steps };
}

function drawNotifications(random: () => number, durationMs: number): NotifyStep[] {
  const steps: NotifyStep[] = [];
  const perHour = 50 + random() * 250;
  const bursts = random() < 0.5;
  let at = 0;
  while (at < durationMs) {
    const size = bursts && random() < 0.1 ? Math.floor(random() * 60) : 1;
    for (let i = 0; i < size; i++) steps.push(drawNotification(random, Math.floor(at), steps.length));
    at += -Math.log(1 - random()) * ((60 * MINUTE_MS * (size + 1)) / 2 / perHour);
  }
  return steps;
}

function drawNotification(random: () => number, at: number, n: number): NotifyStep {
  const key = random() < 0.3 ? `key-${Math.floor(random() * 5)}` : null;
  const phase = key === null ? null : pick(random, [null, null, "firing", "resolved"] as const);
  const lane = pick(random, LANES);
  return {
    kind: "notify",
    at,
    name: `n${n}`,
    lanes: random() < 0.1 ? LANES : [lane],
    priority: pick(random, [0, 0, 0, 0, 0, 0, 10, 10, 10, 30]),
    key: key === null || phase === null ? key : `matter-${key}`,
    phase,
    expiresAfterMs: random() < 0.1 ? Math.floor(random() * 120_000) : null,
    atMostOnce: random() < 0.05,
    isPoison: random() < 0.03,
  };
}

function drawFaults(random: () => number, durationMs: number): FaultStep[] {
  const count = Math.floor((random() * 8 * durationMs) / (60 * MINUTE_MS)) + 1;
  return Array.from({ length: count }, () => drawFault(random, Math.floor(random() * durationMs)));
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

function drawCrash(random: () => number, at: number) {
  return { kind: "crash", at, midCommit: random() < 0.5, downMs: 2 + Math.floor(random() ** 2 * 400) } as const;
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

function drawFault(random: () => number, at: number): FaultStep {
  const span = (longestMs: number) => ({ at, until: at + Math.floor(random() * longestMs) });
  const lane = pick(random, LANES);
  const draws: readonly (() => FaultStep)[] = [
    () => drawCrash(random, at),
    () => drawCrash(random, at),
    () => ({ kind: "outage", ...span(20 * MINUTE_MS) }),
    () => ({ kind: "errors", ...span(10 * MINUTE_MS), probability: random(), stored: random() < 0.5 }),
    () => ({ kind: "broken-webhook", ...span(10 * MINUTE_MS), lane }),
    () => (random() < 0.2 ? { kind: "delete-webhook", at, lane } : { kind: "outage", ...span(30_000) }),
    () => ({ kind: "ban", ...span(40 * MINUTE_MS) }),
    () => ({ kind: "lower-limit", ...span(10 * MINUTE_MS), limit: 1 + Math.floor(random() * 4) }),
    () => ({ kind: "lying-headers", ...span(10 * MINUTE_MS) }),
    () => ({
      kind: "store-fails",
      ...span(5 * MINUTE_MS),
      how: pick(random, ["busy", "full", "commit", "sync"] as const),
    }),
    () => ({ kind: "store-slow", ...span(5 * MINUTE_MS), byMs: Math.floor(random() * 3_000) }),
  ];
  return pick(random, draws)();
}

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]!;
}
