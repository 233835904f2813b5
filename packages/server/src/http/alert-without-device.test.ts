/** A plant's alert about something that no device of the plant measures any more: it ends, and nothing says that the plant has recovered. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, type Page, startHttpHarness } from "../../testing/http-harness.ts";

const NOT_MEASURED = { phase: "resolved", reason: "not-measured", by: null };
let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness({ env: { ALERT_RECOVERIES: "true" } });
});

afterAll(() => http[Symbol.asyncDispose]());

async function report(device: string, metrics: object): Promise<void> {
  await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, metrics));
}

/** A plant with an alert that has been told. */
async function dryPlant(name: string, device: string): Promise<string> {
  const plant = await http.newPlant({ name, thresholds: { soil_moisture: { min: 20.0, max: null } } });
  await http.newDevice({ id: device, plant_id: plant });
  await report(device, { soil_moisture: 10 });
  return plant;
}

const remove = (device: string) => http.committed(http.call("DELETE", `/api/devices/${device}`));
const assign = (device: string, plant: string | null) =>
  http.committed(http.call("PUT", `/api/devices/${device}/assign`, { plant_id: plant }));

async function lifeOf(plant: string) {
  const { items } = (await http.call<Page>("GET", `/api/alerts?plant_id=${plant}&kind=threshold`)).json;
  const { json } = await http.call<{ phase: string; transitions: object[] }>("GET", `/api/alerts/${items[0]!.id}`);
  return json;
}

const lastTold = () => http.told().at(-1);

describe("a plant's alert ends when nothing measures it any more", () => {
  it("as its device has been deleted", async () => {
    const plant = await dryPlant("Monstera", "gone");
    expect(lastTold()).toMatchObject({ title: "Plant Alert: Monstera" });
    await remove("gone");
    expect(await lifeOf(plant)).toMatchObject({ phase: "resolved", transitions: [{ phase: "firing" }, NOT_MEASURED] });
    expect(lastTold()).toMatchObject({
      title: "Plant Alert Ended: Monstera",
      message: "No device measures it any more",
      phase: "resolved",
      labels: { "tocsin-ended": "1" },
    });
  });

  it("as its device serves another plant now, or none", async () => {
    const plants = [await dryPlant("Fern", "moved"), await dryPlant("Cactus", "loose")];
    await assign("moved", plants[1]!);
    await assign("loose", null);
    expect(await lifeOf(plants[0]!)).toMatchObject({ phase: "resolved", transitions: [{}, NOT_MEASURED] });
    // The one that has come has not measured it here yet.
    expect(await lifeOf(plants[1]!)).toMatchObject({ phase: "resolved", transitions: [{}, NOT_MEASURED] });
  });
});

describe("a plant's alert stays", () => {
  it("while another of its devices measures the same, until that one has measured that it is over", async () => {
    const plant = await dryPlant("Palm", "first");
    await http.newDevice({ id: "second", plant_id: plant });
    await report("second", { soil_moisture: 12 });
    await remove("first");
    expect(await lifeOf(plant)).toMatchObject({ phase: "firing" });
    await report("second", { soil_moisture: 50 });
    expect(await lifeOf(plant)).toMatchObject({ phase: "resolved", transitions: [{}, { reason: "resolved" }] });
    expect(lastTold()).toMatchObject({ title: "Plant Recovered: Palm" });
    expect(lastTold()!.labels).not.toHaveProperty("tocsin-ended");
  });

  it("where another device of it goes, or its own is assigned to it again", async () => {
    const plant = await dryPlant("Basil", "own");
    await http.newDevice({ id: "light", plant_id: plant });
    await report("light", { lux: 5 });
    await remove("light");
    await assign("own", plant);
    expect(await lifeOf(plant)).toMatchObject({ phase: "firing" });
  });
});

it("the cooldown outlasts the device: its successor's first reading is not told at once", async () => {
  const plant = await dryPlant("Ivy", "old");
  await remove("old");
  const before = http.told().length;
  await http.newDevice({ id: "new", plant_id: plant });
  await report("new", { soil_moisture: 10 });
  expect(http.told()).toHaveLength(before);
});
