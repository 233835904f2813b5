import { connectAsync } from "mqtt";
import { expect, it } from "vitest";
import { createRecordingSink } from "../testing/recording-sink.ts";
import { startTestApp } from "../testing/test-app.ts";

interface Registered {
  readonly id: string;
  readonly mqtt: { readonly username: string; readonly password: string };
}

const MONSTERA = {
  name: "Monstera",
  species: "Monstera deliciosa",
  thresholds: { soil_moisture: { min: 20, max: 80 } },
};

it("turns a reading over MQTT into a threshold alert (A1, A6, A7)", async () => {
  const sink = createRecordingSink();
  await using server = await startTestApp({ sink });
  const { call } = server;
  const device = await call<Registered>("POST", "/api/devices", { id: "device-abc" });
  const plant = await call<{ id: string }>("POST", "/api/plants", MONSTERA);
  await call("PUT", "/api/devices/device-abc/assign", { plant_id: plant.json.id });

  const client = await connectAsync(`mqtt://127.0.0.1:${server.addresses.mqttPort}`, device.json.mqtt);
  await client.publishAsync("devices/device-abc/telemetry", JSON.stringify({ soil_moisture: 15.2 }), { qos: 1 });
  await sink.until(1);
  await client.endAsync();

  expect(sink.told[0]).toMatchObject({
    title: "Plant Alert: Monstera",
    message: "Soil Moisture is 15.2, threshold min 20.0",
  });
  const readings = await call("GET", `/api/plants/${plant.json.id}/readings`);
  expect(readings.json).toMatchObject({ items: [{ device_id: "device-abc", metric: "soil_moisture", value: 15.2 }] });
});
