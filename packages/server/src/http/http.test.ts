import { request } from "node:http";
import { createVirtualClock } from "@tocsin/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRecordingSink } from "../../testing/recording-sink.ts";
import { T } from "../../testing/samples.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

const MONSTERA = { name: "Monstera", species: "deliciosa", thresholds: { soil_moisture: { min: 20.0, max: 80.0 } } };
const clock = createVirtualClock({ startAt: T });
const sink = createRecordingSink();
let server: TestApp;

beforeAll(async () => {
  server = await startTestApp({ clock, sink });
});

afterAll(() => server[Symbol.asyncDispose]());

interface Named {
  readonly id: string;
}

interface Page<Item = Named> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

async function newPlant(body: object = MONSTERA): Promise<string> {
  return (await server.call<Named>("POST", "/api/plants", body)).json.id;
}

async function newDevice(body?: object): Promise<string> {
  return (await server.call<Named>("POST", "/api/devices", body)).json.id;
}

/** Lets the journal write: its timer is the clock's. */
async function committed<Result>(work: Promise<Result>): Promise<Result> {
  // A few real turns first: the request has to arrive before there is something to write.
  for (let i = 0; i < 5; i++) await clock.settle();
  await clock.advance(5);
  const answer = await work;
  // What became of an alert is written after it was sent.
  await clock.advance(5);
  return answer;
}

describe("plants (A6)", () => {
  it("are created, read, changed in part, and deleted", async () => {
    const created = await server.call<Named>("POST", "/api/plants", MONSTERA);
    expect(created).toMatchObject({ status: 201, headers: { location: `/api/plants/${created.json.id}` } });
    const at = new Date(clock.now()).toISOString();
    const whole = { ...MONSTERA, id: created.json.id, created_at: at, updated_at: at };
    expect(created.json).toEqual(whole);
    expect((await server.call("GET", `/api/plants/${created.json.id}`)).json).toEqual(whole);

    await clock.advance(1_000);
    const patch = { name: "Ficus", thresholds: { soil_moisture: null, lux: { min: 5 } } };
    const changed = await server.call("PATCH", `/api/plants/${created.json.id}`, patch);
    const later = new Date(clock.now()).toISOString();
    expect(changed.json).toEqual({
      ...whole,
      name: "Ficus",
      thresholds: { lux: { min: 5, max: null } },
      updated_at: later,
    });

    expect((await server.call("DELETE", `/api/plants/${created.json.id}`)).status).toBe(204);
    expect((await server.call("GET", `/api/plants/${created.json.id}`)).json).toMatchObject({
      code: "plant-not-found",
    });
  });

  it.each([
    { what: "no name", body: {}, path: "/name" },
    { what: "an empty name", body: { name: "  " }, path: "/name" },
    { what: "a number as its name", body: { name: 5 }, path: "/name" },
    { what: "a name of 101 characters", body: { name: "x".repeat(101) }, path: "/name" },
    { what: "min above max", body: { name: "x", thresholds: { a: { min: 80, max: 20 } } }, path: "/thresholds/a" },
    { what: "empty limits", body: { name: "x", thresholds: { a: {} } }, path: "/thresholds/a" },
    {
      what: "a limit of the wrong type",
      body: { name: "x", thresholds: { a: { min: "20" } } },
      path: "/thresholds/a/min",
    },
    { what: "a metric without a name", body: { name: "x", thresholds: { "": { min: 1 } } }, path: "/thresholds/" },
    { what: "a misspelt key", body: { name: "x", treshold: {} }, path: "" },
  ])("with $what are refused, and the answer says where", async ({ body, path }) => {
    const { status, json, headers } = await server.call<{ errors: { path: string }[] }>("POST", "/api/plants", body);
    expect(status).toBe(400);
    expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({
      code: "validation-failed",
      type: "urn:tocsin:problem:validation-failed",
      status: 400,
    });
    expect(json.errors[0]?.path).toBe(path);
  });

  it("say what is wrong with thresholds the wrong way round", async () => {
    const body = { name: "x", thresholds: { soil: { min: 80, max: 20 } } };
    const { json } = await server.call<{ detail: string }>("POST", "/api/plants", body);
    expect(json.detail).toMatch(/^\/thresholds\/soil has a min above its max; exchange them\./);
  });

  it("keep both of two changes that are made at the same time", async () => {
    const id = await newPlant();
    const limits = { min: 1, max: 2 };
    const patch = (metric: string) => server.call("PATCH", `/api/plants/${id}`, { thresholds: { [metric]: limits } });
    await Promise.all(["a", "b", "c"].map(patch));
    const { json } = await server.call<{ thresholds: object }>("GET", `/api/plants/${id}`);
    expect(json.thresholds).toMatchObject({ a: limits, b: limits, c: limits });
  });

  it("may be called @everyone", async () => {
    const id = await newPlant({ name: "@everyone **x** 🌱" });
    expect((await server.call("GET", `/api/plants/${id}`)).json).toMatchObject({ name: "@everyone **x** 🌱" });
  });
});

