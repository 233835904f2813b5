/** What people order by the day (A12), against the real server in a process of its own, with the emulator in Discord's place. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ServerProcess, startServer } from "./server-process.ts";

let folder: string;
let emulator: Emulator;
let servers: ServerProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-orders-"));
  emulator = await startEmulator({ strict: true });
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.stop();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const server = await startServer({
    DATABASE_URL: `sqlite:${join(folder, "tocsin.db")}`,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
    ...env,
  });
  servers.push(server);
  return server;
}

const titles = () => emulator.messages().flatMap(({ embeds }) => embeds.map(({ title }) => title));

it("a paused channel gets nothing, also after a restart, and everything in order when it goes on", async () => {
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  const env = { DISCORD_WEBHOOK_URL: webhook.url };
  const first = await start(env);
  await first.call("POST", "/api/channels/default/pause", { by: "Ann", reason: "maintenance" });
  for (const title of ["one", "two"]) await first.call("POST", "/api/notifications", { title });
  await first.stop();

  const second = await start(env);
  await second.call("POST", "/api/notifications", { title: "three", severity: "critical" });
  expect(await second.call("GET", "/api/channels")).toMatchObject({
    items: [{ waiting: 3, pause: { by: "Ann", reason: "maintenance", of: "channel" }, wait: { because: "paused" } }],
  });
  expect(await second.call("GET", "/health")).toMatchObject({
    status: "healthy",
    services: { discord_notifications: { status: "paused", paused: ["default"] } },
  });
  expect(emulator.requests().filter(({ method }) => method === "POST")).toEqual([]);

  await second.call("POST", "/api/channels/default/resume");
  await expect.poll(titles).toEqual(["three", "one", "two"]);
  expect(emulator.violations()).toEqual([]);
});

it("an acknowledged alert is told no more, also after a restart, until the acknowledgement is taken back", async () => {
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "plants" }) });
  const env = { DISCORD_WEBHOOK_URL: webhook.url, ALERT_COOLDOWN_SECONDS: "0" };
  const first = await start(env);
  const thresholds = { soil_moisture: { min: 20 } };
  const plant = await first.call<{ id: string }>("POST", "/api/plants", { name: "Monstera", thresholds });
  await first.call("POST", "/api/devices", { id: "device-abc", plant_id: plant.id });
  const report = (server: ServerProcess) =>
    server.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: 10 });
  await report(first);
  await emulator.waitForMessages({ count: 1 });
  const { items } = await first.call<{ items: { id: string }[] }>("GET", "/api/alerts?phase=firing");
  const path = `/api/alerts/${items[0]!.id}`;
  await first.call("POST", `${path}/ack`, { by: "Ann", comment: "watering it" });
  await report(first);
  await first.stop();

  const second = await start(env);
  await report(second);
  expect(await second.call("GET", path)).toMatchObject({
    phase: "acknowledged",
    acknowledged: { by: "Ann", comment: "watering it" },
    told: [{ reason: "fired", delivery: { status: "delivered", notification_id: expect.stringMatching(/^ntf_/) } }],
    held_back: [
      { reason: "acknowledged", count: 1 },
      { reason: "acknowledged", count: 1 },
    ],
  });
  await second.call("DELETE", `${path}/ack`);
  await report(second);
  await emulator.waitForMessages({ count: 2 });
  expect(emulator.violations()).toEqual([]);
});

it("a silence and a muted metric hold a plant's alert back, over a restart, and it is told when they are over", async () => {
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "plants" }) });
  const env = { DISCORD_WEBHOOK_URL: webhook.url };
  const first = await start(env);
  const thresholds = { soil_moisture: { min: 20 } };
  const plant = await first.call<{ id: string }>("POST", "/api/plants", { name: "Monstera", thresholds });
  await first.call("POST", "/api/devices", { id: "device-abc", plant_id: plant.id });
  const preferences = `/api/plants/${plant.id}/preferences`;
  const silence = await first.call<{ id: string }>("POST", "/api/silences", {
    matchers: `plant_id=${plant.id}`,
    for_seconds: 3_600,
    by: "Ann",
  });
  await first.call("PUT", preferences, { metrics: { soil_moisture: { muted: true } } });
  await first.stop();

  const second = await start(env);
  const report = () => second.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: 10 });
  await report();
  await second.call("PUT", preferences, {});
  await report();
  const { items } = await second.call<{ items: { id: string }[] }>("GET", "/api/alerts");
  expect(await second.call("GET", `/api/alerts/${items[0]!.id}`)).toMatchObject({
    told: [],
    held_back: [{ reason: "silenced" }, { reason: "muted" }],
  });
  expect(emulator.messages()).toEqual([]);
  await second.call("DELETE", `/api/silences/${silence.id}`);
  await report();
  const [message] = await emulator.waitForMessages({ count: 1 });
  expect(message!.embeds).toMatchObject([{ title: "Plant Alert: Monstera", color: 15158332 }]);
  expect(emulator.violations()).toEqual([]);
});
