/** A repeat comes only after an outcome in doubt or a crash, and a crash repeats one message of a lane at most. */
import type { Arrival } from "../discord-world.ts";
import { type Crash, type Scene, stepsOf } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

/** Within which a request that was under way at a crash has arrived. */
const LATENCY_MS = 200;

interface Repeat {
  readonly lane: string;
  readonly name: string;
  readonly first: number;
  readonly again: number;
  readonly firstRequest: number;
}

export function watchRepeats({ world, crashes, plan }: Scene): Watch {
  const steps = stepsOf(plan);
  const arrivals = newcomersTo(world.arrivals);
  const firsts = new Map<string, Arrival>();
  const repeats: Repeat[] = [];
  const doubts = doubtsIn(world);

  function repeatIn(arrival: Arrival): Repeat[] {
    const { lane, name, at } = arrival;
    const first = firsts.get(`${lane}/${name}`);
    if (name !== "digest" && first === undefined) firsts.set(`${lane}/${name}`, arrival);
    return first === undefined ? [] : [{ lane, name, first: first.at, again: at, firstRequest: first.request }];
  }

  return () => {
    doubts.learn();
    return arrivals()
      .flatMap(repeatIn)
      .flatMap((repeat) => {
        repeats.push(repeat);
        const between = crashes.filter(({ at }) => repeat.first - LATENCY_MS <= at && at <= repeat.again);
        const found: Violation[] = [];
        if (between.length === 0 && !doubts.between(repeat)) found.push(withoutNeed(repeat));
        // A failing store cannot keep that it has been started.
        if (steps.get(repeat.name)?.atMostOnce && !between.some(({ owed }) => owed)) found.push(twice(repeat));
        return [
          ...found,
          ...tooMany(
            repeat.lane,
            repeats.filter((one) => !doubts.of(one)),
            crashes,
          ),
        ];
      });
  };
}

function doubtsIn({ doubts }: Scene["world"]) {
  const fresh = newcomersTo(doubts);
  const instants = new Map<string, number[]>();
  const of = ({ lane, name }: Repeat): readonly number[] | undefined => instants.get(`${lane}/${name}`);
  return {
    of,
    learn(): void {
      for (const { lane, name, at } of fresh())
        instants.set(`${lane}/${name}`, [...(instants.get(`${lane}/${name}`) ?? []), at]);
    },
    between: (repeat: Repeat): boolean => of(repeat)?.some((at) => repeat.first <= at && at < repeat.again) ?? false,
  };
}

function withoutNeed({ name, lane, first, again }: Repeat): Violation {
  const detail = `${name} came to ${lane} at ${first} and again at ${again}`;
  return violation("repeats only where an outcome was in doubt", detail);
}

function twice({ name, lane, again }: Repeat): Violation {
  return violation("at most once where asked for", `${name} came to ${lane} again at ${again}`);
}

/** The last crash repeats no more than what was under way; while the store owes something it may repeat more. */
function tooMany(lane: string, repeats: readonly Repeat[], crashes: readonly Crash[]): Violation[] {
  const crash = crashes.at(-1);
  if (crash === undefined) return [];
  const all = repeats.filter((one) => one.lane === lane && one.first <= crash.at + LATENCY_MS && one.again > crash.at);
  const messages = new Set(all.map(({ firstRequest }) => firstRequest)).size;
  // A process that dies right after the one before it has not told again yet what that one repeats.
  const since = Math.min(...all.map(({ first }) => first)) - LATENCY_MS;
  const before = crashes.filter(({ at }) => since <= at && at <= crash.at);
  if (messages <= before.length || before.some(({ owed }) => owed)) return [];
  const detail = `${messages} messages came again to ${lane} after the crash at ${crash.at}`;
  return [violation("one message per lane and crash", detail)];
}