describe("devices (A6)", () => {
  it("are registered with credentials that are shown this once", async () => {
    const { status, json, headers } = await server.call<{ mqtt: { password: string } }>("POST", "/api/devices", {
      id: "device-abc",
    });
    expect(status).toBe(201);
    expect(headers["cache-control"]).toBe("no-store");
    expect(json).toEqual({
      id: "device-abc",
      mqtt: { username: "device_device-abc", password: expect.stringMatching(/^[\w-]{32}$/) },
    });
    const again = await server.call("GET", "/api/devices/device-abc");
    expect(again.json).toEqual({
      id: "device-abc",
      plant_id: null,
      mqtt_username: "device_device-abc",
      status: "never_seen",
      last_seen_at: null,
      created_at: new Date(clock.now()).toISOString(),
    });
  });

  it("get an id when they bring none, with or without a body", async () => {
    const bare = await server.app.http!.inject({ method: "POST", url: "/api/devices" });
    const empty = await server.app.http!.inject({
      method: "POST",
      url: "/api/devices",
      headers: { "content-type": "application/json" },
    });
    expect([bare.statusCode, empty.statusCode]).toEqual([201, 201]);
    expect(bare.json<Named>().id).toMatch(/^dev_[0-9a-z]{20}$/);
    expect(await newDevice({})).toMatch(/^dev_/);
  });

  it("cannot share an id", async () => {
    await newDevice({ id: "twice" });
    const { status, json } = await server.call("POST", "/api/devices", { id: "twice" });
    expect(status).toBe(409);
    expect(json).toMatchObject({
      code: "device-exists",
      detail: expect.stringMatching(/DELETE \/api\/devices\/twice/),
    });
  });

  it.each(["a/b", "a+b", "#", "", "a b", "ä", "-a", "x".repeat(65)])("cannot be called %j", async (id) => {
    expect((await server.call("POST", "/api/devices", { id })).json).toMatchObject({ code: "validation-failed" });
  });

  it("are assigned to a plant and taken off it again", async () => {
    const [plant, device] = [await newPlant(), await newDevice()];
    const assign = (plantId: unknown) => server.call("PUT", `/api/devices/${device}/assign`, { plant_id: plantId });
    expect(await assign(plant)).toMatchObject({ status: 200, json: { id: device, plant_id: plant } });
    expect((await server.call<Page>("GET", `/api/devices?plant_id=${plant}`)).json.items).toMatchObject([
      { id: device },
    ]);
    expect(await assign("plt_none")).toMatchObject({ status: 404, json: { code: "plant-not-found" } });
    expect(await assign(null)).toMatchObject({ status: 200, json: { plant_id: null } });
    expect(await assign(5)).toMatchObject({ status: 400 });
  });

  it("lose their plant when it is deleted", async () => {
    const plant = await newPlant();
    const device = await newDevice({ plant_id: plant });
    await server.call("DELETE", `/api/plants/${plant}`);
    expect((await server.call("GET", `/api/devices/${device}`)).json).toMatchObject({ plant_id: null });
  });

  it("that are unknown are 404 everywhere", async () => {
    const calls = [
      server.call("GET", "/api/devices/ghost"),
      server.call("DELETE", "/api/devices/ghost"),
      server.call("PUT", "/api/devices/ghost/assign", { plant_id: null }),
    ];
    for (const { status, json } of await Promise.all(calls)) {
      expect([status, json]).toMatchObject([404, { code: "device-not-found" }]);
    }
    const telemetry = await server.call("POST", "/api/devices/ghost/telemetry", { a: 1 });
    expect(telemetry).toMatchObject({ status: 404, json: { code: "unknown-device" } });
  });

  it("go on with their plant's readings when they are deleted and registered again", async () => {
    const plant = await newPlant();
    for (const value of [1, 2]) {
      await newDevice({ id: "phoenix", plant_id: plant });
      await committed(server.call("POST", "/api/devices/phoenix/telemetry", { a: value }));
      await server.call("DELETE", "/api/devices/phoenix");
    }
    const { json } = await server.call("GET", `/api/plants/${plant}/readings`);
    expect(json).toMatchObject({ items: [{ value: 2 }, { value: 1 }] });
  });

  it("are gone when they are deleted, and the id is free again", async () => {
    await newDevice({ id: "gone" });
    expect((await server.call("DELETE", "/api/devices/gone")).status).toBe(204);
    expect((await server.call("POST", "/api/devices", { id: "gone" })).status).toBe(201);
  });
});

