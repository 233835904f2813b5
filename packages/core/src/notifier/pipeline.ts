/**
 * The way of a notification through the library, stage by stage. Read this first.
 *
 *   input ─▶ notification   made complete, of the right types      notification/normalise.ts
 *         ─▶ route          where to, and why                      route/route.ts
 *         ─▶ delivery       outbox, lane, pacing, retry            delivery/engine.ts
 *         ─▶ channel        one attempt, classified                channel/
 *              └▶ message   rendered within the channel's limits   message/
 *
 * No logic here: only the order.
 */
import type { Notification } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";

export interface Stages<Outcome> {
  readonly normalise: (input: unknown) => Notification;
  readonly route: (notification: Notification) => RouteDecision;
  /** Takes it to the lanes; returns at once. */
  readonly deliver: (notification: Notification, decision: RouteDecision) => Outcome;
}

/** One function that takes an input through all stages, up to the queue. */
export function createPipeline<Outcome>({ normalise, route, deliver }: Stages<Outcome>): (input: unknown) => Outcome {
  return (input) => {
    const notification = normalise(input);
    return deliver(notification, route(notification));
  };
}
