import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, MONSTERA, type Named, type Page, startHttpHarness } from "../../testing/http-harness.ts";
import { startTestApp } from "../../testing/test-app.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

describe("plants (A6)", () => {
  it("are created, read, changed in part, and deleted", async () => {
    const created = await http.call<Named>("POST", "/api/plants", MONSTERA);
    expect(created).toMatchObject({ status: 201, headers: { location: `/api/plants/${created.json.id}` } });
    const at = http.now();
    const whole = { ...MONSTERA, id: created.json.id, created_at: at, updated_at: at };
    expect(created.json).toEqual(whole);
    expect((await http.call("GET", `/api/plants/${created.json.id}`)).json).toEqual(whole);

    await http.clock.advance(1_000);
    const patch = { name: "Ficus", thresholds: { soil_moisture: null, lux: { min: 5 } } };
    const changed = await http.call("PATCH", `/api/plants/${created.json.id}`, patch);
    const later = http.now();
    expect(changed.json).toEqual({
      ...whole,
      name: "Ficus",
      thresholds: { lux: { min: 5, max: null } },
      updated_at: later,
    });

    expect((await http.call("DELETE", `/api/plants/${created.json.id}`)).status).toBe(204);
    expect((await http.call("GET", `/api/plants/${created.json.id}`)).json).toMatchObject({
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
    {
      what: "a limit of a metric with / and ~ in its name",
      body: { name: "x", thresholds: { "a/b~c": { min: "20" } } },
      path: "/thresholds/a~1b~0c/min",
    },
    { what: "a line break in its name", body: { name: "Mon\nstera" }, path: "/name" },
    { what: "a name that turns the text around", body: { name: "Mon\u202estera" }, path: "/name" },
    { what: "a name that nobody sees", body: { name: "\u200b" }, path: "/name" },
    { what: "half a character in its name", body: { name: "\ud83c" }, path: "/name" },
    { what: "a tab in its species", body: { name: "x", species: "a\tb" }, path: "/species" },
    { what: "a misspelt key", body: { name: "x", treshold: {} }, path: "" },
  ])("with $what are refused, and the answer says where", async ({ body, path }) => {
    const { status, json, headers } = await http.call<{ errors: { path: string }[] }>("POST", "/api/plants", body);
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
    const { json } = await http.call<{ detail: string }>("POST", "/api/plants", body);
    expect(json.detail).toMatch(/^\/thresholds\/soil has a min above its max; exchange them\./);
  });

  it("keep both of two changes that are made at the same time", async () => {
    const id = await http.newPlant();
    const limits = { min: 1, max: 2 };
    const patch = (metric: string) => http.call("PATCH", `/api/plants/${id}`, { thresholds: { [metric]: limits } });
    await Promise.all(["a", "b", "c"].map(patch));
    const { json } = await http.call<{ thresholds: object }>("GET", `/api/plants/${id}`);
    expect(json.thresholds).toMatchObject({ a: limits, b: limits, c: limits });
  });

  it("may be called @everyone", async () => {
    const id = await http.newPlant({ name: "@everyone **x** 🌱" });
    expect((await http.call("GET", `/api/plants/${id}`)).json).toMatchObject({ name: "@everyone **x** 🌱" });
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
    expect((await http.call("GET", `/api/plants?${query}`)).json).toMatchObject({ code: "validation-failed" });
  });

  it.each(["x", "e30", encodeURIComponent(Buffer.from("[1,2]").toString("base64url"))])(
    "refuse the cursor %s",
    async (cursor) => {
      expect((await http.call("GET", `/api/alerts?cursor=${cursor}`)).json).toMatchObject({ code: "bad-cursor" });
    },
  );

  it("of readings are filtered by time and metric", async () => {
    const plant = await http.newPlant({ name: "Timed" });
    const device = await http.newDevice({ plant_id: plant });
    const times: string[] = [];
    for (const value of [1, 2, 3]) {
      times.push(http.now());
      await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { a: value, b: -value }));
    }
    const values = async (query: string) => {
      const { json } = await http.call<Page<{ value: number }>>("GET", `/api/plants/${plant}/readings?${query}`);
      return json.items.map(({ value }) => value);
    };
    expect(await values("metric=a")).toEqual([3, 2, 1]);
    expect(await values(`metric=a&from=${times[1]}`)).toEqual([3, 2]);
    expect(await values(`metric=a&to=${times[2]}`)).toEqual([2, 1]);
    expect(await values(`metric=b&limit=1`)).toEqual([-3]);
    expect(await values("device_id=none")).toEqual([]);
    expect((await http.call("GET", `/api/plants/${plant}/readings?from=yesterday`)).status).toBe(400);
    expect((await http.call("GET", "/api/plants/plt_none/readings")).json).toMatchObject({ code: "plant-not-found" });
  });
});