describe("telemetry and heartbeats over HTTP", () => {
  it("are stored when the answer comes, and show in the plant's readings", async () => {
    const plant = await newPlant();
    const device = await newDevice({ plant_id: plant });
    const at = new Date(clock.now()).toISOString();
    const answer = await committed(
      server.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: 41.5, note: "x" }),
    );
    expect(answer).toMatchObject({
      status: 200,
      json: { accepted: 1, refused: [{ metric: "note", reason: "not-a-number" }] },
    });
    const { json } = await server.call("GET", `/api/plants/${plant}/readings`);
    expect(json).toEqual({
      items: [{ at, device_id: device, metric: "soil_moisture", value: 41.5 }],
      next_cursor: null,
    });
    expect((await server.call("GET", `/api/devices/${device}`)).json).toMatchObject({
      status: "online",
      last_seen_at: at,
    });
  });

  it("a heartbeat needs no body, and a device that was heard goes offline after its time", async () => {
    const device = await newDevice();
    expect((await committed(server.call("POST", `/api/devices/${device}/heartbeat`))).status).toBe(204);
    expect((await committed(server.call("POST", `/api/devices/${device}/heartbeat`, {}))).status).toBe(204);
    await clock.advance(180_000);
    expect((await server.call("GET", `/api/devices/${device}`)).json).toMatchObject({ status: "offline" });
  });

  it.each([
    { payload: "{", status: 400, code: "malformed-json" },
    { payload: '{"a": NaN}', status: 400, code: "malformed-json" },
    { payload: '{"__proto__": {"x": 1}}', status: 400, code: "malformed-json" },
    { payload: "[1]", status: 400, code: "validation-failed" },
    { payload: "{}", status: 400, code: "no-metrics" },
    { payload: '{"a": "1"}', status: 400, code: "not-a-number" },
    { payload: '{"a": 1e999}', status: 400, code: "not-finite" },
    { payload: `{"a": "${"x".repeat(1_000_000)}"}`, status: 413, code: "too-large" },
  ])("of the kind $code is refused with $status", async ({ payload, status, code }) => {
    const device = await newDevice();
    const url = `/api/devices/${device}/telemetry`;
    const headers = { "content-type": "application/json" };
    const answer = await server.app.http!.inject({ method: "POST", url, payload, headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      status,
      { code, type: `urn:tocsin:problem:${code}`, status },
    ]);
  });

  it("asks for JSON when something else comes", async () => {
    const device = await newDevice();
    const headers = { "content-type": "text/plain" };
    const post = { method: "POST", url: `/api/devices/${device}/telemetry`, payload: '{"a":1}', headers } as const;
    expect((await server.app.http!.inject(post)).json()).toMatchObject({
      code: "unsupported-media-type",
      detail: expect.stringMatching(/Content-Type: application\/json/),
    });
  });

  it("tells a device that floods to wait", async () => {
    await using slow = await startTestApp({ env: { DEVICE_REPORTS_PER_SECOND: "1" } });
    await slow.call("POST", "/api/devices", { id: "loud" });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await slow.call("POST", "/api/devices/loud/telemetry", { a: i }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(answers[2]).toMatchObject({ json: { code: "too-frequent" }, headers: { "retry-after": "1" } });
    expect((await slow.call("GET", "/health")).json).toMatchObject({
      services: { ingest: { readings: 2, refused: { "too-frequent": 2 }, last_refusal: { device_id: "loud" } } },
    });
  });
});

