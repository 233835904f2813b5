/** `/api/devices`: registering, reading, assigning, new passwords and removing. */
import type { Clock } from "@tocsin/core/stages";
import { z } from "zod";
import { type Device, usernameOf } from "../greenhouse/device.ts";
import type { Devices } from "../greenhouse/devices.ts";
import { assignment, device, deviceBody, registeredDevice } from "./contract/greenhouse.ts";
import { failures, iso, isoOrNull } from "./contract/shared.ts";
import { cutPage, pageOf, pageQuery, readCursor } from "./page.ts";
import type { Http } from "./server.ts";

export interface DeviceRoutesOptions {
  readonly devices: Devices;
  readonly clock: Clock;
  readonly offlineAfterMs: number;
}

const params = z.object({ id: z.string() });
const listQuery = pageQuery.extend({ plant_id: z.string().optional() });

export function deviceRoutes(http: Http, { devices, clock, offlineAfterMs }: DeviceRoutesOptions): void {
  const tags = ["devices"];

  function toJson({ id, plantId, lastSeenAt, createdAt }: Device): z.infer<typeof device> {
    const seen = { status: statusOf(lastSeenAt), last_seen_at: isoOrNull(lastSeenAt) };
    return { id, plant_id: plantId, mqtt_username: usernameOf(id), ...seen, created_at: iso(createdAt) };
  }

  function statusOf(lastSeenAt: number | null): z.infer<typeof device>["status"] {
    if (lastSeenAt === null) return "never_seen";
    return clock.now() - lastSeenAt < offlineAfterMs ? "online" : "offline";
  }

  const registration = { tags, body: deviceBody, response: { 201: registeredDevice, ...failures } };
  http.post("/api/devices", { schema: registration }, async (request, reply) => {
    const { id, plant_id: plantId } = request.body ?? {};
    const registered = await devices.register({ id, plantId });
    const answer = { id: registered.device.id, mqtt: registered.mqtt };
    return reply
      .code(201)
      .header("location", `/api/devices/${answer.id}`)
      .header("cache-control", "no-store")
      .send(answer);
  });

  http.get(
    "/api/devices",
    { schema: { tags, querystring: listQuery, response: { 200: pageOf(device), ...failures } } },
    async (request) => {
      const { limit, cursor, plant_id: plantId } = request.query;
      const rows = await devices.list({ after: readCursor(cursor, z.string()), limit: limit + 1, plantId });
      return cutPage(rows, limit, { item: toJson, key: ({ id }) => id });
    },
  );

  http.get("/api/devices/:id", { schema: { tags, params, response: { 200: device, ...failures } } }, async (request) =>
    toJson(await devices.get(request.params.id)),
  );

  const assigning = { tags, params, body: assignment, response: { 200: device, ...failures } };
  http.put("/api/devices/:id/assign", { schema: assigning }, async (request) =>
    toJson(await devices.assign(request.params.id, request.body.plant_id)),
  );

  const renewal = { tags, params, response: { 200: registeredDevice, ...failures } };
  http.post("/api/devices/:id/credentials", { schema: renewal }, async ({ params: { id } }, reply) => {
    const mqtt = await devices.renewCredentials(id);
    return reply.header("cache-control", "no-store").send({ id, mqtt });
  });

  http.delete(
    "/api/devices/:id",
    { schema: { tags, params, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      await devices.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );
}
