/** What arrives is in order within its lane and priority, and no end comes without its beginning. */
import { quietLaneOf } from "../../../src/withhold/held.ts";
import type { Arrival } from "../discord-world.ts";
import { isUnknownAt, type Scene, stepsOf } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

/** Lanes of the outbox in which quiet hours are waited for. */
const QUIET = quietLaneOf("");
/** From what is sent to when it arrives. */
const ON_THE_WAY_MS = 200;

export function watchOrder(scene: Scene): Watch {
  const arrivals = newcomersTo(scene.world.arrivals);
  const order = inOrder(scene);
  const begun = afterTheirBeginning(scene);
  return () => {
    begun.learn();
    return arrivals().flatMap((arrival) => [...order(arrival), ...begun.check(arrival)]);
  };
}

function inOrder({ handed, plan, blindSpans, crashes }: Scene): (arrival: Arrival) => Violation[] {
  const steps = stepsOf(plan);
  const fresh = newcomersTo(handed);
  const places = new Map<string, number>();
  const last = new Map<string, { readonly name: string; readonly place: number }>();
  const seen = new Set<string>();

  return ({ lane, name, at }) => {
    for (const one of fresh()) places.set(`${one.lane}/${one.name}`, places.size);
    const step = steps.get(name);
    const own = places.get(`${lane}/${name}`);
    // What is folded stands in the place of another; only plain ones have a place of their own.
    if (step === undefined || own === undefined || step.key !== null || seen.has(`${lane}/${name}`)) return [];
    seen.add(`${lane}/${name}`);
    // What a process could not read is told by a later one. So is what went elsewhere, when the store was never given that it did.
    const isBetween = (instant: number): boolean => step.at <= instant && instant <= at;
    if (
      blindSpans.some(({ part, from }) => part !== "facts" && isBetween(from)) ||
      crashes.some((crash) => crash.owed && isBetween(crash.at))
    )
      return [];
    const before = last.get(`${lane}/${step.priority}`);
    last.set(`${lane}/${step.priority}`, { name, place: own });
    if (before === undefined || before.place < own) return [];
    return [violation("order within lane and priority", `${name} came after ${before.name} in ${lane} at ${at}`)];
  };
}

function afterTheirBeginning(scene: Scene) {
  const { ledger, plan } = scene;
  const steps = stepsOf(plan);
  const asked = newcomersTo(ledger.asked);
  const begun = new Set<string>();
  // What a digest tells began with it.
  const digested = new Map<string, string[]>();
  const arrived = new Set<string>();

  return {
    learn(): void {
      for (const { delivery, result } of asked()) {
        // A notification is known by its own id: its labels may be another's since it was folded.
        const step = steps.get(delivery.notification.id.slice("ntf_".length));
        if (result.status !== "folded" || step?.phase !== "firing") continue;
        // What is told in the summary of quiet hours waited for that in a lane of its own.
        const matter = `${delivery.lane.replace(QUIET, "")}/${step.key}`;
        digested.set(result.into, [...(digested.get(result.into) ?? []), matter]);
        // A store that fails is asked after it was told.
        if (arrived.has(result.into)) begun.add(matter);
        // A summary counts as told once it is handed to delivery.
        if (delivery.lane.startsWith(QUIET)) begun.add(matter);
      }
    },
    check({ lane, id, key, phase, name, at }: Arrival): Violation[] {
      if (phase === "firing") begun.add(`${lane}/${key}`);
      arrived.add(id);
      for (const matter of digested.get(id) ?? []) begun.add(matter);
      // The fallback tells the end of what was told where it takes over.
      const knowers = lane === "pager" ? [lane, "errors"] : [lane];
      if (phase !== "resolved" || knowers.some((knower) => begun.has(`${knower}/${key}`))) return [];
      // Who cannot read what was told rather tells an end too many.
      if (isUnknownAt(scene, "facts", at) || isUnknownAt(scene, "facts", at - ON_THE_WAY_MS)) return [];
      const detail = `${name} resolved ${key} in ${lane} at ${at}, which was never told`;
      return [violation("no end without its beginning", detail)];
    },
  };
}
