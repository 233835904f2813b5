/** `GET /api/notifications` and `/api/stats`: what was told, where, and what came of it. */
import { type History, QueryError, type SqliteStore, StoreError } from "@tocsin/core/sqlite";
import type { Clock, NotificationId } from "@tocsin/core/stages";
import { z } from "zod";
import { notification, notificationDetail, notificationFilter, sweepResult } from "./contract/history.ts";
import { failures, listOf } from "./contract/shared.ts";
import { statistics, statisticsQuery } from "./contract/statistics.ts";
import { detailToJson, entryToJson, statisticsToJson } from "./history-json.ts";
import { readPair } from "./label-pair.ts";
import { pageOf, pageQuery, storePage } from "./page.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";
import { readTimeRange } from "./time-range.ts";

export interface HistoryRoutesOptions {
  readonly clock: Clock;
  readonly history: History;
  readonly sweep: SqliteStore["sweep"];
}

const DAY_MS = 86_400_000;
const STEP_MS = { minute: 60_000, hour: 3_600_000, day: DAY_MS } as const;

export function historyRoutes(http: Http, { clock, history, sweep }: HistoryRoutesOptions): void {
  const tags = ["notifications"];

  const listing = {
    tags,
    querystring: pageQuery.extend(notificationFilter),
    response: { 200: pageOf(notification), ...failures },
  };
  http.get("/api/notifications", { schema: listing }, async ({ query }) => {
    const { limit, cursor, type, severity, status, channel, label, q, from, to } = query;
    const filter = {
      types: listOf(type),
      severities: listOf(severity),
      statuses: listOf(status),
      destinations: listOf(channel),
      labels: labelsOf(listOf(label)),
      text: q,
      ...readTimeRange({ from, to }),
    };
    return storePage(() => history.query({ ...filter, cursor, limit }), entryToJson);
  });

  const one = {
    tags,
    params: z.object({ id: z.string() }),
    response: { 200: notificationDetail, ...failures },
  };
  http.get("/api/notifications/:id", { schema: one }, async ({ params: { id } }) => {
    const found = await history.find(id as NotificationId);
    if (found !== null) return detailToJson(found);
    throw new ProblemError(
      "notification-not-found",
      `There is no notification ${id}, or it has left the history. GET /api/notifications lists those that are kept.`,
    );
  });

  const figures = { tags: ["statistics"], querystring: statisticsQuery, response: { 200: statistics, ...failures } };
  http.get("/api/stats", { schema: figures }, async ({ query }) => {
    const { step, type, severity, channel } = query;
    const range = readTimeRange(query);
    const to = range.to ?? clock.now();
    const from = range.from ?? to - DAY_MS;
    const filter = { types: listOf(type), severities: listOf(severity), destinations: listOf(channel) };
    const asked = { from, to, ...filter, ...(step !== undefined && { stepMs: STEP_MS[step] }) };
    return statisticsToJson(await history.statistics(asked).catch(asProblem));
  });

  const archiving = {
    tags,
    description: "Archives and removes what is older than it is kept now; it happens by itself about every hour.",
    response: { 200: sweepResult, ...failures },
  };
  http.post("/api/notifications/archive", { schema: archiving }, () =>
    sweep().catch((error: unknown) => {
      // It may be the archive's folder that is in trouble, and not the database.
      if (error instanceof StoreError) throw new ProblemError("storage-unavailable", error.message);
      throw error;
    }),
  );
}

/** @throws ProblemError for a range that is none */
function asProblem(error: unknown): never {
  if (error instanceof QueryError) throw new ProblemError("validation-failed", error.message);
  throw error;
}

/** @throws ProblemError for two values of one label, which none can have */
function labelsOf(texts: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  if (texts === undefined) return undefined;
  const labels = new Map<string, string>();
  for (const [name, value] of texts.map(readPair).filter((pair) => pair !== null)) {
    if ((labels.get(name) ?? value) !== value) {
      const message = `asks for two values of ${name}, and a label has one`;
      throw new ProblemError("validation-failed", `/label ${message}.`, [{ path: "/label", message }]);
    }
    labels.set(name, value);
  }
  return Object.fromEntries(labels);
}
