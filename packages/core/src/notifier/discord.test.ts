/** The notifier in front of Discord as the emulator plays it, over real HTTP. */
import { type EmulatorOptions, NO_LIMITS, startEmulator } from "@tocsin/discord-emulator";
import { describe, expect, it, vi } from "vitest";
import { criticalNotification } from "../notification/build/critical.ts";
import { embed } from "../notification/build/embed.ts";
import { errorNotification } from "../notification/build/error.ts";
import { monitoringNotification } from "../notification/build/monitoring.ts";
import { securityNotification } from "../notification/build/security.ts";
import { tracklistNotification } from "../notification/build/tracklist.ts";
import { createNotifier } from "../notifier.ts";
import type { NotifierOptions } from "./options.ts";

async function setUp(options: NotifierOptions = {}, emulated: EmulatorOptions = {}) {
  const emulator = await startEmulator({ strict: true, ...emulated });
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const start = (more: NotifierOptions = {}) =>
    createNotifier({
      env: { DISCORD_WEBHOOK_URL: webhook.url, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host },
      validateOnStart: false,
      ...{ logger, ...options, ...more },
    });
  const notifier = start();
  return {
    ...{ emulator, webhook, logger, notifier, start },
    [Symbol.asyncDispose]: async () => {
      await notifier.close();
      await emulator.close();
    },
  };
}

/** Code points, as Discord counts. */
const chars = (text: string | undefined): number => [...(text ?? "")].length;

// D8
describe("validation without posting", () => {
  it("asks for the webhook at start, posts nothing, and counts what it is told as known", async () => {
    await using discord = await setUp({ validateOnStart: true });
    await vi.waitFor(() => expect(discord.emulator.requests()).toHaveLength(1));
    expect(discord.emulator.requests()).toMatchObject([{ method: "GET", status: 200, version: 10 }]);
    expect(discord.emulator.messages()).toEqual([]);
    expect(discord.notifier.isHealthy()).toBe(true);
    expect(discord.logger.warn).not.toHaveBeenCalled();
  });

  it.each([
    {
      name: "has been deleted",
      spoil: (emulator: Spoilable, id: string) => emulator.deleteWebhook(id),
      code: "discord-10015",
    },
    {
      name: "has another token",
      spoil: (emulator: Spoilable, id: string) => emulator.breakToken(id),
      code: "discord-50027",
    },
  ])("disables a webhook that $name, so that nothing is ever posted to it", async ({ spoil, code }) => {
    await using discord = await setUp();
    spoil(discord.emulator, discord.webhook.id);
    const notifier = discord.start({ validateOnStart: true });
    await vi.waitFor(() => expect(notifier.isHealthy()).toBe(false));
    expect(discord.logger.error).toHaveBeenCalledWith(expect.stringMatching(/^default is disabled: /));
    expect(await notifier.send({ title: "x" })).toMatchObject({ success: false, reason: "destination-disabled" });
    expect(discord.emulator.requests().map(({ method }) => method)).toEqual(["GET"]);
    expect(await discord.notifier.healthCheck()).toMatchObject({
      healthy: false,
      destinations: [{ usable: false, error: { code } }],
    });
    await notifier.close();
  });
});

type Spoilable = Pick<Awaited<ReturnType<typeof startEmulator>>, "deleteWebhook" | "breakToken">;

// D8
describe("payloads", () => {
  it("keeps every part within its limit: 256 and 1024 a field, 25 fields, 6000 in all", async () => {
    await using discord = await setUp();
    const fields = Array.from({ length: 40 }, (_, n) => ({
      name: `${n} ${"n".repeat(300)}`,
      value: "v".repeat(2_000),
    }));
    const result = await discord.notifier.send({
      ...{ title: "t".repeat(500), message: "m".repeat(9_000), fields },
      author: { name: "a".repeat(500) },
      footer: "f".repeat(3_000),
    });
    expect(result).toMatchObject({ success: true, attempts: 1 });
    const [message] = discord.emulator.messages();
    const [embed] = message!.embeds;
    expect(embed!.fields!.length).toBeLessThanOrEqual(25);
    for (const { name, value } of embed!.fields!) {
      expect(chars(name)).toBeLessThanOrEqual(256);
      expect(chars(value)).toBeLessThanOrEqual(1_024);
    }
    expect(chars(embed!.title)).toBeLessThanOrEqual(256);
    expect(totalOf(message!.embeds)).toBeLessThanOrEqual(6_000);
    // What the embed could not show comes along as a file.
    expect(message!.attachments.map(({ filename }) => filename)).toEqual(["details.txt"]);
  });

  it("keeps all embeds of a message together within 6000, and loses none of them", async () => {
    await using discord = await setUp({}, { limits: NO_LIMITS });
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, n) => discord.notifier.send({ title: `Alert ${n}`, message: "m".repeat(1_500) })),
    );
    expect(results.every(({ success }) => success)).toBe(true);
    const messages = discord.emulator.messages();
    expect(messages.length).toBeLessThan(12);
    for (const { embeds } of messages) expect(totalOf(embeds)).toBeLessThanOrEqual(6_000);
    expect(messages.flatMap(({ embeds }) => embeds.map(({ title }) => title))).toEqual(
      Array.from({ length: 12 }, (_, n) => `Alert ${n}`),
    );
  });

  it("shows or leaves out what Discord would refuse, and the alert still goes at the first attempt", async () => {
    await using discord = await setUp();
    const odd = { fields: { list: [1, null], big: 12n, none: undefined, empty: "" }, color: 0x1_ff_ff_ff };
    const wrong = { url: "http://grafana:3000/d/1", thumbnail: "ftp://x.example/a.png", timestamp: "yesterday" };
    const result = await discord.notifier.send({ title: "Still there", ...odd, ...wrong, author: { name: "" } });
    expect(result).toMatchObject({ success: true, attempts: 1 });
    const [embed] = discord.emulator.messages()[0]!.embeds;
    expect(embed).toMatchObject({
      title: "Still there",
      description: "http://grafana:3000/d/1",
      color: 0x3498db,
      fields: [
        { name: "list", value: "[1, null]" },
        { name: "big", value: "12" },
        { name: "empty", value: "\u200b" },
      ],
    });
    expect(Object.keys(embed!)).not.toContain("thumbnail");
  });
});

