/**
 * Faults of the store that strike when a process opens it: some of its parts cannot be read, its first writes fail or are slow, or it
 * cannot be opened at all. They begin while nobody lives, and last from a moment to longer than a process asks again.
 */
import { type CrashStep, drawStoreFailure, type FaultStep, type Span, STORE_PARTS } from "./faults.ts";
import { pick } from "./random.ts";

type Opening = (random: () => number, span: Span) => FaultStep;

const OPENINGS: readonly Opening[] = [
  unreadable,
  unreadable,
  (random, span) => ({ ...drawStoreFailure(random, span.at), ...span }),
  (random, span) => ({ kind: "store-slow", ...span, byMs: Math.floor(random() * 3_000) }),
  (_random, span) => ({ kind: "store-unopenable", ...span }),
];

/** How often a restart meets one. */
const SHARE = 0.25;
const LONGEST_MS = 90_000;

export function drawOpenings(random: () => number, crashes: readonly CrashStep[]): FaultStep[] {
  return crashes.flatMap(({ at, downMs }) => {
    if (random() >= SHARE) return [];
    const span = { at: at + 1, until: at + downMs + 1 + Math.floor(random() ** 3 * LONGEST_MS) };
    // Troubles seldom come alone.
    const kinds = random() < 0.3 ? [pick(random, OPENINGS), pick(random, OPENINGS)] : [pick(random, OPENINGS)];
    return kinds.map((draw) => draw(random, span));
  });
}

/** One part of it, some or all. */
function unreadable(random: () => number, span: Span): FaultStep {
  const share = pick(random, [0.25, 0.5, 1]);
  const some = STORE_PARTS.filter(() => random() < share);
  return { kind: "store-unreadable", ...span, parts: some.length > 0 ? some : [pick(random, STORE_PARTS)] };
}
