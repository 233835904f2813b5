/** What must hold after every run, whatever struck. Each violation says what was seen. */
import type { SettledRecord } from "./disk.ts";
import { LANES, type LaneName, type NotifyStep, type PauseStep } from "./plan.ts";
import type { Run } from "./run.ts";

/** Within which a request that was under way at a crash has arrived. */
const LATENCY_MS = 200;
/** Within which even a slow store has kept something. */
const KEPT_WITHIN_MS = 8_000;
/** Discord's longest. */
const WINDOW_MS = 60_000;
/** In one lane at once. */
const MOST_DIGESTS = 6;

export interface Violation {
  readonly invariant:
    | "nothing accepted is lost"
    | "delivered means arrived"
    | "order within lane and priority"
    | "no limit exceeded"
    | "what was told is obeyed"
    | "repeats only where an outcome was in doubt"
    | "at most once where asked for"
    | "one message per lane and crash"
    | "everything settles"
    | "every verdict is explained"
    | "no end without its beginning"
    | "nothing is settled that was not recorded"
    | "nothing leaves while paused"
    | "statistics count everything once"
    | "queues stay within their bounds"
    | "nothing is left behind";
  readonly detail: string;
}

export function checkInvariants(run: Run): readonly Violation[] {
  const facts = gather(run);
  return [
    lost,
    falseSuccess,
    order,
    limits,
    obedience,
    repeats,
    repeatsPerCrash,
    twice,
    unsettled,
    unexplained,
    endsAlone,
    leftovers,
    leaks,
    unrecorded,
    miscounted,
    tooLong,
  ].flatMap((check) => check(run, facts));
}

interface Facts {
  readonly steps: ReadonlyMap<string, NotifyStep>;
  /** By lane and name. */
  readonly settlements: ReadonlyMap<string, SettledRecord>;
  readonly settledIds: ReadonlySet<string>;
}

function gather({ plan, records }: Run): Facts {
  const steps = new Map(plan.steps.flatMap((step) => (step.kind === "notify" ? [[step.name, step] as const] : [])));
  const settlements = new Map<string, SettledRecord>();
  const settledIds = new Set<string>();
  for (const settlement of records.settled) {
    const { delivery } = settlement;
    settlements.set(`${delivery.lane}/${delivery.notification.id}`, settlement);
    settledIds.add(delivery.notification.id);
  }
  return { steps, settlements, settledIds };
}

function lost({ accepted }: Run, { settlements, settledIds }: Facts): Violation[] {
  return accepted.flatMap(({ name, lane }): Violation[] => {
    const settlement = settlements.get(`${lane}/ntf_${name}`);
    if (settlement === undefined) return [violation("nothing accepted is lost", `${name} to ${lane} has no verdict`)];
    const { result } = settlement;
    if (result.status === "folded" && !settledIds.has(result.into))
      return [violation("nothing accepted is lost", `${name} was folded into ${result.into}, which has no verdict`)];
    return [];
  });
}

function falseSuccess({ world }: Run, { settlements, steps }: Facts): Violation[] {
  const arrived = new Set(world.arrivals.map(({ lane, name }) => `${lane}/ntf_${name}`));
  return [...settlements].flatMap(([key, { delivery, result }]) => {
    const name = delivery.notification.labels?.["name"];
    if (name === undefined || result.status !== "delivered") return [];
    const isChanged = result.inPlace?.how === "edit" && world.messages.get(result.messageId ?? "");
    const matter = steps.get(name)?.key;
    const isTold = isChanged
      ? isChanged.some((shown) => shown.key === matter && shown.phase === "resolved")
      : arrived.has(key);
    if (isTold) return [];
    return [violation("delivered means arrived", `${key} is said to be delivered and never arrived`)];
  });
}

function order({ world, taken }: Run, { steps }: Facts): Violation[] {
  const place = new Map(taken.map(({ name, lane }, index) => [`${lane}/${name}`, index]));
  const last = new Map<string, { name: string; place: number }>();
  const seen = new Set<string>();
  return world.arrivals.flatMap(({ lane, name, at }): Violation[] => {
    const step = steps.get(name);
    const own = place.get(`${lane}/${name}`);
    // What is folded stands in the place of another; only plain ones have a place of their own.
    if (step === undefined || own === undefined || step.key !== null || seen.has(`${lane}/${name}`)) return [];
    seen.add(`${lane}/${name}`);
    const before = last.get(`${lane}/${step.priority}`);
    last.set(`${lane}/${step.priority}`, { name, place: own });
    if (before === undefined || before.place < own) return [];
    return [violation("order within lane and priority", `${name} came after ${before.name} in ${lane} at ${at}`)];
  });
}

