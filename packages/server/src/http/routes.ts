/** `POST /api/routes/explain`: where a notification would go, and why. It tells nobody anything. */
import type { Notifier } from "@tocsin/core";
import { routeExplanation, routeSample } from "./contract/route.ts";
import { failures } from "./contract/shared.ts";
import { decisionToJson } from "./route-json.ts";
import type { Http } from "./server.ts";

export interface ExplainRoutesOptions {
  readonly notifier: Pick<Notifier, "explain" | "status">;
}

export function explainRoutes(http: Http, { notifier }: ExplainRoutesOptions): void {
  const schema = { tags: ["routes"], body: routeSample, response: { 200: routeExplanation, ...failures } };
  http.post("/api/routes/explain", { schema }, async ({ body: { at, ...sample } }) => {
    const { pause, destinations } = notifier.status();
    const isPaused = (name: string): boolean =>
      pause !== null || destinations.some((lane) => lane.destination === name && lane.pause !== null);
    const decision = decisionToJson(notifier.explain(sample, { at }));
    return { ...decision, paused: decision.to.filter(isPaused) };
  });
}
