import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, MONSTERA, type Page, startHttpHarness } from "../../testing/http-harness.ts";
import { startTestApp } from "../../testing/test-app.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness({ env: { ALERT_COOLDOWN_SECONDS: "60" } });
});

afterAll(() => http[Symbol.asyncDispose]());

const NONE = { metrics: {}, severities: null, quiet_hours: [], paused: null, webhook: null };

interface Detail {
  readonly phase: string;
  readonly severity: string;
  readonly told: readonly { readonly reason: string }[];
  readonly held_back: readonly { readonly reason: string; readonly count: number }[];
}

/** A plant with a device. */
async function aPlant(name: string) {
  const plant = await http.newPlant({ ...MONSTERA, name });
  const device = await http.newDevice({ plant_id: plant });
  const path = `/api/plants/${plant}`;
  const report = (value: number) =>
    http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }));
  const alert = async () => {
    const { items } = (await http.call<Page>("GET", `/api/alerts?plant_id=${plant}`)).json;
    return (await http.call<Detail>("GET", `/api/alerts/${items[0]!.id}`)).json;
  };
  const prefer = (body: object) => http.call("PUT", `${path}/preferences`, body);
  return { path, report, alert, prefer };
}

// A12
describe("preferences of a plant", () => {
  it("are none at first, are set as a whole, and shown as they were set", async () => {
    const { path, prefer } = await aPlant("Shown");
    expect((await http.call("GET", `${path}/preferences`)).json).toEqual(NONE);
    const wanted = {
      metrics: {
        soil_moisture: { muted: true, cooldown_seconds: 7_200, readings_before_alert: 2, severity: "critical" },
      },
      severities: ["error", "critical"],
      quiet_hours: ["22:00-07:00 Europe/Berlin"],
    };
    const paused = { until: new Date(http.clock.now() + 60_000).toISOString(), by: "Ann", comment: "repotting" };
    const set = await prefer({ ...wanted, paused });
    expect([set.status, set.json]).toEqual([200, { ...NONE, ...wanted, paused: { ...paused, since: http.now() } }]);
    expect((await http.call("GET", `${path}/preferences`)).json).toEqual(set.json);
    expect((await prefer({})).json).toEqual(NONE);
  });

  it("mute a metric: it is found, not told, and told when it is wanted again", async () => {
    const { report, alert, prefer } = await aPlant("Muted");
    await prefer({ metrics: { soil_moisture: { muted: true } } });
    await report(10);
    await report(10);
    expect(await alert()).toMatchObject({ phase: "firing", told: [], held_back: [{ reason: "muted", count: 2 }] });
    await prefer({});
    await report(10);
    expect(await alert()).toMatchObject({ told: [{ reason: "fired" }] });
    expect(http.told().at(-1)?.title).toBe("Plant Alert: Muted");
  });

  it("give a metric a cooldown and a severity of its own", async () => {
    const { report, alert, prefer } = await aPlant("Own");
    await prefer({
      metrics: { soil_moisture: { cooldown_seconds: 5, severity: "critical" } },
      severities: ["critical"],
    });
    await report(10);
    await http.clock.advance(6_000);
    await report(10);
    expect(await alert()).toMatchObject({ severity: "critical", told: [{ reason: "repeated" }, { reason: "fired" }] });
    expect(http.told().at(-1)).toMatchObject({ severity: "critical", title: "Plant Alert: Own" });
  });

  it("make an alert wait for so many readings in a row; until then it is pending, and one that is within again ends it", async () => {
    const { report, alert, prefer, path } = await aPlant("Patient");
    await prefer({ metrics: { soil_moisture: { readings_before_alert: 3 } } });
    for (const value of [10, 10]) await report(value);
    expect(await alert()).toMatchObject({ phase: "pending", told: [], held_back: [] });
    await report(50);
    expect(await alert()).toMatchObject({
      phase: "resolved",
      transitions: [{ phase: "pending" }, { reason: "too-brief" }],
    });
    for (const value of [10, 10, 10]) await report(value);
    expect(await alert()).toMatchObject({ phase: "firing", told: [{ reason: "fired" }] });
    expect(http.told().filter(({ title }) => title === "Plant Alert: Patient")).toHaveLength(1);
    await report(50);
    await report(10);
    const pending = await http.call<Page>("GET", `/api/alerts?phase=pending&plant_id=${path.split("/").at(-1)}`);
    const id = pending.json.items[0]!.id;
    expect(await http.call("POST", `/api/alerts/${id}/ack`)).toMatchObject({
      status: 409,
      json: { code: "alert-over" },
    });
    expect((await http.call("POST", `/api/alerts/${id}/resolve`)).json).toMatchObject({ phase: "resolved" });
  });

  it("leave out severities that are not wanted", async () => {
    const { report, alert, prefer } = await aPlant("Quiet");
    await prefer({ severities: ["critical"] });
    await report(10);
    expect(await alert()).toMatchObject({ told: [], held_back: [{ reason: "severity-unwanted" }] });
  });

  it("pause a plant, which ends by itself or by order; then what still fires is told", async () => {
    const { path, report, alert } = await aPlant("Paused");
    const paused = await http.call("POST", `${path}/pause`, { for_seconds: 60, by: "Ann" });
    expect(paused.json).toMatchObject({ paused: { since: http.now(), by: "Ann" } });
    await report(10);
    expect(await alert()).toMatchObject({ told: [], held_back: [{ reason: "plant-paused" }] });
    await http.clock.advance(60_000);
    expect((await http.call("GET", `${path}/preferences`)).json).toEqual(NONE);
    await report(10);
    expect(await alert()).toMatchObject({ told: [{ reason: "fired" }] });
    await http.call("POST", `${path}/pause`);
    expect((await http.call("POST", `${path}/resume`)).json).toEqual(NONE);
  });

  it.each([
    { body: { quiet_hours: ["at night"] }, says: /write days, times or both/ },
    { body: { quiet_hours: ["22:00-07:00 Europe/Berlinn"] }, says: /Berlinn/ },
    { body: { severities: [] }, says: /severities/ },
    { body: { metrics: { soil_moisture: { cooldown_seconds: -1 } } }, says: /cooldown_seconds/ },
    { body: { metrics: { soil_moisture: { readings_before_alert: 0 } } }, says: /readings_before_alert/ },
    { body: { paused: { until: "2020-01-01T00:00:00Z" } }, says: /must lie in the future/ },
    { body: { colour: "red" }, says: /colour/ },
  ])("that make no sense ($body) are refused, and change nothing", async ({ body, says }) => {
    const { path, prefer } = await aPlant("Refusing");
    expect(await prefer(body)).toMatchObject({
      status: 400,
      json: { code: "validation-failed", detail: expect.stringMatching(says) },
    });
    expect((await http.call("GET", `${path}/preferences`)).json).toEqual(NONE);
  });

  it("of a plant that is not there cannot be read or set", async () => {
    for (const [method, path] of [
      ["GET", "preferences"],
      ["PUT", "preferences"],
      ["POST", "pause"],
      ["POST", "resume"],
    ] as const) {
      const answer = await http.call(method, `/api/plants/plt_none/${path}`, method === "GET" ? undefined : {});
      expect(answer).toMatchObject({ status: 404, json: { code: "plant-not-found" } });
    }
  });
});

it("preferences outlast a restart", async () => {
  const first = await startTestApp();
  const { json: plant } = await first.call<{ id: string }>("POST", "/api/plants", MONSTERA);
  await first.call("POST", "/api/devices", { id: "device-abc", plant_id: plant.id });
  await first.call("PUT", `/api/plants/${plant.id}/preferences`, { metrics: { soil_moisture: { muted: true } } });
  await first.stop();
  await using second = await startTestApp({ folder: first.folder });
  await second.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: 10 });
  expect((await second.call("GET", "/api/alerts")).json).toMatchObject({
    items: [{ told_count: 0, held_back_count: 1 }],
  });
});