function limits(run: Run): Violation[] {
  return run.world.excesses.flatMap(({ at, lane, limit }) =>
    // What a store that failed was never given, the next process cannot know.
    run.crashes.some((crash) => crash.owed && crash.at <= at && at < crash.at + WINDOW_MS)
      ? []
      : [violation("no limit exceeded", `the limit of the ${limit} was exceeded by ${lane} at ${at}`)],
  );
}

/** A ban and a deleted webhook are known to later processes, but for one that died before it had kept what it was told. */
function obedience({ world, crashes }: Run): Violation[] {
  return world.defiances.flatMap(({ at, lane, what, toldAt }) =>
    crashes.some((crash) => toldAt <= crash.at && crash.at < at && (crash.owed || crash.at < toldAt + KEPT_WITHIN_MS))
      ? []
      : [violation("what was told is obeyed", `${lane} sent at ${at}, told of ${what} at ${toldAt}`)],
  );
}

function repeats(run: Run): Violation[] {
  const doubts = Map.groupBy(run.world.doubts, ({ lane, name }) => `${lane}/${name}`);
  return repeatedArrivals(run).flatMap(({ lane, name, first, again }) => {
    const inDoubt = doubts.get(`${lane}/${name}`)?.some(({ at }) => at >= first && at < again);
    const crashed = run.crashes.some(({ at }) => at >= first - LATENCY_MS && at <= again);
    if (inDoubt || crashed) return [];
    return [
      violation(
        "repeats only where an outcome was in doubt",
        `${name} came to ${lane} at ${first} and again at ${again}`,
      ),
    ];
  });
}

function twice(run: Run, { steps }: Facts): Violation[] {
  return (
    repeatedArrivals(run)
      .filter(({ name }) => steps.get(name)?.atMostOnce)
      // A failing store cannot keep that it has been started.
      .filter(
        ({ first, again }) => !run.crashes.some(({ at, owed }) => owed && first - LATENCY_MS <= at && at <= again),
      )
      .map(({ lane, name, again }) =>
        violation("at most once where asked for", `${name} came to ${lane} again at ${again}`),
      )
  );
}

