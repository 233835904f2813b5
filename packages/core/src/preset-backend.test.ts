/** Rows C2, C3, C4, C6, C7 and C8 against an emulated Discord and on a virtual clock. */
import { type Emulator, startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeChannel } from "../testing/fake-channel.ts";
import { unavailable } from "../testing/outcomes.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createBackendNotifier } from "./preset-backend.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator({ strict: true });
});

afterEach(() => emulator.close());

function backendNotifier(settings: Readonly<Record<string, string>> = {}) {
  const hook = emulator.createWebhook({ channel: emulator.createChannel({ name: "backend" }) });
  const env = { DISCORD_WEBHOOK_URL: hook.url, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host, ...settings };
  const discord = createBackendNotifier({ env, logger: SILENT, validateOnStart: false });
  const message = () => emulator.messages(hook).at(-1)!;
  return {
    discord,
    message,
    async [Symbol.asyncDispose]() {
      await discord.close({ timeoutMs: 100 });
    },
  };
}

describe("C2: plain text and embeds", () => {
  it("sends a text without an embed", async () => {
    await using backend = backendNotifier();
    expect(await backend.discord.sendPlaintext("Deployed: my_service **v2** @everyone")).toBe(true);
    expect(backend.message()).toMatchObject({ embeds: [], pings: { everyone: false } });
    expect(backend.message().content).toMatch(/^Deployed: my_service \*\*v2\*\* @.?everyone$/);
  });

  it("sends an embed with all its parts", async () => {
    await using backend = backendNotifier();
    const embed = {
      title: "Report",
      description: "Of the night",
      color: 0x123456,
      fields: [{ name: "Orders", value: "12", inline: true }],
      footer: { text: "Shop", icon_url: "https://example.com/f.png" },
      author: { name: "Cron", url: "https://example.com/cron", icon_url: "https://example.com/a.png" },
      thumbnail: "https://example.com/t.png",
      image: "https://example.com/i.png",
      timestamp: new Date(Date.UTC(2026, 0, 2)),
    };
    expect(await backend.discord.sendEmbed(embed)).toBe(true);
    expect(backend.message().embeds[0]).toMatchObject({
      ...embed,
      thumbnail: { url: embed.thumbnail },
      image: { url: embed.image },
      timestamp: expect.stringMatching(/^2026-01-02T00:00:00/),
    });
  });
});

describe("C3: diagnostics", () => {
  it.each([
    ["info", "🔵 Info: payments", 0x3498db],
    ["warning", "🟡 Warning: payments", 0xe67e22],
    ["error", "🔴 Error: payments", 0xe74c3c],
    ["critical", "🚨 Critical: payments", 0x992d22],
  ] as const)("%s has its mark and colour", async (level, title, color) => {
    await using backend = backendNotifier();
    const details = { waiting: 812, password: "hunter2", url: "https://shop.example/?code=s3cret" };
    expect(await backend.discord.sendDiagnostic(level, "payments", "The queue is long", details)).toBe(true);
    const { fields, ...embed } = backend.message().embeds[0]!;
    expect(embed).toMatchObject({ title, color, description: "The queue is long" });
    expect(fields).toMatchObject([
      { name: "waiting", value: "812" },
      { name: "password" },
      { name: "url", value: expect.stringContaining("?code=") },
    ]);
    expect(JSON.stringify(fields)).not.toMatch(/hunter2|s3cret/);
  });
});

describe("C4: start-up and errors", () => {
  it("tells that a program has started, with its version", async () => {
    await using backend = backendNotifier();
    expect(await backend.discord.sendStartupNotification("Shop", "1.2.0")).toBe(true);
    expect(backend.message().embeds[0]).toMatchObject({
      title: "Shop Started",
      description: "Shop 1.2.0 is running.",
      fields: [{ name: "Version", value: "1.2.0" }],
    });
  });

  it("tells an error's class, message, trimmed stack and context, without secrets", async () => {
    class PaymentError extends Error {}
    await using backend = backendNotifier();
    const error = new PaymentError("refused for Bearer abcdef123456");
    expect(await backend.discord.sendErrorNotification("payments", error, { order: 7 })).toBe(true);
    const { title, description, fields } = backend.message().embeds[0]!;
    expect(title).toBe("🔴 PaymentError in payments");
    expect(description).toMatch(/^refused for Bearer/);
    expect(description).toContain("preset-backend.test.ts");
    expect(description).not.toMatch(/abcdef123456|node:internal/);
    expect(fields).toMatchObject([{ name: "order", value: "7" }]);
  });

  it("takes whatever was thrown", async () => {
    await using backend = backendNotifier();
    expect(await backend.discord.sendErrorNotification("payments", "just a text")).toBe(true);
    expect(backend.message().embeds[0]).toMatchObject({ title: "🔴 Error in payments", description: "just a text" });
  });
});

describe("C6: failures", () => {
  it("tries again after 2, 3 and 5 seconds", async () => {
    const clock = createVirtualClock();
    const channel = createFakeChannel({ clock, respond: () => unavailable() });
    const options = { env: {}, clock, logger: SILENT, webhookUrl: channel, validateOnStart: false };
    const sent = createBackendNotifier(options).sendPlaintext("Hello");
    await clock.advance(60_000);
    expect(await sent).toBe(false);
    const waits = channel.sent.slice(1).map(({ startedAt }, index) => startedAt - channel.sent[index]!.startedAt);
    expect(waits).toHaveLength(3);
    for (const [index, least] of [2_000, 3_000, 5_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
      expect(waits[index]).toBeLessThanOrEqual(least * 1.2 + 1);
    }
  });
});

describe("C7: health and limits by their names", () => {
  it("tells them", async () => {
    await using backend = backendNotifier();
    const { discord } = backend;
    await discord.sendPlaintext("Hello");
    expect(discord).toMatchObject({ enabled: true });
    expect([discord.isHealthy(), discord.getQueueSize()]).toEqual([true, 0]);
    const { global_rate_limit, buckets } = discord.getRateLimitInfo();
    expect(global_rate_limit).toEqual({ active: false, reset_time: null, wait_time: 0 });
    expect(Object.values(buckets)).toContainEqual(expect.objectContaining({ limit: 5, exhausted: false }));
    discord.resetRateLimits();
  });
});

describe("C8: off by one variable; LOG_LEVEL counts", () => {
  it("sends nothing, says false and breaks nothing", async () => {
    await using backend = backendNotifier({ DISCORD_NOTIFICATIONS_ENABLED: "false" });
    expect(await backend.discord.sendPlaintext("Hello")).toBe(false);
    expect(backend.discord.enabled).toBe(false);
    expect(emulator.requests()).toEqual([]);
  });

  it.each([
    ["info", 1],
    ["error", 0],
  ])("with LOG_LEVEL=%s a mistake in the environment is warned of %i times", async (level, times) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const discord = createBackendNotifier({ env: { LOG_LEVEL: level, DISCORD_RATE_LIMIT: "lots" } });
    expect(warn.mock.calls.filter(([line]) => String(line).includes("DISCORD_RATE_LIMIT"))).toHaveLength(times);
    warn.mockRestore();
    await discord.close();
  });
});
