/**
 * Decides where a notification goes, and says why.
 *
 * Upstream   a complete notification.
 * Downstream delivery, which takes it to the lanes named here.
 *
 * Pure: a table in, a decision out.
 */
import type { Notification, Severity } from "../notification/notification.ts";

/** Destinations by what they are for; each value is the name of a lane. */
export interface RouteTable {
  /** The most specific: an operator who names a severity wants all of it there. */
  readonly bySeverity: ReadonlyMap<Severity, string>;
  readonly byType: ReadonlyMap<string, string>;
  /** For types without one of their own. */
  readonly byDefault: string | null;
}

export type RouteReason =
  | "severity"
  | "type"
  /** The destination for types that have none of their own. */
  | "default"
  /** No default either, but there is one for the type `general`. */
  | "general"
  | "no-destination";

export interface RouteDecision {
  readonly to: readonly string[];
  readonly because: RouteReason;
}

export function decideRoute(
  { type, severity }: Pick<Notification, "type" | "severity">,
  table: RouteTable,
): RouteDecision {
  const { bySeverity, byType, byDefault } = table;
  const ofSeverity = bySeverity.get(severity);
  if (ofSeverity !== undefined) return { to: [ofSeverity], because: "severity" };
  const ofType = byType.get(type);
  if (ofType !== undefined) return { to: [ofType], because: "type" };
  if (byDefault !== null) return { to: [byDefault], because: "default" };
  const general = byType.get("general");
  return general === undefined ? { to: [], because: "no-destination" } : { to: [general], because: "general" };
}
