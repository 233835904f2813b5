/**
 * Where a notification was to go, and why: what the routing stage answers, kept with the notification so that history can tell it.
 *
 * Upstream nothing: declarations only. Made by route/ and withhold/.
 */

import type { Recovery } from "./recovery.ts";

/** Why it goes where it goes, or why it does not go. */
export type RouteReason =
  /** The notification names its destination. */
  | "named"
  /** The configured routes that say `taken`. */
  | "routes"
  /** The end of a matter goes where its beginning went. */
  | "beginning"
  | "severity"
  | "type"
  /** The destination for types that have none of their own. */
  | "default"
  /** No default either, but there is one for the type `general`. */
  | "general"
  /** Wherever it would go, it waits for the end of quiet hours. */
  | "deferred"
  /** Every route that takes it is muted at this time. */
  | "muted"
  | "silenced"
  | "maintenance"
  | "inhibited"
  | "no-destination";

/** What one route said, in their order. Those behind the last one that took it were not asked. */
export type RouteEvaluation = { readonly route: string } & (
  | { readonly verdict: "taken"; readonly to: readonly string[] }
  /** Quiet hours: told in one summary when they end. */
  | { readonly verdict: "deferred"; readonly to: readonly string[]; readonly until: number }
  /** It matches, and is told nowhere by this route before `until`. */
  | { readonly verdict: "muted"; readonly until: number }
  /** It is for other times; open again at `until` at the earliest. */
  | { readonly verdict: "inactive"; readonly until: number }
  /** @property matcher the first one that does not hold, as text */
  | { readonly verdict: "not-matched"; readonly matcher: string }
);

/** What keeps it back, before any route is asked. */
export type Withheld =
  | {
      readonly by: "silence";
      readonly id: string;
      readonly until: number;
      readonly who: string | null;
      readonly comment: string | null;
    }
  | { readonly by: "maintenance"; readonly name: string; readonly until: number }
  /** @property source key of the alert that it is folded under */
  | { readonly by: "inhibition"; readonly source: string };

/** At one destination, at a later time. */
export interface Deferral {
  readonly destination: string;
  /** Epoch milliseconds. */
  readonly until: number;
  /** Whose quiet hours it waits for: its route's, or its own; or it is an end whose beginning waits there. */
  readonly by: "route" | "notification" | "beginning";
}

export interface RouteDecision {
  /** Names of the destinations that are told now. */
  readonly to: readonly string[];
  readonly deferred: readonly Deferral[];
  readonly because: RouteReason;
  readonly withheld: Withheld | null;
  /** Of `to`: where the message of its beginning is changed at once, which notifies nobody; whatever would, waits until then. */
  readonly quietly?: readonly Deferral[];
  /** By destination, how the end of a matter is told there, where the route says so. */
  readonly recovery?: Readonly<Record<string, Recovery>>;
  readonly evaluations: readonly RouteEvaluation[];
}
