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
  const candidates: readonly (readonly [string | null | undefined, RouteReason])[] = [
    [table.bySeverity.get(severity), "severity"],
    [table.byType.get(type), "type"],
    [table.byDefault, "default"],
    [table.byType.get("general"), "general"],
  ];
  for (const [lane, because] of candidates) {
    if (lane !== null && lane !== undefined) return { to: [lane], because };
  }
  return { to: [], because: "no-destination" };
}
