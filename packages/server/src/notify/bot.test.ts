/** The server's bot, with the real discord.js against an emulated Discord: row E6 of docs/coverage.md. */
import { generateKeyPairSync, sign } from "node:crypto";
import { startEmulator } from "@tocsin/discord-emulator";
import { afterEach, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";
import { componentsOf } from "./bot.ts";

type Emulator = Awaited<ReturnType<typeof startEmulator>>;

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function start(env: Readonly<Record<string, string>>): Promise<TestApp> {
  const server = await startTestApp({ env });
  open.push(server);
  return server;
}

async function startDiscord(): Promise<Emulator> {
  const emulator = await startEmulator({ strict: true });
  open.push({ [Symbol.asyncDispose]: emulator.close });
  return emulator;
}

it("tells in its channel how the parts of the server are, and what reports to it", async () => {
  const emulator = await startDiscord();
  const channel = emulator.createChannel({ name: "monitor" });
  const { call } = await start({
    DISCORD_BOT_TOKEN: emulator.createBot({ name: "Tocsin" }).token,
    DISCORD_MONITOR_CHANNEL_ID: channel.id,
    DISCORD_API_URL: `${emulator.url}/api`,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
  });
  expect((await call("POST", "/api/components/Backup/success")).status).toBeLessThan(300);
  await emulator.waitUntil({ holds: () => emulator.gateway.sessions().length === 1 });
  emulator.user("ada").say(channel, "status");
  const [, answer] = await emulator.waitForMessages({ count: 2, channelId: channel.id });
  expect(answer?.embeds).toMatchObject([
    {
      title: "Tocsin Status",
      fields: [
        { name: "Uptime" },
        { name: "Database", value: "OK" },
        { name: "MQTT", value: "OK" },
        { name: "Notifications", value: "OK" },
        { name: "Intake", value: "OK" },
        { name: "Backup", value: "OK" },
      ],
    },
  ]);
});

it("takes what people do about an alert of a plant", async () => {
  const emulator = await startDiscord();
  const channel = emulator.createChannel({ name: "monitor" });
  const { call } = await start({
    DISCORD_BOT_TOKEN: emulator.createBot({ name: "Tocsin" }).token,
    DISCORD_MONITOR_CHANNEL_ID: channel.id,
    DISCORD_API_URL: `${emulator.url}/api`,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
  });
  await emulator.waitUntil({ holds: () => emulator.commands().length === 4, timeoutMs: 10_000 });
  const plant = { name: "Monstera", thresholds: { soil_moisture: { min: 20 } } };
  const { id } = (await call<{ id: string }>("POST", "/api/plants", plant)).json;
  await call("POST", "/api/devices", { id: "device-abc", plant_id: id });
  await call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: 15.2 });
  const [alert] = await emulator.waitForMessages({ count: 1, channelId: channel.id, timeoutMs: 10_000 });
  expect(alert?.embeds[0]?.title).toBe("Plant Alert: Monstera");
  const [row] = alert!.components as unknown as [{ components: { custom_id: string }[] }];
  const [acknowledge, , resolve] = row.components.map(({ custom_id }) => custom_id);
  const ada = emulator.user("ada");
  const present = async () =>
    (await call<{ items: unknown[] }>("GET", "/api/alerts")).json.items as { phase: string; acknowledged: unknown }[];

  const pressed = await Promise.all([ada, emulator.user("bob")].map((one) => one.press(alert!, acknowledge!)));
  const said = pressed.map((one) => ("message" in one ? one.message?.content : null)).toSorted();
  expect(await present()).toMatchObject([
    { phase: "acknowledged", acknowledged: { by: expect.stringMatching(/^(ada|bob)$/) } },
  ]);
  const [late, first] = said;
  expect(first).toMatch(/^✅ Acknowledged by <@\d+> at/);
  // Who was second finds what the first has written, or is told who was first if that was not written yet.
  expect([first, "Acknowledged already by ada.", "Acknowledged already by bob."]).toContain(late);
  expect(await ada.slash(channel, "silence", { for: "2h" })).toMatchObject({
    message: { content: expect.stringMatching(/^\*\*Monstera soil_moisture\*\*: 🔕 Silenced until/) },
  });
  expect(await ada.slash(channel, "alerts")).toMatchObject({
    message: { content: expect.stringMatching(/acknowledged by (ada|bob), silenced until <t:\d+:t>$/) },
  });
  expect(await ada.press(alert!, resolve!)).toMatchObject({ kind: "updated" });
  expect(await present()).toMatchObject([{ phase: "resolved" }]);
  expect(await ada.slash(channel, "alerts")).toMatchObject({ message: { content: "Nothing is wrong right now." } });
});

it("shows what does not work, and takes nobody's wish for a fault", () => {
  const services = {
    ...{ database: { status: "failing" }, mqtt: { status: "disconnected" } },
    ...{ discord_notifications: { status: "paused", out_of_order: [] }, ingest: { status: "healthy" } },
  } as unknown as Parameters<typeof componentsOf>[0]["services"];
  expect(componentsOf({ services }).map(({ component, phase }) => [component, phase])).toEqual([
    ["Database", "firing"],
    ["MQTT", "firing"],
    ["Notifications", "ok"],
    ["Intake", "ok"],
  ]);
  const dead = { status: "degraded", out_of_order: [{ channel: "plt_1", title: "Webhook of Fern" }] };
  expect(
    componentsOf({ services: { ...services, discord_notifications: dead } as typeof services }).slice(2),
  ).toMatchObject([
    { component: "Notifications", phase: "ok" },
    { component: "Intake", phase: "ok" },
    { component: "Webhook of Fern", phase: "firing" },
  ]);
});

it("takes interactions over HTTP from anywhere, if Discord has signed them", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const server = await start({
    ...{
      DISCORD_BOT_TOKEN: "x",
      DISCORD_MONITOR_CHANNEL_ID: "123456789012345678",
      DISCORD_API_URL: "http://127.0.0.1:9",
    },
    DISCORD_ALLOWED_HOSTS: "127.0.0.1:9",
    DISCORD_PUBLIC_KEY: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"),
  });
  const ask = async (body: object, key = privateKey) => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const text = JSON.stringify(body);
    const headers = {
      ...{ "content-type": "application/json", host: "alerts.example.org", "x-signature-timestamp": timestamp },
      "x-signature-ed25519": sign(null, Buffer.from(`${timestamp}${text}`), key).toString("hex"),
    };
    const answer = await server.app.http!.inject({
      method: "POST",
      url: "/discord/interactions",
      headers,
      payload: text,
    });
    return { status: answer.statusCode, json: answer.json() };
  };
  expect(await ask({ type: 1 })).toEqual({ status: 200, json: { type: 1 } });
  const member = { user: { id: "2", username: "ada" }, roles: [] };
  const about = { id: "1", token: "t", channel_id: "123456789012345678", member };
  expect(await ask({ type: 2, data: { name: "status" }, ...about })).toMatchObject({
    status: 200,
    json: { type: 4, data: { embeds: [{ title: "Tocsin Status" }] } },
  });
  const other = generateKeyPairSync("ed25519").privateKey;
  expect(await ask({ type: 1 }, other)).toMatchObject({ status: 401 });
  const elsewhere = await server.app.http!.inject({ url: "/health", headers: { host: "alerts.example.org" } });
  expect(elsewhere.statusCode).toBe(403);
});

it("has no such address, and no bot, where none is configured", async () => {
  const server = await start({});
  expect((await server.call("POST", "/discord/interactions", { type: 1 })).status).toBe(404);
});
