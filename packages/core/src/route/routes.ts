/**
 * Asks the configured routes in order where a notification goes, and notes what each of them says.
 *
 * Upstream   a complete notification, routes made of options.
 * Downstream the router, which goes on by severity and type where no route takes it.
 *
 * The first route that takes it ends the search, unless it says to go on. Pure but for the schedules, which remember what they looked up.
 */
import type { Notification } from "../notification/notification.ts";
import type { Recovery } from "../notification/recovery.ts";
import type { Deferral, RouteDecision, RouteEvaluation } from "../notification/routing.ts";
import type { CompiledMatchers, Matcher } from "./matcher.ts";
import { formatMatcher } from "./matcher-text.ts";
import type { Schedule } from "./schedule.ts";

/** What a route says about when, and about whom it is for. */
export interface RouteRule {
  readonly name: string;
  readonly matchers: CompiledMatchers;
  /** Whether the routes behind it are asked as well when it takes a notification. */
  readonly continues: boolean;
  /** How the end of a matter is told at its destinations; `null` leaves it to them. */
  readonly recovery: Recovery | null;
  /** When it is in use at all; `null` for always. */
  readonly active: Schedule | null;
  /** When it takes, and tells nobody. */
  readonly mute: Schedule | null;
  /** When what it takes waits for the end, unless it is critical. */
  readonly quiet: Schedule | null;
}

/** A rule, and the names of its destinations; one or more. */
export interface Route extends RouteRule {
  readonly to: readonly string[];
}

type RoutedBy = Pick<Notification, "type" | "severity" | "key" | "labels">;

/** Decides for one notification at one instant; `null`: no route takes it. */
export type AskRoutes = (
  notification: RoutedBy,
  at: number,
) => { readonly decision: RouteDecision | null; readonly evaluations: readonly RouteEvaluation[] };

/** Makes routes ready for many notifications: what they mostly say is said once. */
export function createRoutes(routes: readonly Route[]): AskRoutes {
  const ready = routes.map((route) => ({ route, sayings: sayingsOf(route) }));
  const recoveryAt = recoveriesOf(routes);
  return (notification, at) => {
    const evaluations: RouteEvaluation[] = [];
    const taken: RouteEvaluation[] = [];
    for (const { route, sayings } of ready) {
      const evaluation = evaluate(notification, { route, sayings, at });
      evaluations.push(evaluation);
      if (evaluation.verdict === "not-matched" || evaluation.verdict === "inactive") continue;
      taken.push(evaluation);
      if (!route.continues) break;
    }
    if (taken.length === 0) return { decision: null, evaluations };
    const decision = combine(taken, evaluations);
    const recovery = recoveryAt(taken);
    return { decision: recovery === null ? decision : { ...decision, recovery }, evaluations };
  };
}

/** By destination, how the end of a matter is to be told: as the first of the routes says that says anything. */
function recoveriesOf(
  routes: readonly Route[],
): (taken: readonly RouteEvaluation[]) => Readonly<Record<string, Recovery>> | null {
  const byRoute = new Map(
    routes.flatMap(({ name, recovery }) => (recovery === null ? [] : [[name, recovery] as const])),
  );
  if (byRoute.size === 0) return () => null;
  return (taken) => {
    const recovery: Record<string, Recovery> = {};
    for (const evaluation of taken) {
      const wanted = byRoute.get(evaluation.route);
      if (wanted === undefined || !("to" in evaluation)) continue;
      for (const destination of evaluation.to) recovery[destination] ??= wanted;
    }
    return Object.keys(recovery).length === 0 ? null : recovery;
  };
}

interface Sayings {
  readonly taken: RouteEvaluation;
  readonly notMatched: ReadonlyMap<Matcher, RouteEvaluation>;
}

function sayingsOf({ name: route, to, matchers: { matchers } }: Route): Sayings {
  const notMatched = matchers.map((matcher): [Matcher, RouteEvaluation] => [
    matcher,
    { route, verdict: "not-matched", matcher: formatMatcher(matcher) },
  ]);
  return { taken: { route, verdict: "taken", to }, notMatched: new Map(notMatched) };
}

function evaluate(
  notification: RoutedBy,
  { route, sayings, at }: { readonly route: Route; readonly sayings: Sayings; readonly at: number },
): RouteEvaluation {
  const { name, to, matchers, active, mute, quiet } = route;
  const mismatch = matchers.mismatch(notification);
  if (mismatch !== null) return sayings.notMatched.get(mismatch)!;
  const use = active?.at(at);
  if (use?.isOpen === false) return { route: name, verdict: "inactive", until: use.until };
  const muted = mute?.at(at);
  if (muted?.isOpen) return { route: name, verdict: "muted", until: muted.until };
  const rest = notification.severity === "critical" ? undefined : quiet?.at(at);
  return rest?.isOpen ? { route: name, verdict: "deferred", to, until: rest.until } : sayings.taken;
}

/** Who is told now is not told again later. */
function combine(taken: readonly RouteEvaluation[], evaluations: readonly RouteEvaluation[]): RouteDecision {
  const to = new Set<string>();
  const later = new Map<string, number>();
  for (const evaluation of taken)
    if (evaluation.verdict === "taken") for (const destination of evaluation.to) to.add(destination);
  for (const evaluation of taken) {
    if (evaluation.verdict !== "deferred") continue;
    for (const destination of evaluation.to)
      if (!to.has(destination))
        later.set(destination, Math.min(evaluation.until, later.get(destination) ?? evaluation.until));
  }
  const deferred: Deferral[] = [...later].map(([destination, until]) => ({ destination, until, by: "route" }));
  const untold = deferred.length > 0 ? "deferred" : "muted";
  return { to: [...to], deferred, because: to.size > 0 ? "routes" : untold, withheld: null, evaluations };
}
