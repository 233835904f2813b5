/** `/api/plants/{id}/preferences`: what people want to be told of a plant, and its pause. */
import type { Clock } from "@tocsin/core/stages";
import { z } from "zod";
import type { Plant } from "../greenhouse/plant.ts";
import type { PlantWebhooks } from "../greenhouse/plant-webhooks.ts";
import type { Plants } from "../greenhouse/plants.ts";
import { type PlantPause, type PlantPreferences, pauseAt } from "../greenhouse/preferences.ts";
import { untilOf } from "./contract/order.ts";
import { pauseOrder, preferences, preferencesBody } from "./contract/preferences.ts";
import { failures, iso, isoOrNull, toMs, toSeconds } from "./contract/shared.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";

export interface PreferenceRoutesOptions {
  readonly clock: Clock;
  readonly plants: Plants;
  readonly webhooks: Pick<PlantWebhooks, "show">;
}

const tags = ["plants"];
const params = z.object({ id: z.string() });
const answer = { 200: preferences, ...failures };

export function preferenceRoutes(http: Http, { clock, plants, webhooks }: PreferenceRoutesOptions): void {
  const shown = (plant: Plant): z.infer<typeof preferences> => ({
    ...toJson(plant.preferences, now()),
    webhook: webhooks.show(plant),
  });
  const now = () => Math.floor(clock.now());

  http.get("/api/plants/:id/preferences", { schema: { tags, params, response: answer } }, async ({ params: { id } }) =>
    shown(await plants.get(id)),
  );

  const setting = { tags, params, body: preferencesBody, response: answer };
  http.put("/api/plants/:id/preferences", { schema: setting }, async ({ params: { id }, body }) => {
    const wanted = fromJson(body, now());
    return shown(await plants.prefer(id, () => wanted, body.webhook));
  });

  const pausing = { tags, params, body: pauseOrder.nullish(), response: answer };
  http.post("/api/plants/:id/pause", { schema: pausing }, async ({ params: { id }, body }) => {
    const pause = pauseOf(body ?? {}, now(), "");
    return shown(await plants.prefer(id, (before) => ({ ...before, pause })));
  });
  http.post("/api/plants/:id/resume", { schema: { tags, params, response: answer } }, async ({ params: { id } }) =>
    shown(await plants.prefer(id, (before) => ({ ...before, pause: null }))),
  );
}

function fromJson(body: z.infer<typeof preferencesBody>, now: number): PlantPreferences {
  const { metrics, severities = null, quiet_hours: quietHours, paused = null } = body;
  return {
    metrics: new Map(
      Object.entries(metrics).map(
        ([
          name,
          { muted, cooldown_seconds: seconds = null, readings_before_alert: readingsBeforeAlert, severity = null },
        ]) => [name, { muted, cooldownMs: toMs(seconds), readingsBeforeAlert, severity }],
      ),
    ),
    severities,
    quietHours,
    pause: paused && pauseOf(paused, now, "/paused"),
  };
}

/** @throws ProblemError when it would be over already */
function pauseOf(
  { by = null, comment = null, ...expiry }: z.infer<typeof pauseOrder>,
  now: number,
  at: string,
): PlantPause {
  const untilAt = untilOf(expiry, now);
  if (untilAt === null || untilAt > now) return { since: now, untilAt, by, comment };
  const message = "must lie in the future";
  throw new ProblemError("validation-failed", `until ${message}.`, [{ path: `${at}/until`, message }]);
}

function toJson(wanted: PlantPreferences, now: number): Omit<z.infer<typeof preferences>, "webhook"> {
  const pause = pauseAt(wanted, now);
  return {
    metrics: Object.fromEntries(
      [...wanted.metrics].map(([name, { muted, cooldownMs, readingsBeforeAlert, severity }]) => [
        name,
        {
          muted,
          cooldown_seconds: toSeconds(cooldownMs),
          readings_before_alert: readingsBeforeAlert,
          severity,
        },
      ]),
    ),
    severities: wanted.severities === null ? null : [...wanted.severities],
    quiet_hours: [...wanted.quietHours],
    paused: pause && { since: iso(pause.since), until: isoOrNull(pause.untilAt), by: pause.by, comment: pause.comment },
  };
}
