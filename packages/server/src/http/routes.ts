/** `POST /api/routes/explain`: where a notification would go, and why. It tells nobody anything. */
import type { Notifier, RouteDecision, RouteLook, Withheld } from "@tocsin/core";
import type { z } from "zod";
import { routeExplanation, routeSample } from "./contract/route.ts";
import { failures, iso } from "./contract/shared.ts";
import type { Http } from "./server.ts";

export interface ExplainRoutesOptions {
  readonly notifier: Pick<Notifier, "explain" | "status">;
}

type Explanation = z.infer<typeof routeExplanation>;

export function explainRoutes(http: Http, { notifier }: ExplainRoutesOptions): void {
  const schema = { tags: ["routes"], body: routeSample, response: { 200: routeExplanation, ...failures } };
  http.post("/api/routes/explain", { schema }, async ({ body: { at, ...sample } }) => {
    const { pause, destinations } = notifier.status();
    const isPaused = (name: string): boolean =>
      pause !== null || destinations.some((lane) => lane.destination === name && lane.pause !== null);
    return toJson(notifier.explain(sample, { at }), isPaused);
  });
}

function toJson(
  { to, deferred, because, withheld, looks }: RouteDecision,
  isPaused: (name: string) => boolean,
): Explanation {
  return {
    to: [...to],
    deferred: deferred.map(({ destination, until }) => ({ channel: destination, until: iso(until) })),
    paused: to.filter(isPaused),
    because,
    withheld: withheld && withheldToJson(withheld),
    looks: looks.map(lookToJson),
  };
}

function withheldToJson(withheld: Withheld): Explanation["withheld"] {
  switch (withheld.by) {
    case "silence":
      return { by: "silence", what: withheld.id, until: iso(withheld.until) };
    case "maintenance":
      return { by: "maintenance", what: withheld.name, until: iso(withheld.until) };
    case "inhibition":
      return { by: "inhibition", what: withheld.source, until: null };
  }
}

function lookToJson(look: RouteLook): Explanation["looks"][number] {
  return {
    route: look.route,
    verdict: look.verdict,
    to: "to" in look ? [...look.to] : [],
    until: "until" in look ? iso(look.until) : null,
    matcher: "matcher" in look ? look.matcher : null,
  };
}
