/** What must hold after every run, whatever struck. Each violation says what was seen. */
import type { Settlement } from "../../src/delivery/outbox.ts";
import type { LaneName, NotifyStep } from "./plan.ts";
import type { Run } from "./run.ts";

export interface Violation {
  readonly invariant:
    | "nothing accepted is lost"
    | "delivered means arrived"
    | "order within lane and priority"
    | "no limit exceeded"
    | "repeats only where an outcome was in doubt"
    | "one message per lane and crash"
    | "everything settles"
    | "every verdict is explained"
    | "nothing is left behind";
  readonly detail: string;
}

export function checkInvariants(run: Run): readonly Violation[] {
  const facts = gather(run);
  return [lost, falseSuccess, order, limits, repeats, repeatsPerCrash, unsettled, unexplained, leftovers].flatMap(
    (check) => check(run, facts),
  );
}

interface Facts {
  readonly steps: ReadonlyMap<string, NotifyStep>;
  /** By lane and name. */
  readonly settlements: ReadonlyMap<string, Settlement>;
  readonly settledIds: ReadonlySet<string>;
}

function gather({ plan, disk }: Run): Facts {
  const steps = new Map(plan.steps.flatMap((step) => (step.kind === "notify" ? [[step.name, step] as const] : [])));
  const settlements = new Map<string, Settlement>();
  const settledIds = new Set<string>();
  for (const settlement of disk.settled.values()) {
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

function falseSuccess({ world }: Run, { settlements }: Facts): Violation[] {
  const arrived = new Set(world.arrivals.map(({ lane, name }) => `${lane}/ntf_${name}`));
  return [...settlements].flatMap(([key, { delivery, result }]) => {
    const isDigest = delivery.notification.labels?.["name"] === undefined;
    if (isDigest || result.status !== "delivered" || arrived.has(key)) return [];
    return [violation("delivered means arrived", `${key} is said to be delivered and never arrived`)];
  });
}

function order({ world, accepted }: Run, { steps }: Facts): Violation[] {
  const place = new Map(accepted.map(({ name, lane }, index) => [`${lane}/${name}`, index]));
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

function limits({ world }: Run): Violation[] {
  return world.excesses.map(({ at, lane, limit }) =>
    violation("no limit exceeded", `the limit of the ${limit} was exceeded by ${lane} at ${at}`),
  );
}

function repeats(run: Run, _: Facts): Violation[] {
  const doubts = Map.groupBy(
    run.disk.attempts.filter(({ outcome }) => outcome === "ambiguous"),
    ({ deliveryId }) => nameOf(run, deliveryId),
  );
  return repeatedArrivals(run).flatMap(({ lane, name, first, again }) => {
    const inDoubt = doubts
      .get(`${lane}/${name}`)
      ?.some(({ endedAt }) => endedAt - run.startAt >= first && endedAt - run.startAt <= again);
    const crashed = run.crashes.some((at) => at >= first - 1_000 && at <= again);
    if (inDoubt || crashed) return [];
    return [
      violation(
        "repeats only where an outcome was in doubt",
        `${name} came to ${lane} at ${first} and again at ${again}`,
      ),
    ];
  });
}

function nameOf({ disk }: Run, deliveryId: string): string {
  const delivery = disk.settled.get(deliveryId as never)?.delivery ?? disk.waiting.get(deliveryId as never);
  return `${delivery?.lane}/${delivery?.notification.labels?.["name"]}`;
}

/** A crash repeats no more than what was under way; while the store fails it may repeat more. */
function repeatsPerCrash(run: Run): Violation[] {
  const storeFailed = run.plan.steps.some(({ kind }) => kind === "store-fails");
  if (storeFailed) return [];
  const ambiguous = run.disk.attempts.some(({ outcome }) => outcome === "ambiguous");
  if (ambiguous) return [];
  return run.crashes.flatMap((crash, index) => {
    const until = run.crashes[index + 1] ?? Number.POSITIVE_INFINITY;
    const mine = repeatedArrivals(run).filter(
      ({ first, again }) => first <= crash + 200 && again > crash && again <= until,
    );
    const byLane = Map.groupBy(mine, ({ lane }) => lane);
    return [...byLane].flatMap(([lane, all]) => {
      const messages = new Set(all.map(({ firstRequest }) => firstRequest)).size;
      if (messages <= 1) return [];
      return [
        violation(
          "one message per lane and crash",
          `${messages} messages came again to ${lane} after the crash at ${crash}`,
        ),
      ];
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

function unsettled({ disk, openAtEnd }: Run): Violation[] {
  const waiting = [...disk.waiting.values()].map(({ id, lane }) =>
    violation("everything settles", `${id} still waits in ${lane}`),
  );
  return openAtEnd === 0 ? waiting : [...waiting, violation("everything settles", `${openAtEnd} deliveries are open`)];
}

function unexplained({ disk }: Run): Violation[] {
  const outcomes = Map.groupBy(disk.attempts, ({ deliveryId }) => deliveryId);
  return [...disk.settled.values()].flatMap(({ delivery, result }) => {
    const tries = outcomes.get(delivery.id) ?? [];
    const explained = result.status !== "delivered" || tries.some(({ outcome }) => outcome === "delivered");
    return explained ? [] : [violation("every verdict is explained", `${delivery.id} was delivered by no attempt`)];
  });
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
