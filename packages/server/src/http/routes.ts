/** `POST /api/routes/explain`: where a notification would go, and why. It tells nobody anything. */
import type { Notifier } from "@tocsin/core";
import type { Register } from "../greenhouse/register.ts";
import { routeExplanation, routeSample } from "./contract/route.ts";
import { failures } from "./contract/shared.ts";
import { decisionToJson } from "./route-json.ts";
import type { Http } from "./server.ts";

export interface ExplainRoutesOptions {
  readonly notifier: Pick<Notifier, "explain" | "status">;
  /** Its alerts carry the quiet hours of their plant, so a sample of them does as well. */
  readonly register: Pick<Register, "plants">;
}

export function explainRoutes(http: Http, { notifier, register }: ExplainRoutesOptions): void {
  const schema = { tags: ["routes"], body: routeSample, response: { 200: routeExplanation, ...failures } };
  http.post("/api/routes/explain", { schema }, async ({ body: { at, quiet_hours: own, ...sample } }) => {
    const { pause, destinations } = notifier.status();
    const isPaused = (name: string): boolean =>
      pause !== null || destinations.some((lane) => lane.destination === name && lane.pause !== null);
    const plant = register.plants.get(sample.labels?.["plant_id"] ?? "");
    const quietHours = own ?? plant?.rules.preferences.quietHours;
    const decision = decisionToJson(notifier.explain({ ...sample, quietHours }, { at }));
    return { ...decision, paused: decision.to.filter(isPaused) };
  });
}
