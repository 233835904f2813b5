/** `/api/alerts`: the history of what was found, told or held back. */
import { z } from "zod";
import type { AlertRecord, AlertStore } from "../greenhouse/alert.ts";
import { GreenhouseError } from "../greenhouse/errors.ts";
import { alert, alertFilter } from "./contract/greenhouse.ts";
import { failures, iso, isoOrNull } from "./contract/shared.ts";
import { cutPage, pageOf, pageQuery, readCursor } from "./page.ts";
import type { Http } from "./server.ts";

export function alertRoutes(http: Http, { alerts }: { readonly alerts: AlertStore }): void {
  const tags = ["alerts"];

  const listing = { tags, querystring: pageQuery.extend(alertFilter), response: { 200: pageOf(alert), ...failures } };
  http.get("/api/alerts", { schema: listing }, async (request) => {
    const { limit, cursor, plant_id: plantId, device_id: deviceId, kind, delivery } = request.query;
    const filter = { plantId, deviceId, kind, delivery };
    const rows = await alerts.list({ ...filter, before: readCursor(cursor, z.string()), limit: limit + 1 });
    return cutPage(rows, limit, { item: toJson, key: ({ id }) => id });
  });

  const one = { tags, params: z.object({ id: z.string() }), response: { 200: alert, ...failures } };
  http.get("/api/alerts/:id", { schema: one }, async (request) => {
    const { id } = request.params;
    const found = await alerts.find(id);
    if (found === null)
      throw new GreenhouseError("alert-not-found", `There is no alert ${id}. GET /api/alerts lists them.`);
    return toJson(found);
  });
}

function toJson(record: AlertRecord): z.infer<typeof alert> {
  const { finding } = record;
  const threshold = finding.kind === "threshold" ? finding : null;
  return {
    id: record.id,
    kind: finding.kind,
    reason: record.reason,
    plant_id: record.plantId,
    plant_name: record.plantName,
    device_id: record.deviceId,
    metric: threshold?.metric ?? null,
    direction: threshold?.direction ?? null,
    threshold: threshold?.limit ?? null,
    value: threshold?.value ?? null,
    last_seen_at: finding.kind === "offline" ? isoOrNull(finding.lastSeenAt) : null,
    count: record.count,
    created_at: iso(record.createdAt),
    last_at: iso(record.lastAt),
    delivery: {
      status: record.delivery,
      notification_id: record.notificationId,
      error: record.error,
      settled_at: isoOrNull(record.settledAt),
    },
  };
}
