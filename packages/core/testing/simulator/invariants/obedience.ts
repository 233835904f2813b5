/** What Discord has told and what people have ordered is obeyed: limits, bans, deleted webhooks, pauses. */
import type { MoveStep } from "../destinations.ts";
import type { Defiance, Excess } from "../discord-world.ts";
import type { PauseStep } from "../plan.ts";
import type { BlindSpan, Crash, Scene } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

/** Within which even a slow store has kept something. */
const KEPT_WITHIN_MS = 8_000;
/** After its sender's death. */
const ON_ITS_WAY_MS = 1_000;
/** Discord's longest. */
const WINDOW_MS = 60_000;

export function watchObedience(scene: Scene): Watch {
  const { world } = scene;
  const excesses = newcomersTo(world.excesses);
  const defiances = newcomersTo(world.defiances);
  const leaks = leaksIn(scene);
  return () => [
    ...excesses().flatMap((excess) => exceeded(excess, scene)),
    ...defiances().flatMap((defiance) => defied(defiance, scene)),
    ...leaks(),
  ];
}

function exceeded({ at, lane, limit, isStrange }: Excess, { crashes, blindSpans, process }: Scene): Violation[] {
  // A webhook that nobody knows yet says with its first answer which channel it is of.
  if (isStrange && limit === "channel" && !process.redirected.has(lane)) return [];
  // Nor does one that could not open the store, which is as if there were none.
  if (blindSpans.some(({ isInMemory, from, until }) => isInMemory && from <= at && at < until + WINDOW_MS)) return [];
  // Of two that die within a minute, of which one could not read, what the first had under way may be known to nobody.
  const isRecent = (instant: number): boolean => instant <= at && at < instant + WINDOW_MS + ON_ITS_WAY_MS;
  if (crashes.filter((crash) => isRecent(crash.at)).length > 1 && blindSpans.some(({ from }) => isRecent(from)))
    return [];
  // What a store that failed was never given, the next process cannot know.
  if (crashes.some((crash) => crash.owed && crash.at <= at && at < crash.at + WINDOW_MS)) return [];
  return [violation("no limit exceeded", `the limit of the ${limit} was exceeded by ${lane} at ${at}`)];
}

/** Whether a process did not know then what had been remembered. */
function isBlindIn({ part, from, until }: BlindSpan, at: number): boolean {
  return part === "facts" && from <= at && at < until;
}

/** A ban and a deleted webhook are known to later processes, but for one that died before it had kept what it was told. */
function defied({ at, lane, what, toldAt }: Defiance, { crashes, blindSpans }: Scene): Violation[] {
  if (blindSpans.some((span) => toldAt <= span.from && isBlindIn(span, at))) return [];
  const isForgotten = (crash: Crash): boolean =>
    toldAt <= crash.at && crash.at < at && (crash.owed || crash.at < toldAt + KEPT_WITHIN_MS);
  if (crashes.some(isForgotten)) return [];
  return [violation("what was told is obeyed", `${lane} sent at ${at}, told of ${what} at ${toldAt}`)];
}

/** A later order for the same takes the place of an earlier one. */
function leaksIn({ world, pauses, plan, blindSpans }: Scene): Watch {
  const orders = plan.steps.filter((step): step is PauseStep => step.kind === "pause");
  const kept = newcomersTo(pauses);
  const fresh = newcomersTo(world.sends);
  const removals = plan.steps.filter((step): step is MoveStep => step.kind === "move" && step.to === "nowhere");
  // With its destination a pause is gone.
  const endOf = ({ lane, at, until }: PauseStep): number =>
    Math.min(
      until,
      ...[...orders, ...removals].filter((other) => other.lane === lane && other.at > at).map((one) => one.at),
    );

  function leaksOf(pause: PauseStep, sends: Scene["world"]["sends"]): Violation[] {
    const endAt = endOf(pause);
    const isHeld = (at: number): boolean => at > pause.at && at < endAt;
    // A process that cannot read does not know of it.
    const isUnknown = (at: number): boolean => blindSpans.some((span) => span.from > pause.at && isBlindIn(span, at));
    const leak = sends.find(
      ({ lane, at }) => (pause.lane === null || lane === pause.lane) && isHeld(at) && !isUnknown(at),
    );
    if (leak === undefined) return [];
    const detail = `${pause.lane ?? "everything"} was paused at ${pause.at}, and ${leak.lane} sent at ${leak.at}`;
    return [violation("nothing leaves while paused", detail)];
  }

  return () => {
    const sends = fresh();
    return [
      // It holds from when it was given, and counts once it is kept.
      ...kept().flatMap((pause) => leaksOf(pause, world.sends)),
      ...(sends.length === 0 ? [] : pauses.flatMap((pause) => leaksOf(pause, sends))),
    ];
  };
}
