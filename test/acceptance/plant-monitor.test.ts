/**
 * The earlier plant monitor's manual check (A11), step by step, against the real server in a process of its own, with
 * `mosquitto_pub`, and with the emulator in Discord's place. Times are shortened by the documented variables.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ServerProcess, startServer } from "./server-process.ts";

const RED = 15158332;
const YELLOW = 16776960;

interface Registered {
  readonly id: string;
  readonly mqtt: { readonly username: string; readonly password: string };
}

let folder: string;
let emulator: Emulator;
let servers: ServerProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-acceptance-"));
  emulator = await startEmulator({ strict: true });
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.stop();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = await startServer({
    DATABASE_URL: `sqlite:${join(folder, "tocsin.db")}`,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
    ...env,
  });
  servers.push(server);
  return server;
}

function mosquittoPub(
  server: ServerProcess,
  { mqtt }: Registered,
  [topic, message]: readonly [string, string],
): Promise<unknown> {
  const login = ["-u", mqtt.username, "-P", mqtt.password];
  return promisify(execFile)("mosquitto_pub", [
    "-h",
    "127.0.0.1",
    "-p",
    server.mqttPort,
    ...login,
    "-t",
    topic,
    "-m",
    message,
  ]);
}

it("A1 A2 A4 A6 A7 A9 A11: register, plant, assign, a reading of 10.0, the red message; a heartbeat, silence, the yellow one", async () => {
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "plants" }) });
  const times = { DEVICE_OFFLINE_AFTER_SECONDS: "3", OFFLINE_CHECK_INTERVAL_SECONDS: "1" };
  const server = await start({ DISCORD_WEBHOOK_URL: webhook.url, ...times });

  const device = await server.call<Registered>("POST", "/api/devices", {});
  const plant = await server.call<{ id: string }>("POST", "/api/plants", {
    name: "Monstera",
    species: "Monstera deliciosa",
    thresholds: { soil_moisture: { min: 20.0, max: 80.0 } },
  });
  await server.call("PUT", `/api/devices/${device.id}/assign`, { plant_id: plant.id });

  await mosquittoPub(server, device, [`devices/${device.id}/telemetry`, '{"soil_moisture": 10.0}']);
  const [red] = await emulator.waitForMessages({ count: 1 });
  expect(red!.embeds).toEqual([
    {
      type: "rich",
      title: "Plant Alert: Monstera",
      description: "Soil Moisture is 10.0, threshold min 20.0",
      color: RED,
      fields: [
        { name: "Metric", value: "soil_moisture", inline: true },
        { name: "Current", value: "10.0", inline: true },
        { name: "Threshold", value: "min 20.0", inline: true },
      ],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
    },
  ]);

  await mosquittoPub(server, device, [`devices/${device.id}/heartbeat`, "{}"]);
  const [, yellow] = await emulator.waitForMessages({ count: 2, timeoutMs: 10_000 });
  expect(yellow!.embeds).toMatchObject([
    {
      title: "Device Offline",
      description: `Device ${device.id} has gone offline`,
      color: YELLOW,
      fields: [
        { name: "Device ID", inline: true },
        { name: "Plant", value: "Monstera", inline: true },
        { name: "Last Seen", value: expect.stringMatching(/^[3-5] seconds ago$/), inline: true },
      ],
    },
  ]);
  await server.stop();

  const silent = await start({ DISCORD_WEBHOOK_URL: "", ALERT_COOLDOWN_SECONDS: "0" });
  await mosquittoPub(silent, device, [`devices/${device.id}/telemetry`, '{"soil_moisture": 9.5}']);
  await expect.poll(() => silent.output()).toContain("Discord webhook not configured, skipping alert");
  const readings = await silent.call("GET", `/api/plants/${plant.id}/readings`);
  expect(readings).toMatchObject({ items: [{ value: 9.5 }, { value: 10 }] });
  expect(silent.output()).not.toMatch(/"level":[56]0/);
  expect(emulator.messages()).toHaveLength(2);
  expect(emulator.violations()).toEqual([]);
});

it("a plant called @everyone pings nobody", async () => {
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "plants" }) });
  const server = await start({ DISCORD_WEBHOOK_URL: webhook.url });
  const thresholds = { soil_moisture: { min: 20 } };
  const plant = await server.call<{ id: string }>("POST", "/api/plants", { name: "@everyone @here", thresholds });
  await server.call("POST", "/api/devices", { id: "device-abc", plant_id: plant.id });
  await server.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: 10 });
  const [message] = await emulator.waitForMessages({ count: 1 });
  expect(message!.pings).toMatchObject({ everyone: false });
});

it("a second signal ends the server at once, and the alert it could not send is sent after the next start", async () => {
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "plants" }) });
  const undo = emulator.faults.add({ do: { kind: "stall" } });
  const server = await start({ DISCORD_WEBHOOK_URL: webhook.url });
  const thresholds = { soil_moisture: { min: 20 } };
  const plant = await server.call<{ id: string }>("POST", "/api/plants", { name: "Monstera", thresholds });
  await server.call("POST", "/api/devices", { id: "device-abc", plant_id: plant.id });
  await server.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: 10 });
  await expect.poll(() => emulator.requests().filter(({ method }) => method === "POST")).toHaveLength(1);

  server.signal("SIGTERM");
  await expect.poll(() => server.output()).toContain("A second Ctrl-C ends it at once");
  const askedAt = Date.now();
  server.signal("SIGTERM");
  expect(await server.exited).toBe(130);
  expect(Date.now() - askedAt).toBeLessThan(1_000);

  undo();
  await start({ DISCORD_WEBHOOK_URL: webhook.url });
  const [message] = await emulator.waitForMessages({ count: 1 });
  expect(message!.embeds[0]).toMatchObject({ title: "Plant Alert: Monstera" });
});
