import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, type Named, type Page, startHttpHarness } from "../../testing/http-harness.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

describe("devices (A6)", () => {
  it("are registered with credentials that are shown this once", async () => {
    const { status, json, headers } = await http.call<{ mqtt: { password: string } }>("POST", "/api/devices", {
      id: "device-abc",
    });
    expect(status).toBe(201);
    expect(headers["cache-control"]).toBe("no-store");
    expect(json).toEqual({
      id: "device-abc",
      mqtt: { username: "device_device-abc", password: expect.stringMatching(/^[\w-]{32}$/) },
    });
    const again = await http.call("GET", "/api/devices/device-abc");
    expect(again.json).toEqual({
      id: "device-abc",
      plant_id: null,
      mqtt_username: "device_device-abc",
      status: "never_seen",
      last_seen_at: null,
      created_at: http.now(),
    });
  });

  it("get a new password in place of the one before, shown this once", async () => {
    await http.newDevice({ id: "renewed" });
    const renewed = await http.call("POST", "/api/devices/renewed/credentials");
    expect(renewed).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    expect(renewed.json).toEqual({
      id: "renewed",
      mqtt: { username: "device_renewed", password: expect.stringMatching(/^[\w-]{32}$/) },
    });
  });

  it("get an id when they bring none, with or without a body", async () => {
    const bare = await http.server.app.http!.inject({ method: "POST", url: "/api/devices" });
    const empty = await http.server.app.http!.inject({
      method: "POST",
      url: "/api/devices",
      headers: { "content-type": "application/json" },
    });
    expect([bare.statusCode, empty.statusCode]).toEqual([201, 201]);
    expect(bare.json<Named>().id).toMatch(/^dev_[0-9a-z]{20}$/);
    expect(await http.newDevice({})).toMatch(/^dev_/);
  });

  it("cannot share an id", async () => {
    await http.newDevice({ id: "twice" });
    const { status, json } = await http.call("POST", "/api/devices", { id: "twice" });
    expect(status).toBe(409);
    expect(json).toMatchObject({
      code: "device-exists",
      detail: expect.stringMatching(/DELETE \/api\/devices\/twice/),
    });
  });

  it.each(["a/b", "a+b", "#", "", "a b", "ä", "-a", "x".repeat(65)])("cannot be called %j", async (id) => {
    expect((await http.call("POST", "/api/devices", { id })).json).toMatchObject({ code: "validation-failed" });
  });

  it("are assigned to a plant and taken off it again", async () => {
    const [plant, device] = [await http.newPlant(), await http.newDevice()];
    const assign = (plantId: unknown) => http.call("PUT", `/api/devices/${device}/assign`, { plant_id: plantId });
    expect(await assign(plant)).toMatchObject({ status: 200, json: { id: device, plant_id: plant } });
    expect((await http.call<Page>("GET", `/api/devices?plant_id=${plant}`)).json.items).toMatchObject([{ id: device }]);
    expect(await assign("plt_none")).toMatchObject({ status: 404, json: { code: "plant-not-found" } });
    expect(await assign(null)).toMatchObject({ status: 200, json: { plant_id: null } });
    expect(await assign(5)).toMatchObject({ status: 400 });
  });

  it("lose their plant when it is deleted", async () => {
    const plant = await http.newPlant();
    const device = await http.newDevice({ plant_id: plant });
    await http.call("DELETE", `/api/plants/${plant}`);
    expect((await http.call("GET", `/api/devices/${device}`)).json).toMatchObject({ plant_id: null });
  });

  it("that are unknown are 404 everywhere", async () => {
    const calls = [
      http.call("GET", "/api/devices/ghost"),
      http.call("DELETE", "/api/devices/ghost"),
      http.call("PUT", "/api/devices/ghost/assign", { plant_id: null }),
      http.call("POST", "/api/devices/ghost/credentials"),
    ];
    for (const { status, json } of await Promise.all(calls)) {
      expect([status, json]).toMatchObject([404, { code: "device-not-found" }]);
    }
    const telemetry = await http.call("POST", "/api/devices/ghost/telemetry", { a: 1 });
    expect(telemetry).toMatchObject({ status: 404, json: { code: "unknown-device" } });
  });

  it("go on with their plant's readings when they are deleted and registered again", async () => {
    const plant = await http.newPlant();
    for (const value of [1, 2]) {
      await http.newDevice({ id: "phoenix", plant_id: plant });
      await http.committed(http.call("POST", "/api/devices/phoenix/telemetry", { a: value }));
      await http.call("DELETE", "/api/devices/phoenix");
    }
    const { json } = await http.call("GET", `/api/plants/${plant}/readings`);
    expect(json).toMatchObject({ items: [{ value: 2 }, { value: 1 }] });
  });

  it("are gone when they are deleted, and the id is free again", async () => {
    await http.newDevice({ id: "gone" });
    expect((await http.call("DELETE", "/api/devices/gone")).status).toBe(204);
    expect((await http.call("POST", "/api/devices", { id: "gone" })).status).toBe(201);
  });
});
