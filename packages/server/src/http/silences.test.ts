import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, MONSTERA, type Page, startHttpHarness } from "../../testing/http-harness.ts";
import { startTestApp } from "../../testing/test-app.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

interface Made {
  readonly id: string;
  readonly until: string;
}

const silences = async (query = "") => (await http.call<{ items: Made[] }>("GET", `/api/silences${query}`)).json.items;

// A12
describe("silences", () => {
  it("are made, found, listed, changed and ended", async () => {
    const order = { matchers: ["device=gw-7", "severity<critical"], for_seconds: 60, by: "Ann", comment: "repair" };
    const made = await http.call<Made>("POST", "/api/silences", order);
    const { id } = made.json;
    const expected = {
      id,
      state: "active",
      matchers: "device=gw-7, severity<critical",
      created_at: http.now(),
      until: new Date(http.clock.now() + 60_000).toISOString(),
      ended_at: null,
      by: "Ann",
      comment: "repair",
    };
    expect([made.status, made.json, made.headers["location"]]).toEqual([201, expected, `/api/silences/${id}`]);
    expect((await http.call("GET", `/api/silences/${id}`)).json).toEqual(expected);
    expect(await silences("?state=active")).toEqual([expected]);

    const longer = await http.call<Made>("PUT", `/api/silences/${id}`, { ...order, for_seconds: 120 });
    expect(longer.json).toMatchObject({ state: "active", until: new Date(http.clock.now() + 120_000).toISOString() });
    expect((await silences()).map((one) => one.id)).toEqual([longer.json.id, id]);

    const ended = await http.call("DELETE", `/api/silences/${longer.json.id}`);
    expect(ended.json).toMatchObject({ state: "expired", ended_at: http.now() });
    expect([await silences("?state=active"), (await silences("?state=expired")).length]).toEqual([[], 2]);
    expect(await http.call("DELETE", `/api/silences/${id}`)).toMatchObject({
      status: 409,
      json: { code: "silence-over" },
    });
    expect(await http.call("PUT", `/api/silences/${id}`, order)).toMatchObject({ status: 409 });
  });

  it("expire by themselves, and are still known then", async () => {
    const { json } = await http.call<Made>("POST", "/api/silences", { matchers: "key=x", for_seconds: 10 });
    await http.clock.advance(10_000);
    expect((await http.call("GET", `/api/silences/${json.id}`)).json).toMatchObject({
      state: "expired",
      ended_at: null,
    });
    expect((await silences("?state=expired&limit=1")).map(({ id }) => id)).toEqual([json.id]);
  });

  it("hold the alerts of a plant back, with the reason; when they are over, what still fires is told", async () => {
    const plant = await http.newPlant({ ...MONSTERA, name: "Silent" });
    const device = await http.newDevice({ plant_id: plant });
    const { json } = await http.call<Made>("POST", "/api/silences", { matchers: "plant=Silent", for_seconds: 3_600 });
    const report = () => http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: 10 }));
    await report();
    const listed = await http.call<Page>("GET", `/api/alerts?plant_id=${plant}`);
    const alert = () => http.call("GET", `/api/alerts/${listed.json.items[0]!.id}`);
    expect((await alert()).json).toMatchObject({
      phase: "firing",
      told: [],
      held_back: [{ reason: "silenced", count: 1 }],
      delivery: { status: "not-sent" },
    });
    await http.call("DELETE", `/api/silences/${json.id}`);
    await report();
    expect((await alert()).json).toMatchObject({ told: [{ reason: "fired" }] });
    expect(http.told().map(({ title }) => title)).toEqual(["Plant Alert: Silent"]);
  });

  it.each([
    { body: { matchers: "device=x" }, says: /needs until or for_seconds/ },
    { body: { matchers: "device=x", until: "2020-01-01T00:00:00Z" }, says: /\/until must be in the future/ },
    { body: { matchers: "device=~*", for_seconds: 5 }, says: /these match everything/ },
    { body: { matchers: "severity>=bad", for_seconds: 5 }, says: /\/matchers severity>=bad/ },
    { body: { for_seconds: 5 }, says: /matchers/ },
  ])("that make no sense ($body) are refused", async ({ body, says }) => {
    const answer = await http.call("POST", "/api/silences", body);
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { code: "validation-failed", detail: expect.stringMatching(says) },
    ]);
  });

  it("that are not there cannot be found, changed or ended", async () => {
    for (const method of ["GET", "DELETE", "PUT"] as const) {
      const body = method === "PUT" ? { matchers: "a=b", for_seconds: 1 } : undefined;
      expect(await http.call(method, "/api/silences/sil_none", body)).toMatchObject({
        status: 404,
        json: { code: "silence-not-found" },
      });
    }
  });
});

it("silences outlast a restart", async () => {
  const first = await startTestApp();
  await first.call("POST", "/api/silences", { matchers: "device=gw-7", for_seconds: 3_600, by: "Ann" });
  await first.stop();
  await using second = await startTestApp({ folder: first.folder });
  expect((await second.call("GET", "/api/silences")).json).toMatchObject({ items: [{ state: "active", by: "Ann" }] });
  const { json } = await second.call<Made>("POST", "/api/notifications", { title: "x", labels: { device: "gw-7" } });
  const status = async () =>
    (await second.call<{ status: string }>("GET", `/api/notifications/${json.id}`)).json.status;
  await expect.poll(status).toBe("skipped");
  expect(second.told()).toEqual([]);
});
