/**
 * The library's rows of docs/coverage.md through its public door: `createNotifier()`, the environment, and an emulated Discord.
 * Real time, real HTTP; each test takes well under a few seconds.
 */
import { createNotifier, type NotifierOptions } from "@tocsin/core";
import { type Emulator, startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const TYPES = ["general", "errors", "critical", "tracklist", "monitoring", "security"] as const;

let emulator: Emulator;
const closers: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  emulator = await startEmulator({ strict: true });
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await emulator.close();
});

function webhook(name: string) {
  return emulator.createWebhook({ channel: emulator.createChannel({ name }) });
}

function notifierWith(env: Record<string, string>, options: NotifierOptions = {}) {
  const host = new URL(emulator.url).host;
  const notifier = createNotifier({ env: { DISCORD_ALLOWED_HOSTS: host, ...env }, logger: SILENT, ...options });
  closers.push(() => notifier.close({ timeoutMs: 100 }));
  return notifier;
}

const embedOf = (of: { id: string }) => emulator.messages(of).at(-1)!.embeds[0]!;

describe("B3: routing by type, from the environment", () => {
  it("sends each type to its own webhook, own types and severities too, and the rest to the default", async () => {
    const hooks = Object.fromEntries(TYPES.map((type) => [type, webhook(type)]));
    const [harvest, fallback, pager] = [webhook("harvest"), webhook("default"), webhook("pager")];
    const notifier = notifierWith({
      ...Object.fromEntries(TYPES.map((type) => [`DISCORD_WEBHOOK_${type.toUpperCase()}`, hooks[type]!.url])),
      DISCORD_WEBHOOK_HARVEST: harvest.url,
      DISCORD_WEBHOOK_URL: fallback.url,
      DISCORD_WEBHOOK_SEVERITY_CRITICAL: pager.url,
    });
    for (const type of TYPES) {
      const name = type === "errors" ? "error" : type;
      const sent = await notifier.send({ type: name, title: name, severity: "info" });
      expect(sent).toMatchObject({ success: true, status: "delivered" });
      expect(embedOf(hooks[type]!).title).toBe(name);
    }
    await notifier.send({ type: "harvest", title: "Tomatoes" });
    await notifier.send({ type: "weather", title: "Rain" });
    await notifier.send({ type: "error", title: "Fire", severity: "critical" });
    expect([harvest, fallback, pager].map((hook) => embedOf(hook).title)).toEqual(["Tomatoes", "Rain", "Fire"]);
  });
});

describe("B6: a template per type", () => {
  it.each([
    ["general", 0x3498db, "Shop General Alert"],
    ["error", 0xe67e22, "Shop Error Alert"],
    ["critical", 0xe74c3c, "Shop Critical Alert"],
    ["tracklist", 0x2ecc71, "Shop Tracklist Alert"],
    ["monitoring", 0x9b59b6, "Shop Monitoring Alert"],
    ["security", 0xf39c12, "Shop Security Alert"],
    ["harvest", 0x95a5a6, "Shop Harvest Alert"],
  ])("%s has its colour and footer", async (type, color, text) => {
    const hook = webhook("all");
    await notifierWith({ DISCORD_WEBHOOK_URL: hook.url }, { service: "Shop" }).send({ type, title: "Hello" });
    expect(embedOf(hook)).toMatchObject({ color, footer: { text } });
  });
});

describe("B7, C5: limits", () => {
  it("waits before Discord has to refuse: 12 messages at 5 per 2 s bring no 429, and keep their order", async () => {
    const hook = webhook("busy");
    const notifier = notifierWith({ DISCORD_WEBHOOK_URL: hook.url }, { batching: false });
    const began = performance.now();
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => notifier.send({ title: String(n) })));
    expect(performance.now() - began).toBeGreaterThan(4_000);
    expect(results.every(({ success }) => success)).toBe(true);
    expect(emulator.requests().filter(({ status }) => status === 429)).toEqual([]);
    expect(emulator.messages(hook).map(({ embeds }) => embeds[0]!.title)).toEqual(
      Array.from({ length: 12 }, (_, n) => String(n)),
    );
  });

  it("keeps to DISCORD_RATE_LIMIT", async () => {
    const hook = webhook("slow");
    const notifier = notifierWith({ DISCORD_WEBHOOK_URL: hook.url, DISCORD_RATE_LIMIT: "2" }, { batching: false });
    for (let n = 0; n < 3; n++) notifier.notify({ title: String(n) });
    await notifier.flush({ timeoutMs: 500 });
    expect(emulator.messages(hook)).toHaveLength(2);
    expect(notifier.status().destinations[0]!.wait).toMatchObject({ because: "paced-local" });
  });

  it("waits as long as Discord says, for everything in the same channel", async () => {
    const channel = emulator.createChannel({ name: "shared" });
    const hooks = [emulator.createWebhook({ channel }), emulator.createWebhook({ channel })];
    emulator.setLimits({ channel: { limit: 1, intervalMs: 1_500 } });
    const notifier = notifierWith(
      { DISCORD_WEBHOOK_GENERAL: hooks[0]!.url, DISCORD_WEBHOOK_ERRORS: hooks[1]!.url },
      { batching: false },
    );
    await notifier.send({ title: "first" });
    const began = performance.now();
    expect(await notifier.send({ type: "error", title: "second" })).toMatchObject({ success: true, attempts: 2 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
  });
});

