/**
 * Decides where a notification goes, and says why.
 *
 * Upstream   a complete notification.
 * Downstream delivery, which takes it to the lanes named here.
 *
 * Pure: a table in, a decision out.
 */
import type { Notification, Severity } from "../notification/notification.ts";
import type { RouteDecision, RouteReason } from "../notification/routing.ts";

/** Destinations by what they are for; each value is the name of a lane. */
export interface RouteTable {
  /** The most specific: an operator who names a severity wants all of it there. */
  readonly bySeverity: ReadonlyMap<Severity, string>;
  readonly byType: ReadonlyMap<string, string>;
  /** For types without one of their own. */
  readonly byDefault: string | null;
}

/** Where it goes by severity and type alone. */
export function decideRoute(
  { type, severity }: Pick<Notification, "type" | "severity">,
  { bySeverity, byType, byDefault }: RouteTable,
): RouteDecision {
  const ofSeverity = bySeverity.get(severity);
  if (ofSeverity !== undefined) return goesTo(ofSeverity, "severity");
  const ofType = byType.get(type);
  if (ofType !== undefined) return goesTo(ofType, "type");
  if (byDefault !== null) return goesTo(byDefault, "default");
  const general = byType.get("general");
  return general === undefined ? NOWHERE : goesTo(general, "general");
}

/** Where it goes because it says so itself. */
export function goesWhereNamed(lane: string): RouteDecision {
  return goesTo(lane, "named");
}

const NONE: readonly never[] = Object.freeze([]);
const NOWHERE: RouteDecision = {
  to: NONE,
  deferred: NONE,
  because: "no-destination",
  withheld: null,
  evaluations: NONE,
};

function goesTo(lane: string, because: RouteReason): RouteDecision {
  return { to: [lane], deferred: NONE, because, withheld: null, evaluations: NONE };
}
