/**
 * Situations in which several things have to come together, and that chance alone would bring about too seldom. Each run meets some of
 * them.
 */
import { drawCrash, STORE_PARTS } from "./faults.ts";
import { LANES, type LaneName } from "./lanes.ts";
import { drawMove } from "./moves.ts";
import type { NotifyStep, Step } from "./plan.ts";
import { pick } from "./random.ts";

type Situation = (random: () => number, at: number) => Step[];

/** Tries fail, and the disk does not confirm what is kept of them: it is asked for again. */
const unconfirmedTries: Situation = (random, at) => [
  { kind: "errors", at, until: at + 9_000, probability: 1, stored: false },
  { kind: "store-fails", at: at + 40, until: at + 1_000 + Math.floor(random() * 6_000), how: "sync" },
  ...plainly("tried", at, { lanes: [pick(random, LANES)] }),
];

/** The disk does not confirm that a message was told, and then the power fails. */
const unconfirmedVerdict: Situation = (random, at) => [
  ...plainly("unconfirmed", at, { lanes: [pick(random, LANES)] }),
  { kind: "store-fails", at: at + 40, until: at + 5_000, how: "sync" },
  { kind: "crash", at: at + 400 + Math.floor(random() * 600), how: "power-loss", downMs: 10 },
];

/** A process begins that cannot read what there is: a pause among it. */
const blindStart: Situation = (random, at) => {
  const crash = drawCrash(random, at + 5_000);
  const unreadableUntil = at + 6_000 + Math.floor(random() * 20_000);
  return [
    { kind: "pause", at, until: at + 240_000, lane: null },
    crash,
    { kind: "store-unreadable", at: at + 4_900, until: unreadableUntil, parts: STORE_PARTS },
    ...plainly("blind", unreadableUntil + 70_000, { lanes: LANES }),
  ];
};

/** What is to be sent at most once waits for a slow store, and everything is paused meanwhile. */
const pausedWhileMarked: Situation = (random, at) => [
  { kind: "store-slow", at: at - 100, until: at + 20_000, byMs: 1_000 + Math.floor(random() * 1_000) },
  ...plainly("marked", at, { lanes: [pick(random, LANES)], atMostOnce: true, priority: 30 }),
  ...[1_500, 2_000, 2_500, 3_000, 3_500].map((after) => pauseOf(at + after, 400)),
];

/** More for every lane than is held in memory. */
const flood: Situation = (_random, at) => [
  { kind: "outage", at, until: at + 30_000 },
  ...Array.from({ length: 50 }, (_, n) => plainly("flood", at + 10 * n, { lanes: LANES })).flat(),
];

/** Several matters begin in one message, and end one after the other. */
const sharedMessage: Situation = (random, at) => {
  const lanes = [pick(random, LANES)];
  const matters = ["a", "b", "c"].map((letter) => `shared-${letter}-${at}`);
  return [
    // While it waits, they gather.
    { kind: "pause", at: at - 500, until: at + 500, lane: null },
    ...matters.flatMap((key, n) => plainly(`begun-${n}`, at, { lanes, key, phase: "firing" })),
    ...matters.flatMap((key, n) => plainly(`over-${n}`, at + (n + 1) * 20_000, { lanes, key, phase: "resolved" })),
  ];
};

/** A destination comes, goes or leads elsewhere while much waits for it, and sometimes the process dies just then. */
const moved: Situation = (random, at) => {
  const lane = pick(random, LANES);
  const told = (name: string, after: number, more: Partial<NotifyStep> = {}) =>
    plainly(name, at + after, { lanes: [lane], ...more });
  const matter = { key: `moved-${at}`, phase: "firing" } as const;
  return [
    ...told("before", -5_000, matter),
    { kind: "outage", at, until: at + 5_000 + Math.floor(random() * 30_000) },
    ...[100, 200, 300, 400, 500].flatMap((after) => told("waiting", after)),
    ...drawMove(random, at + 600 + Math.floor(random() ** 2 * 5_000), lane),
    ...(random() < 0.5 ? [drawCrash(random, at + 610 + Math.floor(random() ** 2 * 5_000))] : []),
    ...told("after", 60_000, { ...matter, phase: "resolved" }),
  ];
};

/** A webhook gives way to another one of its channel just when that has told all it may for a minute. */
const rotated: Situation = (random, at) => {
  const lane = pick(random, LANES);
  return [
    ...Array.from({ length: 45 }, (_, n) => plainly(`storm-${n}`, at, { lanes: [lane] })).flat(),
    { kind: "move", at: at + 12_000 + Math.floor(random() * 8_000), lane, to: "another-webhook" },
  ];
};

/** What is to be sent at most once waits for a slow store, and its destination leads elsewhere meanwhile. */
const movedWhileMarked: Situation = (random, at) => {
  const lane = pick(random, LANES);
  return [
    { kind: "store-slow", at: at - 100, until: at + 20_000, byMs: 1_000 + Math.floor(random() * 1_000) },
    ...plainly("marked-too", at, { lanes: [lane], atMostOnce: true, priority: 30 }),
    ...[1_500, 2_500, 3_500].map((after): Step => ({ kind: "move", at: at + after, lane, to: "another-webhook" })),
  ];
};

/** A long lane is taken away, of which most is in a store that cannot be read just then. */
const goneUnread: Situation = (random, at) => {
  const lane = pick(random, LANES);
  return [
    { kind: "outage", at, until: at + 30_000 },
    ...Array.from({ length: 30 }, (_, n) => plainly("long", at + 10 * n, { lanes: [lane] })).flat(),
    { kind: "store-unreadable", at: at + 1_000, until: at + 10_000, parts: ["pages"] },
    { kind: "move", at: at + 5_000, lane, to: "nowhere" },
    { kind: "move", at: at + 40_000, lane, to: "elsewhere" },
  ];
};

/** A process dies when a channel has told nearly all it may for a minute, and the next one cannot read that. */
const blindInStorm: Situation = (random, at) => {
  const lane = pick(random, LANES);
  const unreadable = { at: at + 13_900, until: at + 15_000 + Math.floor(random() ** 2 * 80_000) };
  return [
    ...Array.from({ length: 45 }, (_, n) => plainly(`blinding-${n}`, at, { lanes: [lane] })).flat(),
    { ...drawCrash(random, at + 14_000), downMs: 10 },
    { kind: "store-unreadable", ...unreadable, parts: random() < 0.5 ? STORE_PARTS : [pick(random, STORE_PARTS)] },
  ];
};

const SITUATIONS: readonly Situation[] = [
  unconfirmedTries,
  unconfirmedVerdict,
  blindStart,
  pausedWhileMarked,
  flood,
  sharedMessage,
  moved,
  rotated,
  movedWhileMarked,
  goneUnread,
  blindInStorm,
];

export function drawSituations(random: () => number, durationMs: number): Step[] {
  return SITUATIONS.flatMap((situation, index) =>
    random() < 0.5 ? situation(random, Math.floor(1_000 + random() * Math.max(0, durationMs - 400_000)) + index) : [],
  );
}

function pauseOf(at: number, forMs: number): Step {
  return { kind: "pause", at, until: at + forMs, lane: null };
}

function plainly(
  name: string,
  at: number,
  more: { readonly lanes: readonly LaneName[] } & Partial<NotifyStep>,
): NotifyStep[] {
  const plain = { priority: 0, key: null, phase: null, expiresAfterMs: null, atMostOnce: false };
  const never = { isPoison: false, isQuiet: false };
  return [{ kind: "notify", at, name: `${name}-${at}`, ...plain, ...never, ...more }];
}
