/** `/api/alerts`: each alert from its beginning to its end, what was told of it or held back, and what people order about it. */
import { z } from "zod";
import {
  type AlertRecord,
  type AlertStore,
  type AlertSummary,
  HELD_REASONS,
  type HeldReason,
  TOLD_REASONS,
} from "../greenhouse/alert.ts";
import { acknowledgementOf, type Person, present, type Transition } from "../greenhouse/alert-life.ts";
import type { AlertOrders } from "../greenhouse/alert-orders.ts";
import { alertNotFound } from "../greenhouse/errors.ts";
import { alert, alertDetail, alertFilter, alertOrder } from "./contract/alert.ts";
import { failures, iso, isoOrNull, listOf } from "./contract/shared.ts";
import { cutPage, pageOf, pageQuery, readCursor } from "./page.ts";
import type { Http } from "./server.ts";

export interface AlertRoutesOptions {
  readonly alerts: Pick<AlertStore, "list" | "find" | "records">;
  readonly orders: AlertOrders;
}

const tags = ["alerts"];
const params = z.object({ id: z.string() });
/** Of one alert; years of hourly reminders have more. */
const MAX_RECORDS = 500;

export function alertRoutes(http: Http, { alerts, orders }: AlertRoutesOptions): void {
  async function detail(found: AlertSummary): Promise<z.infer<typeof alertDetail>> {
    return detailToJson(found, await alerts.records(found.life.id, MAX_RECORDS));
  }

  const listing = { tags, querystring: pageQuery.extend(alertFilter), response: { 200: pageOf(alert), ...failures } };
  http.get("/api/alerts", { schema: listing }, async ({ query }) => {
    const { limit, cursor, phase, plant_id: plantId, device_id: deviceId, kind, severity, delivery } = query;
    const filter = { plantId, deviceId, kind, delivery, phase: listOf(phase), severity: listOf(severity) };
    const found = await alerts.list({ ...filter, before: readCursor(cursor, z.string()), limit: limit + 1 });
    return cutPage(found, limit, { item: toJson, key: ({ life }) => life.id });
  });

  const answer = { 200: alertDetail, ...failures };
  http.get("/api/alerts/:id", { schema: { tags, params, response: answer } }, async ({ params: { id } }) => {
    const found = await alerts.find(id);
    if (found === null) throw alertNotFound(id);
    return detail(found);
  });

  const ordering = { tags, params, body: alertOrder, response: answer };
  http.post("/api/alerts/:id/ack", { schema: ordering }, async ({ params: { id }, body }) =>
    detail(await orders.acknowledge(id, personOf(body))),
  );
  http.delete("/api/alerts/:id/ack", { schema: ordering }, async ({ params: { id }, body }) =>
    detail(await orders.unacknowledge(id, personOf(body))),
  );
  http.post("/api/alerts/:id/resolve", { schema: ordering }, async ({ params: { id }, body }) =>
    detail(await orders.resolve(id, personOf(body))),
  );
}

function personOf(body: z.infer<typeof alertOrder>): Person {
  return { by: body?.by ?? null, comment: body?.comment ?? null };
}

function toJson({ life, told, heldBack, latest, latestTold }: AlertSummary): z.infer<typeof alert> {
  const { finding } = life;
  const threshold = finding.kind === "threshold" ? finding : null;
  const { phase, at: since } = present(life);
  const acknowledged = acknowledgementOf(life);
  return {
    id: life.id,
    kind: finding.kind,
    severity: life.severity,
    phase,
    since: iso(since),
    acknowledged: acknowledged && { at: iso(acknowledged.at), by: acknowledged.by, comment: acknowledged.comment },
    plant_id: life.plantId,
    plant_name: life.plantName,
    device_id: life.deviceId,
    metric: threshold?.metric ?? null,
    direction: threshold?.direction ?? null,
    threshold: threshold?.limit ?? null,
    value: (latest === null ? null : foundValue(latest)) ?? threshold?.value ?? null,
    last_seen_at: finding.kind === "offline" ? isoOrNull(finding.lastSeenAt) : null,
    created_at: iso(life.startedAt),
    last_at: iso(latest?.lastAt ?? life.startedAt),
    resolved_at: phase === "resolved" ? iso(since) : null,
    told_count: told,
    held_back_count: heldBack,
    delivery: latestTold === null ? NEVER_TOLD : deliveryOf(latestTold),
  };
}

const NEVER_TOLD = { status: "not-sent", notification_id: null, error: null, settled_at: null } as const;

function detailToJson(summary: AlertSummary, records: readonly AlertRecord[]): z.infer<typeof alertDetail> {
  return {
    ...toJson(summary),
    transitions: summary.life.transitions.map(transitionToJson),
    told: records.flatMap((record) => {
      const reason = TOLD_REASONS.find((known) => known === record.reason);
      if (reason === undefined) return [];
      return [{ at: iso(record.createdAt), reason, value: foundValue(record), delivery: deliveryOf(record) }];
    }),
    held_back: records.flatMap((record) => (isHeld(record.reason) ? [heldToJson(record, record.reason)] : [])),
  };
}

function isHeld(reason: AlertRecord["reason"]): reason is HeldReason {
  return (HELD_REASONS as readonly string[]).includes(reason);
}

function heldToJson(record: AlertRecord, reason: HeldReason) {
  const { count, createdAt, lastAt } = record;
  return { reason, count, from: iso(createdAt), to: iso(lastAt), value: foundValue(record) };
}

function transitionToJson({ at, phase, reason, by, comment }: Transition) {
  return { at: iso(at), phase, reason, by, comment };
}

function deliveryOf({ delivery: status, notificationId, error, settledAt }: AlertRecord) {
  return { status, notification_id: notificationId, error, settled_at: isoOrNull(settledAt) };
}

function foundValue({ finding }: AlertRecord): number | null {
  return finding.kind === "threshold" ? finding.value : null;
}
