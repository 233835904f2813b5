import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMosquitto, type Mosquitto } from "../../../testing/mosquitto.ts";
import { startTestApp, type TestApp } from "../../../testing/test-app.ts";

let mosquitto: Mosquitto;
let server: TestApp;
let plant: string;

beforeEach(async () => {
  mosquitto = await createMosquitto();
  server = await startTestApp({ env: { MQTT_URL: mosquitto.url } });
  const body = { name: "Monstera", thresholds: { soil_moisture: { min: 20, max: 80 } } };
  plant = (await server.call<{ id: string }>("POST", "/api/plants", body)).json.id;
  await server.call("POST", "/api/devices", { id: "device-abc", plant_id: plant });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await mosquitto[Symbol.asyncDispose]();
});

function publish(topic: string, message: string, qos: number): Promise<unknown> {
  const args = ["-h", "127.0.0.1", "-p", String(mosquitto.port), "-q", String(qos), "-t", topic, "-m", message];
  return promisify(execFile)("mosquitto_pub", args);
}

async function status(): Promise<unknown> {
  const { status: code, json } = await server.call<{ services: { mqtt: unknown } }>("GET", "/health");
  return [code, json.services.mqtt];
}

const CONNECTED = [200, { status: "healthy", broker: "external", connected_clients: null }];
const AWAY = [503, { status: "disconnected", broker: "external", connected_clients: null }];
const SOON = { timeout: 10_000 };

it("devices behind another broker report as well, and come back when it does", async () => {
  expect(server.addresses.mqttPort).toBeNull();
  // It is not there yet, and the server has started all the same.
  expect(await status()).toEqual(AWAY);
  await mosquitto.start();
  await expect.poll(status, SOON).toEqual(CONNECTED);

  await publish("devices/device-abc/telemetry", '{"soil_moisture": 10.0}', 1);
  expect(await server.untilTold(1)).toMatchObject([{ title: "Plant Alert: Monstera" }]);

  await mosquitto.stop();
  await expect.poll(status, SOON).toEqual(AWAY);
  await mosquitto.start();
  await expect.poll(status, SOON).toEqual(CONNECTED);
  for (const [value, qos] of [
    [41, 0],
    [42, 1],
    [43, 2],
  ] as const) {
    await publish("devices/device-abc/telemetry", `{"soil_moisture": ${value}}`, qos);
  }
  const values = async () => {
    const { json } = await server.call<{ items: { value: number }[] }>("GET", `/api/plants/${plant}/readings`);
    return json.items.map(({ value }) => value);
  };
  await expect.poll(values, SOON).toEqual([43, 42, 41, 10]);
}, 30_000);

it("what is unknown or malformed there is refused and counted, and the rest goes on", async () => {
  await mosquitto.start();
  await expect.poll(status, SOON).toEqual(CONNECTED);
  await publish("devices/ghost/telemetry", '{"a": 1}', 1);
  await publish("devices/device-abc/telemetry", "nonsense", 1);
  await publish("devices/device-abc/else", "{}", 1);
  await publish("devices/device-abc/heartbeat", "{}", 1);
  const ingest = async () => {
    const { json } = await server.call<{ services: { ingest: unknown } }>("GET", "/health");
    return json.services.ingest;
  };
  await expect.poll(ingest, SOON).toMatchObject({ accepted: 1, refused: { "unknown-device": 1, "malformed-json": 1 } });
}, 30_000);

it("goes on trying a broker that refuses its login, which may know it later, and says so once", async () => {
  const DENIED = Buffer.from([0x20, 0x02, 0x00, 0x05]);
  let attempts = 0;
  const refusing = createServer((socket) => socket.once("data", () => socket.end(DENIED, () => attempts++)));
  await once(refusing.listen(0, "127.0.0.1"), "listening");
  const { port } = refusing.address() as AddressInfo;
  const other = await startTestApp({ env: { MQTT_URL: `mqtt://127.0.0.1:${port}` } });
  try {
    await expect.poll(() => attempts, SOON).toBeGreaterThanOrEqual(3);
    const warnings = other.log.filter(({ level }) => level >= 40);
    expect(warnings).toMatchObject([
      { msg: expect.stringMatching(/^The MQTT broker refuses Tocsin's login: check MQTT_BACKEND_PASSWORD/) },
    ]);
  } finally {
    await other[Symbol.asyncDispose]();
    refusing.close();
  }
}, 30_000);