// D2
describe("the builders", () => {
  it("make notifications that Discord takes as they are, of which only the critical one pings", async () => {
    await using discord = await setUp({ batching: false }, { limits: NO_LIMITS });
    const inputs = [
      errorNotification({ details: "The import stopped.", error: new TypeError("a.csv"), service: "import" }),
      criticalNotification({
        title: "Database down",
        message: "No answer",
        impact: "No orders",
        actionRequired: "Act",
      }),
      tracklistNotification({ title: "Mix", artists: ["Ana"], tracks: ["One", "Two"], url: "https://a.example/1" }),
      monitoringNotification({ metric: "cpu_load", value: 93.5, threshold: 90, status: "warning", unit: "%" }),
      securityNotification({ event: "Failed logins", source: "203.0.113.7", user: "@everyone", action: "Blocked" }),
      embed().title("Own").codeBlock("ts", "a = `b`").link("Docs", "https://a.example/d").build(),
    ];
    const results = await Promise.all(inputs.map((input) => discord.notifier.send(input)));
    expect(results.map(({ success, attempts }) => [success, attempts])).toEqual(inputs.map(() => [true, 1]));
    expect(discord.emulator.violations()).toEqual([]);
    const pinged = discord.emulator.messages().filter(({ pings }) => pings.here || pings.everyone);
    expect(pinged.map(({ embeds }) => embeds[0]!.title)).toEqual(["Database down"]);
    const [error] = discord.emulator.messages().filter(({ embeds }) => embeds[0]!.title === "TypeError");
    expect(error!.embeds[0]!.description).toMatch(
      /^The import stopped\.\n```\nTypeError: a\.csv\n {4}at [\s\S]*\n```$/,
    );
  });
});

// C5, C7
describe("getRateLimitInfo", () => {
  it("has what Discord's headers say, and waits before a refusal is provoked", async () => {
    await using discord = await setUp({ batching: false });
    await Promise.all(Array.from({ length: 3 }, (_, n) => discord.notifier.send({ title: `${n}` })));
    const { global_rate_limit, buckets } = discord.notifier.getRateLimitInfo();
    expect(global_rate_limit).toEqual({ active: false, reset_time: null, wait_time: 0 });
    const [[id, bucket] = []] = Object.entries(buckets);
    expect(Object.keys(buckets)).toHaveLength(1);
    expect(id).toMatch(new RegExp(`^[0-9a-f]+:${discord.webhook.id}$`));
    expect(bucket).toMatchObject({ limit: 5, remaining: 2, exhausted: false, wait_time: 0 });
    expect(bucket!.reset_after).toBeGreaterThan(0);
    expect(bucket!.reset_after).toBeLessThanOrEqual(2);
    expect(bucket!.reset_time! - bucket!.last_updated!).toBeCloseTo(2, 1);
    expect(discord.notifier.getRateLimitStatus()["general"]).toMatchObject({
      limit: 30,
      remaining: 27,
      remote: { limit: 5, remaining: 2 },
    });
  });

  it("shows the wait that a 429 named, globally", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "rate-limit", scope: "global", retryAfterMs: 30_000 } });
    void discord.notifier.send({ title: "x" });
    await vi.waitFor(() => expect(discord.notifier.getRateLimitInfo().global_rate_limit.active).toBe(true));
    const { wait_time } = discord.notifier.getRateLimitInfo().global_rate_limit;
    expect(wait_time).toBeGreaterThan(29);
    expect(wait_time).toBeLessThanOrEqual(30);
    await discord.notifier.close({ timeoutMs: 1 });
  });
});

// C6
describe("failures", () => {
  it("are tried again after the waits that are listed", async () => {
    const waits: number[] = [];
    await using discord = await setUp({
      retry: { delaysMs: [20, 40, 60], jitter: 0 },
      onEvent: (event) => {
        if (event.type === "retry-scheduled") waits.push(Math.round(event.retryAt - event.at));
      },
    });
    discord.emulator.faults.add({ times: 3, do: { kind: "status", status: 503 } });
    expect(await discord.notifier.send({ title: "x" })).toMatchObject({ success: true, attempts: 4 });
    expect(waits).toEqual([20, 40, 60]);
  });
});

function totalOf(embeds: readonly Embed[]): number {
  return embeds
    .flatMap(({ title, description, footer, author, fields = [] }) => [
      ...[title, description, footer?.text, author?.name],
      ...fields.flatMap(({ name, value }) => [name, value]),
    ])
    .reduce((sum, text) => sum + chars(text), 0);
}

interface Embed {
  readonly title?: string;
  readonly description?: string;
  readonly footer?: { readonly text: string };
  readonly author?: { readonly name: string };
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
}
