import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, MONSTERA, type Page, startHttpHarness } from "../../testing/http-harness.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

describe("alerts", () => {
  it("show what was found and what became of it (A10)", async () => {
    const plant = await http.newPlant({ ...MONSTERA, name: "Alerting" });
    const device = await http.newDevice({ plant_id: plant });
    const at = http.now();
    for (const value of [10, 11, 12]) {
      await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }));
    }
    const { json } = await http.call<Page>("GET", `/api/alerts?plant_id=${plant}`);
    expect(json.items).toMatchObject([
      {
        kind: "threshold",
        severity: "warning",
        phase: "firing",
        since: at,
        acknowledged: null,
        plant_id: plant,
        plant_name: "Alerting",
        device_id: device,
        metric: "soil_moisture",
        direction: "min",
        threshold: 20,
        value: 12,
        told_count: 1,
        held_back_count: 2,
        created_at: at,
        resolved_at: null,
        delivery: { status: "delivered", notification_id: expect.stringMatching(/^ntf_/), error: null },
      },
    ]);
    const one = await http.call<Page["items"][number]>("GET", `/api/alerts/${json.items[0]!.id}`);
    expect(one.json).toMatchObject({
      ...json.items[0],
      transitions: [{ at, phase: "firing", reason: "fired", by: null, comment: null }],
      told: [{ at, reason: "fired", value: 10, delivery: { status: "delivered" } }],
      held_back: [{ reason: "cooldown", count: 2, value: 12 }],
    });
    expect((await http.call("GET", "/api/alerts/alr_none")).json).toMatchObject({ code: "alert-not-found" });
    expect((await http.call<Page>("GET", `/api/alerts?plant_id=${plant}&kind=offline`)).json.items).toEqual([]);
    expect(
      (await http.call<Page>("GET", `/api/alerts?device_id=${device}&delivery=delivered`)).json.items,
    ).toHaveLength(1);
  });

  it("are listed by phase, severity and what became of the telling", async () => {
    const plant = await http.newPlant({ ...MONSTERA, name: "Listed" });
    const device = await http.newDevice({ plant_id: plant });
    for (const value of [10, 90, 50]) {
      await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }));
    }
    await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: 95 }));
    const found = async (query: string) =>
      (
        await http.call<Page<{ direction: string; phase: string }>>("GET", `/api/alerts?plant_id=${plant}&${query}`)
      ).json.items.map(({ direction, phase }) => `${direction} ${phase}`);
    expect(await found("")).toEqual(["max firing", "max resolved", "min resolved"]);
    expect(await found("phase=firing&phase=acknowledged")).toEqual(["max firing"]);
    expect(await found("severity=warning&limit=2")).toEqual(["max firing", "max resolved"]);
    expect(await found("severity=critical")).toEqual([]);
    expect(await found("delivery=delivered")).toEqual(["max resolved", "min resolved"]);
    const first = await http.call<Page>("GET", `/api/alerts?plant_id=${plant}&limit=1`);
    expect(await found(`cursor=${first.json.next_cursor}`)).toEqual(["max resolved", "min resolved"]);
    expect((await http.call("GET", "/api/alerts?phase=burning")).json).toMatchObject({ code: "validation-failed" });
  });
});

// A12
describe("people's orders", () => {
  async function anAlert(): Promise<string> {
    const plant = await http.newPlant();
    const device = await http.newDevice({ plant_id: plant });
    await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: 10 }));
    const { json } = await http.call<Page>("GET", `/api/alerts?plant_id=${plant}`);
    return json.items[0]!.id;
  }

  it("acknowledge an alert, take that back, and resolve it, each with who and why", async () => {
    const id = await anAlert();
    const order = { by: "Ann", comment: "watering it" };
    const seen = await http.call("POST", `/api/alerts/${id}/ack`, order);
    expect([seen.status, seen.json]).toMatchObject([
      200,
      { id, phase: "acknowledged", acknowledged: { at: http.now(), ...order } },
    ]);
    const again = await http.call("POST", `/api/alerts/${id}/ack`, { by: "Bob" });
    expect([again.status, again.json]).toMatchObject([200, { acknowledged: order }]);
    const back = await http.call("DELETE", `/api/alerts/${id}/ack`);
    expect([back.status, back.json]).toMatchObject([200, { phase: "firing", acknowledged: null }]);
    const over = await http.call("POST", `/api/alerts/${id}/resolve`, order);
    expect([over.status, over.json]).toMatchObject([
      200,
      {
        phase: "resolved",
        resolved_at: http.now(),
        transitions: [
          { reason: "fired" },
          { reason: "acknowledged", ...order },
          { reason: "unacknowledged", by: null },
          { reason: "resolved-by-hand", ...order },
        ],
      },
    ]);
  });

  it("are refused for an alert that is over or was never there, and when they make no sense", async () => {
    const id = await anAlert();
    await http.call("POST", `/api/alerts/${id}/resolve`);
    for (const [method, action] of [
      ["POST", "ack"],
      ["DELETE", "ack"],
      ["POST", "resolve"],
    ] as const) {
      const answer = await http.call(method, `/api/alerts/${id}/${action}`);
      expect([answer.status, answer.json]).toMatchObject([409, { code: "alert-over" }]);
      const unknown = await http.call(method, `/api/alerts/alr_none/${action}`);
      expect([unknown.status, unknown.json]).toMatchObject([404, { code: "alert-not-found" }]);
    }
    expect((await http.call("POST", `/api/alerts/${id}/ack`, { who: "Ann" })).json).toMatchObject({
      code: "validation-failed",
    });
  });
});
