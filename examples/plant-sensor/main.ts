/**
 * A plant sensor: registers at a Tocsin server, logs in to its broker over MQTT, and publishes a reading now and then. The soil dries, the
 * red message comes; then the battery is empty, and the yellow one comes.
 * The server is one of its own here, on free ports.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { createApp } from "tocsin/app";
import { openDiscord } from "../discord.ts";

const READINGS = [41.2, 33.8, 26.1, 15.2];
const EVERY_MS = 250;
const OFFLINE_AFTER_SECONDS = 1;

const folder = mkdtempSync(join(tmpdir(), "tocsin-plant-sensor-"));
const discord = await openDiscord();
const app = createApp({
  env: {
    ...discord.env,
    PORT: "0",
    MQTT_PORT: "0",
    LOG_LEVEL: "warn",
    DATABASE_URL: `sqlite:${join(folder, "tocsin.db")}`,
    // A greenhouse waits for three minutes.
    DEVICE_OFFLINE_AFTER_SECONDS: String(OFFLINE_AFTER_SECONDS),
    OFFLINE_CHECK_INTERVAL_SECONDS: "0.2",
  },
});
const { http, mqttPort } = await app.start();
console.log(`Server    ${http}, MQTT on port ${mqttPort}`);

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${http}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

const plant = await post<{ id: string }>("/api/plants", {
  name: "Monstera",
  thresholds: { soil_moisture: { min: 20, max: 80 } },
});
const device = await post<{ id: string; mqtt: { username: string; password: string } }>("/api/devices", {
  plant_id: plant.id,
});
// The password is shown this once: a real sensor keeps it.
const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, device.mqtt);
for (const value of READINGS) {
  await client.publishAsync(`devices/${device.id}/telemetry`, JSON.stringify({ soil_moisture: value }), { qos: 1 });
  console.log(`Sensor    soil moisture ${value}`);
  await sleep(EVERY_MS);
}
await client.endAsync();
console.log("Sensor    its battery is empty");

const alertsUrl = `${http}/api/alerts`;
const seen = async () => ((await (await fetch(alertsUrl)).json()) as { items: readonly { kind: string }[] }).items;
while (!(await seen()).some(({ kind }) => kind === "offline")) await sleep(EVERY_MS);
for (const { kind } of await seen()) console.log(`Alert     ${kind}`);

await app.stop();
await discord.close();
rmSync(folder, { recursive: true });
