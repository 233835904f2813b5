/**
 * Decides about each notification: where it goes, when, and what keeps it back. One answer for sending and for explaining.
 *
 * Upstream   the reception, with a complete notification.
 * Downstream delivery, for what goes now; history, for what does not.
 */

import type { Matters } from "../delivery/matters.ts";
import type { Notification } from "../notification/notification.ts";
import type { Deferral, RouteDecision, RouteReason, Withheld } from "../notification/routing.ts";
import type { QuietTimes } from "../route/quiet-times.ts";
import { decideRoute, goesWhereNamed, type RouteTable } from "../route/route.ts";
import { createRoutes, type Route } from "../route/routes.ts";
import type { Held } from "../withhold/held.ts";
import { type Inhibition, NO_INHIBITION } from "../withhold/inhibition.ts";
import { findMaintenance, type MaintenanceWindow } from "../withhold/maintenance.ts";
import type { Silences } from "../withhold/silences.ts";

export interface Router {
  /** What holds at `at` (epoch milliseconds). Changes nothing. */
  decide(notification: Notification, at: number): RouteDecision;
  /** The same as if nothing kept it back: where it goes, now or later. */
  destine(notification: Notification, at: number): RouteDecision;
}

export interface RouterParts {
  /** The lanes that names of destinations lead to; those of today, because they may come and go. */
  readonly named: ReadonlyMap<string, string>;
  readonly table: RouteTable;
  readonly routes: readonly Route[];
  readonly silences: Pick<Silences, "find">;
  readonly held: Pick<Held, "beginningsOf">;
  readonly matters: Pick<Matters, "lanesOf" | "tellingOf">;
  readonly inhibition: Pick<Inhibition, "find">;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly quietTimes: QuietTimes;
}

/** For whoever does not know what is under way: the end of a matter is then explained as if nothing was known of its beginning. */
export const NO_MATTERS: Pick<RouterParts, "held" | "matters" | "inhibition"> = {
  inhibition: NO_INHIBITION,
  held: { beginningsOf: () => [] },
  matters: { lanesOf: () => [], tellingOf: () => "new" },
};

export function createRouter(parts: RouterParts): Router {
  const { named, table, routes, silences, held, matters, inhibition, maintenance, quietTimes } = parts;
  const ask = routes.length === 0 ? null : createRoutes(routes);

  function route(notification: Notification, at: number): RouteDecision {
    const lane = notification.destination === null ? undefined : named.get(notification.destination);
    if (lane !== undefined) return goesWhereNamed(lane);
    if (ask === null) return decideRoute(notification, table);
    const { decision, evaluations } = ask(notification, at);
    return decision ?? { ...decideRoute(notification, table), evaluations };
  }

  /** Where it would go if nothing kept it back, and when. */
  function destine(notification: Notification, at: number): RouteDecision {
    const routed = route(notification, at);
    const destined = isEnd(notification) ? followBeginning(notification.key, routed) : routed;
    const { quietHours, severity } = notification;
    const until = quietHours === null || severity === "critical" ? null : quietTimes.endAfter(quietHours, at);
    return changeAtOnce(notification, until === null ? destined : deferUntil(destined, until));
  }

  /** Where an end is told by changing the message of its beginning, nobody is woken by that: only what is heard waits. */
  function changeAtOnce(notification: Notification, routed: RouteDecision): RouteDecision {
    if (!isEnd(notification) || routed.deferred.length === 0) return routed;
    const asRouted = { ...notification, routing: routed };
    const quietly = routed.deferred.filter(
      ({ by, destination }) => by !== "beginning" && matters.tellingOf(destination, asRouted) === "edit",
    );
    if (quietly.length === 0) return routed;
    const deferred = routed.deferred.filter((one) => !quietly.includes(one));
    return { ...routed, to: [...routed.to, ...quietly.map(({ destination }) => destination)], deferred, quietly };
  }

  /** By now other routes may be in use, or none: the end goes where the beginning is known, and waits only where that waits or it is quiet. */
  function followBeginning(key: string, routed: RouteDecision): RouteDecision {
    const lanes = matters.lanesOf(key);
    const waiting = held.beginningsOf(key);
    if (lanes.length === 0 && waiting.length === 0) return routed;
    const isWaiting = (lane: string): boolean => waiting.some(({ destination }) => destination === lane);
    const quiet = routed.deferred.filter(({ destination: lane }) => lanes.includes(lane) && !isWaiting(lane));
    const deferred = [...waiting, ...quiet];
    const to = lanes.filter((lane) => deferred.every(({ destination }) => destination !== lane));
    return { ...routed, to, deferred, because: "beginning" };
  }

  function whatWithholds(notification: Notification, at: number): Withheld | null {
    // The end of something is told wherever its beginning was; where that was not, delivery leaves it out.
    if (isEnd(notification)) return null;
    const silence = silences.find(notification, at);
    if (silence !== null) {
      const { id, untilAt: until, by: who, comment } = silence;
      return { by: "silence", id, until, who, comment };
    }
    const window = findMaintenance(maintenance, notification, at);
    if (window !== null) return { by: "maintenance", name: window.name, until: window.until };
    const source = inhibition.find(notification, at);
    return source === null ? null : { by: "inhibition", source };
  }

  return {
    destine,
    decide(notification, at) {
      const routed = destine(notification, at);
      const withheld = whatWithholds(notification, at);
      return withheld === null ? routed : withhold(routed, withheld);
    },
  };
}

/** It waits wherever it would go; what waits for longer, or with its beginning, still does. */
function deferUntil(routed: RouteDecision, until: number): RouteDecision {
  const { to, deferred, because } = routed;
  const later = deferred.map((one): Deferral => {
    const isOver = one.by !== "beginning" && one.until < until;
    return isOver ? { ...one, until, by: "notification" } : one;
  });
  const now = to.map((destination): Deferral => ({ destination, until, by: "notification" }));
  const isKept = because === "beginning" || because === "muted" || because === "no-destination";
  return { ...routed, to: [], deferred: [...later, ...now], because: isKept ? because : "deferred" };
}

function isEnd(notification: Notification): notification is Notification & { readonly key: string } {
  return notification.phase === "resolved" && notification.key !== null;
}

/** What the routes said stays in the answer: it is where it would have gone. */
function withhold(routed: RouteDecision, withheld: Withheld): RouteDecision {
  return { ...routed, to: [], deferred: [], because: BECAUSE[withheld.by], withheld };
}

const BECAUSE = {
  silence: "silenced",
  maintenance: "maintenance",
  inhibition: "inhibited",
} as const satisfies Record<Withheld["by"], RouteReason>;
