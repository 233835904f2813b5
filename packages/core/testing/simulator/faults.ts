/**
 * The faults that strike in a simulated run. Each run has a favourite: half of its faults are of one kind, so that what takes several
 * of them to show comes up as well.
 */
import { LANES, type LaneName } from "./lanes.ts";
import { MINUTE_MS, pick } from "./random.ts";

/** Between `at` and `until`. */
export interface Span {
  readonly at: number;
  readonly until: number;
}

export interface CrashStep {
  readonly kind: "crash";
  readonly at: number;
  /** Until the next process starts. */
  readonly downMs: number;
  /**
   * What becomes of what the store was doing: it is lost; it is kept, although nobody was told; or the machine loses its power, and
   * with it all that the disk had not confirmed.
   */
  readonly how: "kill" | "mid-commit" | "power-loss";
}

export type FaultStep =
  | CrashStep
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
  | (Span & { readonly kind: "store-fails"; readonly how: (typeof STORE_FAILURES)[number] })
  /** Writes of the store take this much longer. */
  | (Span & { readonly kind: "store-slow"; readonly byMs: number })
  /** These parts of the store cannot be read. */
  | (Span & { readonly kind: "store-unreadable"; readonly parts: readonly StorePart[] })
  /** The store cannot be opened: a process that begins then does without, for as long as it lives. */
  | (Span & { readonly kind: "store-unopenable" });

/** What a process reads when it begins: what waits where, the deliveries themselves, what was sent of late, what is remembered. */
export const STORE_PARTS = ["backlog", "pages", "requests", "facts"] as const;
export type StorePart = (typeof STORE_PARTS)[number];

const STORE_FAILURES = ["busy", "full", "commit", "sync"] as const;
const CRASHES = ["kill", "mid-commit", "power-loss"] as const;

type Draw = (random: () => number, at: number) => FaultStep;

const DRAWS: readonly Draw[] = [
  drawCrash,
  drawCrash,
  (random, at) => ({ kind: "outage", ...span(random, at, 20) }),
  (random, at) => ({ kind: "errors", ...span(random, at, 10), probability: random(), stored: random() < 0.5 }),
  (random, at) => ({ kind: "broken-webhook", ...span(random, at, 10), lane: pick(random, LANES) }),
  (random, at) =>
    random() < 0.2
      ? { kind: "delete-webhook", at, lane: pick(random, LANES) }
      : { kind: "outage", ...span(random, at, 0.5) },
  (random, at) => ({ kind: "ban", ...span(random, at, 40) }),
  (random, at) => ({ kind: "lower-limit", ...span(random, at, 10), limit: 1 + Math.floor(random() * 4) }),
  (random, at) => ({ kind: "lying-headers", ...span(random, at, 10) }),
  drawStoreFailure,
  drawStoreFailure,
  (random, at) => ({ kind: "store-unreadable", ...span(random, at, 2), parts: STORE_PARTS }),
  (random, at) => ({ kind: "store-slow", ...span(random, at, 5), byMs: Math.floor(random() * 3_000) }),
];

export function drawFaults(random: () => number, durationMs: number): FaultStep[] {
  const count = Math.floor((random() * 8 * durationMs) / (60 * MINUTE_MS)) + 1;
  const favourite = pick(random, DRAWS);
  return Array.from({ length: count }, () => {
    const at = Math.floor(random() * durationMs);
    const draw = random() < 0.5 ? favourite : pick(random, DRAWS);
    // Troubles seldom come alone.
    const others = random() < 0.5 ? [pick(random, DRAWS)(random, at)] : [];
    return [draw(random, at), ...others];
  }).flat();
}

export function drawCrash(random: () => number, at: number): CrashStep {
  return { kind: "crash", at, how: pick(random, CRASHES), downMs: 2 + Math.floor(random() ** 2 * 400) };
}

/** What was written and is not confirmed is asked for again, which takes another fault at the same time to matter. */
export function drawStoreFailure(random: () => number, at: number): FaultStep {
  return { kind: "store-fails", ...span(random, at, 5), how: random() < 0.3 ? "sync" : pick(random, STORE_FAILURES) };
}

function span(random: () => number, at: number, longestMinutes: number): Span {
  return { at, until: at + Math.floor(random() * longestMinutes * MINUTE_MS) };
}