describe("B9: mistakes in the environment", () => {
  it("are each named with their variable and what to write, and stop nothing", async () => {
    const hook = webhook("fine");
    const notifier = notifierWith({
      DISCORD_WEBHOOK_URL: hook.url,
      DISCORD_WEBHOOK_ERRORS: "https://example.com/hook",
      DISCORD_RATE_LIMIT: "lots",
      DISCORD_TIMEOUT_SECONDS: "0",
    });
    expect(notifier.problems).toHaveLength(3);
    expect(notifier.problems).toEqual([
      expect.stringMatching(/^DISCORD_TIMEOUT_SECONDS is "0": write a number/),
      expect.stringMatching(/^DISCORD_RATE_LIMIT is "lots": write a whole number/),
      expect.stringMatching(/^DISCORD_WEBHOOK_ERRORS points to example\.com.*DISCORD_ALLOWED_HOSTS/),
    ]);
    expect(await notifier.send({ type: "error", title: "Hello" })).toMatchObject({ success: true });
  });
});

describe("B11: bursts and speed", () => {
  it("absorbs 250 at once with the defaults: each is told, on its own or in a digest", async () => {
    const hook = webhook("storm");
    emulator.setLimits({ webhook: null, channel: null, global: null });
    const notifier = notifierWith(
      { DISCORD_WEBHOOK_URL: hook.url },
      { limits: { bucket: null, pool: null, egress: null }, rateLimit: { limit: Number.POSITIVE_INFINITY } },
    );
    const results = await Promise.all(
      Array.from({ length: 250 }, (_, n) => notifier.send({ title: `Burst ${n} of 250` })),
    );
    expect(results.filter(({ success }) => !success)).toEqual([]);
    await notifier.flush();
    const shown = emulator.messages(hook).flatMap(({ embeds, attachments }) => [...embeds, ...attachments]);
    expect(shown.length).toBeGreaterThan(1);
    expect(notifier.status().open).toBe(0);
  });

  it("delivers within 500 ms when Discord answers at once", async () => {
    const notifier = notifierWith({ DISCORD_WEBHOOK_URL: webhook("quick").url });
    await notifier.send({ title: "warm-up" });
    const began = performance.now();
    await notifier.send({ title: "Hello" });
    expect(performance.now() - began).toBeLessThan(500);
  });

  it("tries again after one second at first", async () => {
    const hook = webhook("shaky");
    emulator.faults.add({ times: 1, do: { kind: "status", status: 503 } });
    const began = performance.now();
    const result = await notifierWith({ DISCORD_WEBHOOK_URL: hook.url }, { validateOnStart: false }).send({
      title: "Hello",
    });
    expect(result).toMatchObject({ success: true, attempts: 2 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
  });
});

describe("C6: what is tried again, and what is not", () => {
  it("stops at once for a webhook that is gone, and sends nothing there any more", async () => {
    const hook = webhook("gone");
    const notifier = notifierWith({ DISCORD_WEBHOOK_URL: hook.url }, { validateOnStart: false });
    emulator.deleteWebhook(hook.id);
    expect(await notifier.send({ title: "1" })).toMatchObject({
      success: false,
      reason: "destination-disabled",
      attempts: 1,
    });
    expect(await notifier.send({ title: "2" })).toMatchObject({
      success: false,
      reason: "destination-disabled",
      attempts: 0,
    });
    expect(emulator.requests()).toHaveLength(1);
  });

  it("reports a certificate that cannot be trusted as what it is", async () => {
    const { createServer } = await import("node:net");
    const server = createServer((socket) => socket.write("no TLS here\r\n", () => socket.destroy())).listen(
      0,
      "127.0.0.1",
    );
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `https://127.0.0.1:${port}/api/webhooks/123456789012345678/${"t".repeat(68)}`;
    const notifier = notifierWith(
      { DISCORD_WEBHOOK_URL: url, DISCORD_ALLOWED_HOSTS: `127.0.0.1:${port}` },
      { validateOnStart: false, retry: { maxAttempts: 1 } },
    );
    const { destinations } = await notifier.send({ title: "Hello" });
    expect(destinations[0]).toMatchObject({ status: "failed", error: { code: expect.stringMatching(/^tls/) } });
  });
});

describe("D3: two limiters", () => {
  it.each([
    ["token-bucket", 3],
    ["sliding-window", 2],
  ] as const)("%s lets %i of 3 through at once", async (algorithm, count) => {
    const hook = webhook("paced");
    const rateLimit = { algorithm, limit: 2, intervalMs: 60_000, burst: 3 };
    const notifier = notifierWith({ DISCORD_WEBHOOK_URL: hook.url }, { batching: false, rateLimit });
    for (let n = 0; n < 3; n++) notifier.notify({ title: String(n) });
    await notifier.flush({ timeoutMs: 400 });
    expect(emulator.messages(hook)).toHaveLength(count);
  });
});

describe("D8: webhooks are validated at start", () => {
  it("finds out that one is gone without posting anything", async () => {
    const [good, gone] = [webhook("good"), webhook("gone")];
    emulator.deleteWebhook(gone.id);
    const notifier = notifierWith({ DISCORD_WEBHOOK_URL: good.url, DISCORD_WEBHOOK_ERRORS: gone.url });
    const checks = await notifier.check();
    expect(checks.get("default")).toMatchObject({ ok: true });
    expect(checks.get("error")).toMatchObject({ ok: false, kind: "misconfigured" });
    expect(emulator.messages()).toEqual([]);
  });
});
