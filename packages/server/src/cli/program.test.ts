import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, NO_LIMITS, startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandOptions, type CommandResult, tocsin as runCommand } from "../../testing/command-line.ts";
import type { Environment } from "../config/environment.ts";

let emulator: Emulator;
let webhook: WebhookHandle;
let env: Environment;

beforeAll(async () => {
  emulator = await startEmulator({ limits: NO_LIMITS });
  webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  env = { DISCORD_WEBHOOK_URL: webhook.url, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host };
});

afterAll(() => emulator.close());

function tocsin(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runCommand(args, { env, ...options });
}

describe("tocsin send", () => {
  it("delivers what the flags say, and exits with 0", async () => {
    const flags = [
      "--type",
      "critical",
      "--title",
      "Disk full",
      "--message",
      "of host a",
      "--field",
      "Free=0 B",
      "--field",
      "Host=a=b",
    ];
    expect(await tocsin(["send", ...flags, "--url", "https://example.com/a", "--color", "#123456"])).toEqual({
      code: 0,
      out: "",
      err: "",
    });
    const embed = emulator.messages().at(-1)!.embeds[0];
    expect(embed).toMatchObject({
      title: "Disk full",
      description: "of host a",
      url: "https://example.com/a",
      color: 0x123456,
      fields: [
        { name: "Free", value: "0 B" },
        { name: "Host", value: "a=b" },
      ],
    });
  });

  it("attaches files", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-cli-"));
    writeFileSync(join(folder, "report.txt"), "all is well");
    expect((await tocsin(["send", "--title", "Report", "--file", join(folder, "report.txt")])).code).toBe(0);
    rmSync(folder, { recursive: true });
    expect(emulator.messages().at(-1)!.attachments).toMatchObject([{ filename: "report.txt", sizeBytes: 11 }]);
  });

  it("takes the message from standard input", async () => {
    expect((await tocsin(["send", "--title", "Log"], { input: "line 1\nline 2\n" })).code).toBe(0);
    expect(emulator.messages().at(-1)!.embeds[0]).toMatchObject({ title: "Log", description: "line 1\nline 2" });
  });

  it("takes all of it as JSON from standard input; flags win", async () => {
    const input = JSON.stringify({ title: "From JSON", message: "text", author: { name: "cron" } });
    expect((await tocsin(["send", "--title", "From a flag"], { input })).code).toBe(0);
    const embed = emulator.messages().at(-1)!.embeds[0];
    expect(embed).toMatchObject({ title: "From a flag", description: "text", author: { name: "cron" } });
  });

  it("sends what only looks like JSON as the text it is", async () => {
    await tocsin(["send"], { input: "{not json" });
    expect(emulator.messages().at(-1)!.embeds[0]).toMatchObject({ description: "{not json" });
  });

  it("does not read standard input when there is a message", async () => {
    await tocsin(["send", "--message", "from the flag"], { input: "from the pipe" });
    expect(emulator.messages().at(-1)!.embeds[0]).toMatchObject({ description: "from the flag" });
    await tocsin(["send", "--title", "x", "--message", "-"], { input: "from the pipe" });
    expect(emulator.messages().at(-1)!.embeds[0]).toMatchObject({ description: "from the pipe" });
  });

  it("prints the result as JSON", async () => {
    const { out } = await tocsin(["send", "--title", "x", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      success: true,
      status: "delivered",
      messageId: emulator.messages().at(-1)!.id,
    });
  });

  it("shows the payload and sends nothing with --dry-run, which needs no webhook", async () => {
    const before = emulator.messages().length;
    const { code, out } = await tocsin(["send", "--title", "@everyone", "--type", "error", "--dry-run"], { env: {} });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ embeds: [{ color: 0xe67e22 }], allowed_mentions: { parse: [] } });
    expect(emulator.messages()).toHaveLength(before);
  });

  it.each([
    { args: [], says: /There is nothing to send/ },
    { args: ["--field", "x"], says: /--field x is no pair/ },
    { args: ["--title", "x", "--mention", "bob"], says: /--mention bob is no mention: write @here, .* or role:<id>/ },
    { args: ["--title", "x", "--color", "red"], says: /--color red is no colour/ },
    { args: ["--title", "x", "--file", "/nowhere/a"], says: /--file \/nowhere\/a cannot be read/ },
    { args: ["--title", "x", "--severity", "bad"], says: /Allowed choices are info, warning, error, critical/ },
    { args: ["--title", "x", "--timeout", "0"], says: /must be a number above 0/ },
    { args: ["--unknown"], says: /unknown option/ },
  ])("exits with 2 and says how to do it when called with $args", async ({ args, says }) => {
    const { code, err } = await tocsin(["send", ...args]);
    expect(code).toBe(2);
    expect(err).toMatch(says);
  });

  it("exits with 2 when the JSON on standard input is no notification", async () => {
    const { code, err } = await tocsin(["send"], { input: '{"titel": "x"}' });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/The JSON on standard input is not a notification: .*titel/),
    ]);
  });

  it("exits with 3 when no webhook is configured", async () => {
    const { code, err } = await tocsin(["send", "--title", "x"], { env: {} });
    expect([code, err]).toEqual([3, expect.stringMatching(/^tocsin: not sent: No destination is configured .*\n$/)]);
  });

  it("exits with 2 when the webhook that is configured is of no use, and names the variable", async () => {
    const { code, err } = await tocsin(["send", "--title", "x"], { env: { DISCORD_WEBHOOK_URL: "rubbish" } });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^tocsin: not sent: DISCORD_WEBHOOK_URL is not a URL: it should look .*\n$/),
    ]);
  });

  it("exits with 0 when notifications are turned off", async () => {
    const off = { ...env, DISCORD_NOTIFICATIONS_ENABLED: "false" };
    expect((await tocsin(["send", "--title", "x"], { env: off })).code).toBe(0);
  });

  it("exits with 4 when the webhook does not work, without giving away its token", async () => {
    const url = webhook.url.replace(/[^/]{68}$/, "x".repeat(68));
    const { code, err } = await tocsin(["send", "--title", "x"], { env: { ...env, DISCORD_WEBHOOK_URL: url } });
    expect(code).toBe(4);
    expect(err).toMatch(/^tocsin: not sent: .*DISCORD_WEBHOOK_URL.*\n$/);
    expect(err).not.toContain("x".repeat(68));
  });

  it("exits with 5 when Discord does not take it in time", async () => {
    const undo = emulator.faults.add({ do: { kind: "status", status: 503 } });
    const { code, err } = await tocsin(["send", "--title", "x", "--timeout", "0.3"]);
    undo();
    expect(code).toBe(5);
    expect(err).toMatch(/^tocsin: not sent: not taken within 0\.3 s: .*503.*\n$/);
  });

  it("tells of a mistake in another variable, although it was sent", async () => {
    const { code, err } = await tocsin(["send", "--title", "x"], { env: { ...env, DISCORD_WEBHOOK_ERRORS: "y" } });
    expect([code, err]).toEqual([0, expect.stringMatching(/^tocsin: DISCORD_WEBHOOK_ERRORS is not a URL.*\n$/)]);
  });

  it("says all that happens with LOG_LEVEL=info", async () => {
    const { err } = await tocsin(["send", "--title", "x"], { env: { LOG_LEVEL: "info" } });
    expect(err).toMatch(/configured, skipping.*\ntocsin: not sent: /);
  });

  it("lists its exit codes in its help", async () => {
    const { code, out } = await tocsin(["send", "--help"]);
    expect(code).toBe(0);
    for (const exitCode of [0, 1, 2, 3, 4, 5, 6]) expect(out).toMatch(new RegExp(`^ {2}${exitCode} `, "m"));
  });
});

