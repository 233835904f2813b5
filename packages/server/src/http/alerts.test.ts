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
    const one = await http.call("GET", `/api/alerts/${json.items[1]!.id}`);
    expect(one.json).toEqual(json.items[1]);
    expect((await http.call("GET", "/api/alerts/alr_none")).json).toMatchObject({ code: "alert-not-found" });
    expect((await http.call<Page>("GET", `/api/alerts?plant_id=${plant}&kind=offline`)).json.items).toEqual([]);
    expect(
      (await http.call<Page>("GET", `/api/alerts?device_id=${device}&delivery=delivered`)).json.items,
    ).toHaveLength(1);
  });
});