describe("lists", () => {
  it("come in pages that cover everything once", async () => {
    await using other = await startTestApp();
    for (let i = 0; i < 7; i++) await other.call("POST", "/api/plants", { name: `Plant ${i}` });
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { json } = await other.call<Page<{ name: string }>>("GET", `/api/plants?limit=3${query}`);
      names.push(...json.items.map(({ name }) => name));
      cursor = json.next_cursor;
    } while (cursor !== null);
    expect(names).toEqual(Array.from({ length: 7 }, (_, i) => `Plant ${i}`));
  });

  it.each(["limit=0", "limit=501", "limit=x", "limit=1.5"])("refuse %s", async (query) => {
    expect((await server.call("GET", `/api/plants?${query}`)).json).toMatchObject({ code: "validation-failed" });
  });

  it.each(["x", "e30", encodeURIComponent(Buffer.from("[1,2]").toString("base64url"))])(
    "refuse the cursor %s",
    async (cursor) => {
      expect((await server.call("GET", `/api/alerts?cursor=${cursor}`)).json).toMatchObject({ code: "bad-cursor" });
    },
  );

  it("of readings are filtered by time and metric", async () => {
    const plant = await newPlant({ name: "Timed" });
    const device = await newDevice({ plant_id: plant });
    const times: string[] = [];
    for (const value of [1, 2, 3]) {
      times.push(new Date(clock.now()).toISOString());
      await committed(server.call("POST", `/api/devices/${device}/telemetry`, { a: value, b: -value }));
    }
    const values = async (query: string) => {
      const { json } = await server.call<Page<{ value: number }>>("GET", `/api/plants/${plant}/readings?${query}`);
      return json.items.map(({ value }) => value);
    };
    expect(await values("metric=a")).toEqual([3, 2, 1]);
    expect(await values(`metric=a&from=${times[1]}`)).toEqual([3, 2]);
    expect(await values(`metric=a&to=${times[2]}`)).toEqual([2, 1]);
    expect(await values(`metric=b&limit=1`)).toEqual([-3]);
    expect(await values("device_id=none")).toEqual([]);
    expect((await server.call("GET", `/api/plants/${plant}/readings?from=yesterday`)).status).toBe(400);
    expect((await server.call("GET", "/api/plants/plt_none/readings")).json).toMatchObject({ code: "plant-not-found" });
  });
});

describe("alerts", () => {
  it("show what was found and what became of it (A10)", async () => {
    const plant = await newPlant({ ...MONSTERA, name: "Alerting" });
    const device = await newDevice({ plant_id: plant });
    const at = new Date(clock.now()).toISOString();
    for (const value of [10, 11, 12]) {
      await committed(server.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }));
    }
    const { json } = await server.call<Page>("GET", `/api/alerts?plant_id=${plant}`);
    expect(json.items).toMatchObject([
      { reason: "cooldown", count: 2, value: 12, delivery: { status: "not-sent", notification_id: null } },
      {
        kind: "threshold",
        reason: "fired",
        plant_id: plant,
        plant_name: "Alerting",
        device_id: device,
        metric: "soil_moisture",
        direction: "min",
        threshold: 20,
        value: 10,
        count: 1,
        created_at: at,
        delivery: { status: "delivered", notification_id: expect.stringMatching(/^ntf_/), error: null },
      },
    ]);
    const one = await server.call("GET", `/api/alerts/${json.items[1]!.id}`);
    expect(one.json).toEqual(json.items[1]);
    expect((await server.call("GET", "/api/alerts/alr_none")).json).toMatchObject({ code: "alert-not-found" });
    expect((await server.call<Page>("GET", `/api/alerts?plant_id=${plant}&kind=offline`)).json.items).toEqual([]);
    expect(
      (await server.call<Page>("GET", `/api/alerts?device_id=${device}&delivery=delivered`)).json.items,
    ).toHaveLength(1);
  });
});