describe("tocsin serve", () => {
  it("starts, says where it listens, and ends when told", async () => {
    const own = { PORT: "0", MQTT_PORT: "0", DATABASE_URL: "sqlite::memory:", LOG_LEVEL: "silent" };
    const { code, err } = await tocsin(["serve"], { env: own });
    expect([code, err]).toEqual([0, expect.stringMatching(/listening on http:\/\/127\.0\.0\.1:\d+, MQTT on port \d+/)]);
  });

  it("lists what is wrong with the environment, and exits with 2", async () => {
    const { code, err } = await tocsin(["serve"], { env: { PORT: "x", MQTT_PORT: "y" } });
    expect(code).toBe(2);
    expect(err).toMatch(/- PORT must be .*\n {2}- MQTT_PORT must be /);
  });

  it("lists all of it at once: numbers, hosts, Discord's variables and the file", async () => {
    const own = {
      PORT: "x",
      HOST: "0.0.0.0",
      MQTT_ACL_FILE: "a",
      DISCORD_RATE_LIMIT: "0",
      DISCORD_WEBHOOK_ERRORS: "y",
    };
    const { code, err } = await tocsin(["serve"], { env: { ...own, TOCSIN_CONFIG: "/nowhere/a.yaml" } });
    expect(code).toBe(2);
    const names = ["PORT", "MQTT_ACL_FILE", "HOST", "DISCORD_RATE_LIMIT", "DISCORD_WEBHOOK_ERRORS", "TOCSIN_CONFIG"];
    expect(Array.from(err.matchAll(/^ {2}- (\w+)/gm), ([, name]) => name)).toEqual(names);
  });

  it("says which port is taken and what to do", async () => {
    const port = new URL(emulator.url).port;
    const own = { PORT: port, MQTT_PORT: "0", DATABASE_URL: "sqlite::memory:", LOG_LEVEL: "silent" };
    const { code, err } = await tocsin(["serve"], { env: own });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(new RegExp(`127.0.0.1:${port} is in use already. .* set PORT`)),
    ]);
  });
});
