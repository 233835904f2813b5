/** Ends of alerts about plants and devices, told where they began (`ALERT_RECOVERIES`). */
import { afterEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../testing/test-app.ts";

let running: TestApp[] = [];

afterEach(async () => {
  for (const server of running.reverse()) await server[Symbol.asyncDispose]();
  running = [];
});

async function start(env: Readonly<Record<string, string>>): Promise<TestApp> {
  const server = await startTestApp({ env, channel: { inPlace: ["edit", "answer"] } });
  running.push(server);
  const plant = { name: "Monstera", thresholds: { soil_moisture: { min: 20, max: 80 } } };
  const { id } = (await server.call<{ id: string }>("POST", "/api/plants", plant)).json;
  await server.call("POST", "/api/devices", { id: "device-abc", plant_id: id });
  return server;
}

const report = (server: TestApp, soil: number) =>
  server.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: soil });
const requests = ({ channel }: TestApp) => channel.sent.map(({ request }) => request);

describe("an alert about a plant", () => {
  it("turns green when the plant is well again, with all that it said (A1)", async () => {
    const server = await start({ ALERT_RECOVERIES: "true", DISCORD_RECOVERY: "edit" });
    await report(server, 15.2);
    await server.untilTold(1);
    const alert = {
      title: "Plant Alert: Monstera",
      message: "Soil Moisture is 15.2, threshold min 20.0",
      color: 15_158_332,
      fields: [{ value: "soil_moisture" }, { value: "15.2" }, { value: "min 20.0" }],
    };
    expect(server.told()[0]).toMatchObject(alert);
    await report(server, 45);
    await expect.poll(() => requests(server)).toHaveLength(2);
    expect(requests(server)[1]).toMatchObject({
      edit: { id: "message-1" },
      notifications: [
        {
          title: "Resolved: Plant Alert: Monstera",
          message: "Soil Moisture is back within its threshold min 20.0\nSoil Moisture is 15.2, threshold min 20.0",
          color: null,
          fields: alert.fields,
        },
      ],
    });
    await expect
      .poll(async () => (await server.call("GET", "/api/alerts")).json)
      .toMatchObject({ items: [{ told_count: 2, delivery: { status: "delivered" } }] });
  });

  it("says who has resolved it by hand", async () => {
    const server = await start({ ALERT_RECOVERIES: "true", DISCORD_RECOVERY: "answer" });
    await report(server, 15.2);
    await server.untilTold(1);
    const { items } = (await server.call<{ items: { id: string }[] }>("GET", "/api/alerts")).json;
    await server.call("POST", `/api/alerts/${items[0]!.id}/resolve`, { by: "Ada" });
    await server.untilTold(2);
    expect(requests(server)[1]).toMatchObject({
      answers: [{ id: "message-1" }],
      notifications: [{ title: "Plant Alert Ended: Monstera", message: "Resolved by Ada", phase: "resolved" }],
    });
  });

  it("ends in silence where nobody asks for more", async () => {
    const server = await start({});
    await report(server, 15.2);
    await server.untilTold(1);
    await report(server, 45);
    await report(server, 90);
    await server.untilTold(2);
    expect(server.told().map(({ title, phase }) => [title, phase])).toEqual([
      ["Plant Alert: Monstera", null],
      ["Plant Alert: Monstera", null],
    ]);
  });
});

it("a device that is back is told, also by the process after the one that missed it (A2)", async () => {
  const env = {
    ALERT_RECOVERIES: "true",
    DEVICE_OFFLINE_AFTER_SECONDS: "0.1",
    OFFLINE_CHECK_INTERVAL_SECONDS: "0.1",
  };
  const first = await start(env);
  await first.call("POST", "/api/devices/device-abc/heartbeat", {});
  expect((await first.untilTold(1))[0]).toMatchObject({ title: "Device Offline", color: 16_776_960, phase: "firing" });
  await first.stop();
  const second = await startTestApp({ env, folder: first.folder });
  running.push(second);
  await second.call("POST", "/api/devices/device-abc/heartbeat", {});
  expect((await second.untilTold(1))[0]).toMatchObject({
    title: "Device Online",
    message: "Device device-abc is back online",
    phase: "resolved",
  });
});