describe("notifications", () => {
  it("are accepted at once and handed on in the library's words", async () => {
    const body = {
      type: "error",
      title: "Import failed",
      message: "a.csv is empty",
      fields: { file: "a.csv" },
      author: { name: "importer", icon_url: "https://example.com/i.png" },
      footer: { text: "night run", icon_url: "https://example.com/f.png" },
      idempotency_key: "a.csv",
      at_most_once: true,
    };
    const { status, json } = await server.call("POST", "/api/notifications", body);
    expect([status, json]).toEqual([202, { id: expect.stringMatching(/^ntf_/) }]);
    expect(sink.told.at(-1)).toMatchObject({
      type: "error",
      title: "Import failed",
      message: "a.csv is empty",
      fields: { file: "a.csv" },
      author: { name: "importer", iconUrl: "https://example.com/i.png" },
      footer: { text: "night run", iconUrl: "https://example.com/f.png" },
      idempotencyKey: "a.csv",
      atMostOnce: true,
    });
  });

  it("may be long; the library shortens them", async () => {
    expect((await server.call("POST", "/api/notifications", { title: "🌱".repeat(10_000) })).status).toBe(202);
  });

  it.each([{}, { title: 5 }, { tittle: "x" }, { title: "x", severity: "terrible" }, { title: "x", color: -1 }])(
    "like %j are refused",
    async (body) => {
      expect((await server.call("POST", "/api/notifications", body)).json).toMatchObject({ code: "validation-failed" });
    },
  );
});

describe("the server at large", () => {
  it("describes itself as OpenAPI 3.1, as it was reviewed", async () => {
    const { json } = await server.call<{ openapi: string; info: { version: string } }>("GET", "/openapi.json");
    expect(json.openapi).toBe("3.1.0");
    const lasting = { ...json, info: { ...json.info, version: "" } };
    await expect(`${JSON.stringify(lasting, null, 2)}\n`).toMatchFileSnapshot("generated/openapi.json");
  });

  it("says how it is", async () => {
    expect(await server.call("GET", "/health")).toMatchObject({
      status: 200,
      json: {
        status: "healthy",
        timestamp: new Date(clock.now()).toISOString(),
        services: { database: { status: "healthy" }, mqtt: { status: "healthy", broker: "embedded" } },
      },
    });
  });

  it("answers a wrong path with a problem that points to the description", async () => {
    const { status, json } = await server.call("GET", "/api/plant?x=1");
    expect([status, json]).toMatchObject([404, { code: "no-such-route", instance: "/api/plant" }]);
  });

  it("sends the headers that browsers need to be careful", async () => {
    const { headers } = await server.call("GET", "/health");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN" });
  });

  it.each([
    { headers: { host: "evil.example" }, code: "foreign-host" },
    { headers: { host: "localhost.evil.example" }, code: "foreign-host" },
    { headers: { host: "192.168.1.5:8000" }, code: "foreign-host" },
    { headers: { host: "127.0.0.1:8000@evil.example" }, code: "foreign-host" },
    { headers: { origin: "https://evil.example" }, code: "foreign-origin" },
    { headers: { origin: "null" }, code: "foreign-origin" },
    { headers: { origin: "http://localhost:3000", host: "localhost:8000" }, code: "foreign-origin" },
  ])("refuses pages of others: $headers", async ({ headers, code }) => {
    const answer = await server.app.http!.inject({ method: "GET", url: "/health", headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code }]);
  });

  it.each([{ host: "localhost:8000", origin: "http://localhost:8000" }, { host: "[::1]:8000" }, { host: "127.0.0.1" }])(
    "takes its own: %j",
    async (headers) => {
      expect((await server.app.http!.inject({ method: "GET", url: "/health", headers })).statusCode).toBe(200);
    },
  );

  it("does the same over a real socket", async () => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${server.addresses.http}/health`, { headers: { host: "evil.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on("error", reject);
      call.end();
    });
    expect(status).toBe(403);
  });
});