/** A crash repeats no more than what was under way; while the store owes something it may repeat more. */
function repeatsPerCrash(run: Run): Violation[] {
  const inDoubt = new Set(run.world.doubts.map(({ lane, name }) => `${lane}/${name}`));
  return run.crashes.flatMap(({ at: crash }, index) => {
    const until = run.crashes[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const mine = repeatedArrivals(run).filter(
      ({ lane, name, first, again }) =>
        !inDoubt.has(`${lane}/${name}`) && first <= crash + LATENCY_MS && again > crash && again <= until,
    );
    const byLane = Map.groupBy(mine, ({ lane }) => lane);
    return [...byLane].flatMap(([lane, all]) => {
      const messages = new Set(all.map(({ firstRequest }) => firstRequest)).size;
      // A process that dies right after the one before it has not told again yet what that one repeats.
      const since = Math.min(...all.map(({ first }) => first)) - LATENCY_MS;
      const before = run.crashes.filter(({ at }) => since <= at && at <= crash);
      if (messages <= before.length || before.some(({ owed }) => owed)) return [];
      const detail = `${messages} messages came again to ${lane} after the crash at ${crash}`;
      return [violation("one message per lane and crash", detail)];
    });
  });
}

function repeatedArrivals({ world }: Run) {
  const first = new Map<string, { at: number; request: number }>();
  return world.arrivals.flatMap(({ lane, name, at, request }) => {
    if (name === "digest") return [];
    const known = first.get(`${lane}/${name}`);
    if (known === undefined) {
      first.set(`${lane}/${name}`, { at, request });
      return [];
    }
    return [{ lane: lane as LaneName, name, first: known.at, again: at, firstRequest: known.request }];
  });
}

function unsettled({ records, openAtEnd }: Run): Violation[] {
  const waiting = records.waiting.map(({ id, lane }) =>
    violation("everything settles", `${id} still waits in ${lane}`),
  );
  return openAtEnd === 0 ? waiting : [...waiting, violation("everything settles", `${openAtEnd} deliveries are open`)];
}

function unexplained({ records }: Run): Violation[] {
  const outcomes = Map.groupBy(records.attempts, ({ deliveryId }) => deliveryId);
  return records.settled.flatMap(({ delivery, result }) => {
    const tries = outcomes.get(delivery.id) ?? [];
    const { id, attempts } = delivery;
    if (tries.length > attempts)
      return [violation("every verdict is explained", `${id} has ${tries.length} tries in history of ${attempts}`)];
    const explained = result.status !== "delivered" || tries.some(({ outcome }) => outcome === "delivered");
    return explained ? [] : [violation("every verdict is explained", `${id} was delivered by no attempt`)];
  });
}

function endsAlone({ world, plan }: Run, { settlements }: Facts): Violation[] {
  const begun = new Set<string>();
  // What a digest tells began with it.
  const digested = new Map<string, string[]>();
  for (const step of plan.steps) {
    if (step.kind !== "notify" || step.phase !== "firing") continue;
    for (const lane of LANES) {
      const result = settlements.get(`${lane}/ntf_${step.name}`)?.result;
      if (result?.status !== "folded") continue;
      digested.set(result.into, [...(digested.get(result.into) ?? []), `${lane}/${step.key}`]);
    }
  }
  return world.arrivals.flatMap(({ lane, id, key, phase, name, at }) => {
    if (phase === "firing") begun.add(`${lane}/${key}`);
    for (const matter of digested.get(id) ?? []) begun.add(matter);
    // The fallback tells the end of what was told where it takes over.
    const knowers = lane === "pager" ? [lane, "errors"] : [lane];
    if (phase !== "resolved" || knowers.some((knower) => begun.has(`${knower}/${key}`))) return [];
    return [
      violation("no end without its beginning", `${name} resolved ${key} in ${lane} at ${at}, which was never told`),
    ];
  });
}

/** A later order for the same takes the place of an earlier one. */
function leaks({ world, pauses, plan }: Run): Violation[] {
  const orders = plan.steps.filter((step): step is PauseStep => step.kind === "pause");
  return pauses.flatMap(({ lane, at, until }): Violation[] => {
    const replacedAt = orders.find((other) => other.lane === lane && other.at > at)?.at ?? Number.POSITIVE_INFINITY;
    const endAt = Math.min(until, replacedAt);
    const leak = world.sends.find((send) => (lane === null || send.lane === lane) && send.at > at && send.at < endAt);
    if (leak === undefined) return [];
    const what = lane ?? "everything";
    return [
      violation("nothing leaves while paused", `${what} was paused at ${at}, and ${leak.lane} sent at ${leak.at}`),
    ];
  });
}

function unrecorded({ records }: Run): Violation[] {
  return records.unrecorded.map((id) =>
    violation("nothing is settled that was not recorded", `${id} was never appended`),
  );
}

function miscounted({ records: { settled, counted } }: Run): Violation[] {
  if (counted === null) return [];
  const ends = Map.groupBy(settled, ({ result }) => result.status);
  return [...new Set([...ends.keys(), ...Object.keys(counted)] as const)].flatMap((status) => {
    const [is, says] = [ends.get(status as "delivered")?.length ?? 0, counted[status] ?? 0];
    return is === says ? [] : [violation("statistics count everything once", `${is} ${status}, counted as ${says}`)];
  });
}

/**
 * Besides what fits: what comes back from a request that failed finds its place again, however many have come meanwhile, and where all
 * that waits is critical, the first that a digest could tell waits as one too many. A digest takes nobody's place; another one begins
 * when the one that waits may have arrived, was under way, or was left to the store by an earlier process.
 */
function tooLong({ excess, plan }: Run): Violation[] {
  const found: Violation[] = [];
  const report = (more: number, what: string): void => {
    found.push(violation("queues stay within their bounds", `${more} ${what} waited in one lane than may`));
  };
  if (excess.single > plan.perMessage + 1) report(excess.single, "more");
  if (excess.digests > MOST_DIGESTS) report(excess.digests - MOST_DIGESTS, "more digests");
  return found;
}

function leftovers({ timers }: Run): Violation[] {
  const found: Violation[] = [];
  if (timers.left > 0) found.push(violation("nothing is left behind", `${timers.left} waits are pending at the end`));
  if (timers.most > 500) found.push(violation("nothing is left behind", `${timers.most} waits were pending at once`));
  return found;
}

function violation(invariant: Violation["invariant"], detail: string): Violation {
  return { invariant, detail };
}
