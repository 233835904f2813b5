/** `/api/plants` and the readings of a plant. */
import { z } from "zod";
import type { Plant, Thresholds } from "../greenhouse/plant.ts";
import type { Plants } from "../greenhouse/plants.ts";
import type { ReadingStore, StoredReading } from "../greenhouse/reading.ts";
import { plant, plantBody, plantPatch, reading, readingFilter } from "./contract/greenhouse.ts";
import { failures, iso, toInstant } from "./contract/shared.ts";
import { cutPage, pageOf, pageQuery, readCursor } from "./page.ts";
import type { Http } from "./server.ts";

const params = z.object({ id: z.string() });
const readingCursor = z.tuple([z.int(), z.int(), z.int()]);

export function plantRoutes(http: Http, { plants, readings }: { plants: Plants; readings: ReadingStore }): void {
  const tags = ["plants"];

  http.post(
    "/api/plants",
    { schema: { tags, body: plantBody, response: { 201: plant, ...failures } } },
    async (request, reply) => {
      const { name, species = null, thresholds } = request.body;
      const created = await plants.create({ name, species, thresholds: toThresholds(thresholds) });
      return reply.code(201).header("location", `/api/plants/${created.id}`).send(toJson(created));
    },
  );

  http.get(
    "/api/plants",
    { schema: { tags, querystring: pageQuery, response: { 200: pageOf(plant), ...failures } } },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await plants.list({ after: readCursor(cursor, z.string()), limit: limit + 1 });
      return cutPage(rows, limit, { item: toJson, key: ({ id }) => id });
    },
  );

  http.get("/api/plants/:id", { schema: { tags, params, response: { 200: plant, ...failures } } }, async (request) =>
    toJson(await plants.get(request.params.id)),
  );

  http.patch(
    "/api/plants/:id",
    { schema: { tags, params, body: plantPatch, response: { 200: plant, ...failures } } },
    async (request) => {
      const { thresholds, ...rest } = request.body;
      const change = thresholds === undefined ? rest : { ...rest, thresholds: toChange(thresholds) };
      return toJson(await plants.change(request.params.id, change));
    },
  );

  http.delete(
    "/api/plants/:id",
    { schema: { tags, params, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      await plants.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );

  http.get(
    "/api/plants/:id/readings",
    {
      schema: {
        tags,
        params,
        querystring: pageQuery.extend(readingFilter),
        response: { 200: pageOf(reading), ...failures },
      },
    },
    async (request) => {
      const { limit, cursor, metric, device_id: deviceId, from, to } = request.query;
      const { id: plantId } = await plants.get(request.params.id);
      const position = readCursor(cursor, readingCursor);
      const before = position === null ? null : { at: position[0], seriesId: position[1], seq: position[2] };
      const range = { from: toInstant(from), to: toInstant(to) };
      const rows = await readings.list({ plantId, metric, deviceId, ...range, before, limit: limit + 1 });
      const key = ({ position: { at, seriesId, seq } }: StoredReading) => [at, seriesId, seq];
      return cutPage(rows, limit, { item: readingToJson, key });
    },
  );
}

type LimitsJson = { readonly min?: number | null | undefined; readonly max?: number | null | undefined };

function toThresholds(json: Readonly<Record<string, LimitsJson>>): Thresholds {
  return new Map(Object.entries(json).map(([metric, { min = null, max = null }]) => [metric, { min, max }]));
}

function toChange(json: Readonly<Record<string, LimitsJson | null>>) {
  return new Map(
    Object.entries(json).map(([metric, limits]) => [
      metric,
      limits && { min: limits.min ?? null, max: limits.max ?? null },
    ]),
  );
}

function toJson({ id, name, species, thresholds, createdAt, updatedAt }: Plant): z.infer<typeof plant> {
  return {
    id,
    name,
    species,
    thresholds: Object.fromEntries(thresholds),
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
  };
}

function readingToJson({ at, deviceId, metric, value }: StoredReading): z.infer<typeof reading> {
  return { at: iso(at), device_id: deviceId, metric, value };
}
