/** The examples as somebody starts them, each a program of its own: rows C9 and C10 of docs/coverage.md. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

let emulator: Awaited<ReturnType<typeof startEmulator>>;
const children: ChildProcess[] = [];

beforeEach(async () => {
  emulator = await startEmulator({ strict: true });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await emulator.close();
});

/** An example that sends to the test's own Discord. */
function start(name: string, more: Readonly<Record<string, string>> = {}) {
  const hook = emulator.createWebhook({ channel: emulator.createChannel({ name: "examples" }) });
  const settings = {
    DISCORD_WEBHOOK_URL: hook.url,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
    PORT: "0",
    ...more,
  };
  const args = ["--conditions=tocsin-source", "examples/main.ts", name];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...settings } });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, text }));
  const url = async (): Promise<string> => {
    while (!/Backend +\S+/.test(text)) await once(child.stdout, "data");
    return /Backend +(\S+)/.exec(text)![1]!;
  };
  return { child, hook, ended, url };
}

// C9
describe.each(["web-express", "web-fastify"])("%s", (name) => {
  it("tells that it has started and that a request failed, shows its health, and ends in order on SIGTERM", async () => {
    const { child, hook, ended, url } = start(name);
    const backend = await url();
    expect((await fetch(`${backend}/orders/7?token=s3cret`)).status).toBe(500);
    expect(await (await fetch(`${backend}/health`)).json()).toMatchObject({
      status: "healthy",
      services: { discord_notifications: { status: "healthy", enabled: true } },
    });
    expect((await fetch(`${backend}/orders/8`)).status).toBe(500);
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ signal: "SIGTERM" });
    const embeds = emulator.messages(hook).flatMap((message) => message.embeds);
    // Both failures have left although the second was only counted when the signal came.
    expect(embeds.map(({ title }) => title)).toEqual([
      "Orders Started",
      "GET /orders/:id failed: Error",
      "GET /orders/:id failed: Error",
    ]);
    expect(JSON.stringify(embeds)).not.toContain("s3cret");
  });
});

// C10
describe("every-kind", () => {
  it("sends a message of each kind and says so", async () => {
    const { hook, ended } = start("every-kind");
    const { code, text } = await ended;
    expect({ code, text }).toEqual({ code: 0, text: expect.not.stringContaining("FAILED") });
    const messages = emulator.messages(hook);
    const titles = messages.flatMap(({ embeds }) => embeds.map(({ title }) => title));
    expect(titles).toEqual(
      expect.arrayContaining([
        "A new release is out",
        "Live at the harbour",
        "An embed with all its parts",
        "🚨 Critical: payments",
        "Examples Started",
        "🔴 TypeError in payments",
        "Plant Alert: Monstera",
        "Device Offline",
      ]),
    );
    expect(messages.filter(({ pings }) => pings.here)).toHaveLength(1);
    expect(messages.map(({ content }) => content).join()).toContain("Just a text, without an embed.");
    expect(messages.flatMap(({ attachments }) => attachments.map(({ filename }) => filename))).toEqual(["skipped.csv"]);
    expect(emulator.requests().filter(({ status }) => status === null || status >= 400)).toEqual([]);
  });
});

// B5, B6
describe("music-import", () => {
  it("tells each of the six types once, and finds them in its history", async () => {
    const { hook, ended } = start("music-import");
    const { code, text } = await ended;
    expect(code).toBe(0);
    const types = [...text.matchAll(/^History +(\w+) .*: delivered$/gm)].map(([, type]) => type);
    expect(types).toEqual(["general", "tracklist", "error", "tracklist", "security", "monitoring", "critical"]);
    expect(text).toContain('"empty.zip" is in: Import failed');
    expect(emulator.messages(hook).flatMap(({ embeds }) => embeds)).toHaveLength(types.length);
  });
});

// A1, A2, A7
describe("plant-sensor", () => {
  it("publishes over MQTT until the soil is dry and the battery empty, and both are told", async () => {
    const { hook, ended } = start("plant-sensor");
    expect(await ended).toMatchObject({ code: 0 });
    const titles = emulator.messages(hook).flatMap(({ embeds }) => embeds.map(({ title }) => title));
    expect(titles).toEqual(["Plant Alert: Monstera", "Device Offline"]);
  });
});

// E6, E8, E9
describe("wall-display", () => {
  it("shows its health through a bot that answers and takes what people do, and ends in order on SIGTERM", async () => {
    const channel = emulator.createChannel({ name: "monitor" });
    const account = emulator.createBot({ name: "Wall display" });
    const { child, ended } = start("wall-display", {
      DISCORD_BOT_TOKEN: account.token,
      DISCORD_MONITOR_CHANNEL_ID: channel.id,
      DISCORD_API_URL: `${emulator.url}/api`,
      DISCORD_WEBHOOK_URL: "",
    });
    const titles = () => emulator.messages(channel).flatMap(({ embeds }) => embeds.map(({ title }) => title));
    const told = (title: string) => emulator.waitUntil({ holds: () => titles().includes(title), timeoutMs: 20_000 });
    await told("Error: Weather API");
    const alert = emulator.messages(channel).find(({ embeds }) => embeds[0]?.title === "Error: Weather API")!;
    const [row] = alert.components as unknown as [{ components: { custom_id: string }[] }];
    const ada = emulator.user("ada");
    await emulator.waitUntil({ holds: () => emulator.gateway.sessions().length === 1, timeoutMs: 20_000 });
    expect(await ada.press(alert, row.components[0]!.custom_id)).toMatchObject({ kind: "updated" });
    ada.say(channel, "status");
    await told("Wall display Status");
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0, signal: null });
    const all = emulator.messages(channel);
    expect(titles()[0]).toBe("Wall display Started");
    expect(titles().at(-1)).toBe("Wall display Stopped");
    const status = all.flatMap(({ embeds }) => embeds).find(({ title }) => title === "Wall display Status");
    expect(status?.fields).toMatchObject([
      { name: "Uptime" },
      { name: "Bus API", value: "OK" },
      { name: "Weather API", value: expect.stringMatching(/^DOWN \(\d+s\), acknowledged by ada$/) },
      { name: "Display", value: "OK" },
    ]);
    expect(JSON.stringify(all)).not.toContain("is never shown");
  });
});
