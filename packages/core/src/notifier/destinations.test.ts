import { afterEach, describe, expect, it, vi } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { type ScriptedServer, startScriptedServer } from "../../testing/scripted-server.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { startMailServer } from "../channel/email/mail-server.fixture.ts";
import { createHttpTransport } from "../channel/http/transport.ts";
import { createNotifier } from "../notifier.ts";
import { type Destination, resolveDestinations, type Wanted } from "./destinations.ts";

const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
const DISCORD = `https://discord.com/api/webhooks/1403872946109284352/${TOKEN}`;
const KEY = Buffer.alloc(32, 0xfb).toString("base64");
const WEBHOOK = `webhook+https://example.org/T0ken4711/alerts?key=s3cret-k3y&secret=whsec_${KEY}`;
const SMTP = "smtp://ops:hunter2-hunter2@mail.example.org:587?from=alerts@example.org&to=ops@example.org";
const BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8";
const SECRETS = [TOKEN, BOT_TOKEN, KEY, "T0ken4711", "s3cret-k3y", "hunter2-hunter2"];

const clock = createVirtualClock();
const transport = createHttpTransport({ clock });
const bot = { token: BOT_TOKEN, channelId: "123456789012345678", apiUrl: null };
const style = { service: "shop", username: null, avatarUrl: null };

function resolve(byType: Readonly<Record<string, Destination>>, about: Partial<Wanted> = {}) {
  const none = {
    named: new Map(),
    routes: [],
    byDefault: null,
    bySeverity: new Map(),
    fallback: null,
    fallbacks: new Map(),
    variableOf: new Map(),
  };
  const wanted = { ...none, byType: new Map(Object.entries(byType)), ...about };
  return resolveDestinations(wanted, { clock, transport, style, allowedHosts: ["relay:8080"], limits: {}, bot });
}

describe("a destination", () => {
  it.each([
    ["console:", "console", "console"],
    ["file:/var/log/alerts.ndjson", "file", "file /var/log/alerts.ndjson"],
    ["file:///var/log/alerts.ndjson", "file", "file /var/log/alerts.ndjson"],
    ["file:alerts.ndjson", "file", "file alerts.ndjson"],
    [DISCORD, "discord-webhook", "Discord webhook 1403872946109284352"],
    [`discord://1403872946109284352/${TOKEN}`, "discord-webhook", "Discord webhook 1403872946109284352"],
    ["discord-bot:", "discord-bot", "bot in channel …5678"],
    ["discord-bot:876543210987654321", "discord-bot", "bot in channel …4321"],
    [WEBHOOK, "webhook", "webhook at example.org"],
    [` "${WEBHOOK}"\n`, "webhook", "webhook at example.org"],
    [WEBHOOK.toUpperCase().replace(/SECRET=.*/, `secret=whsec_${KEY}`), "webhook", "webhook at example.org"],
    [`webhook+http://relay:8080/?secret=whsec_${KEY}`, "webhook", "webhook at relay:8080"],
    [SMTP, "email", "e-mail to ops@example.org through mail.example.org"],
    [SMTP.replace("smtp:", "smtps:"), "email", "e-mail to ops@example.org through mail.example.org"],
  ])("may be %s", (text, kind, label) => {
    const { channels, problems, notes } = resolve({ error: text });
    expect([problems, notes]).toEqual([[], []]);
    expect(channels.get("error")).toMatchObject({ kind, label });
  });

  it.each([
    ["file:", /^The destination for error names no file: write file:\/var/],
    ["discord-bot:alerts", /^The destination for error names no channel of Discord's: turn on Developer Mode/],
    [
      "webhook+https://example.org/x",
      /^The destination for error has a secret that is missing: .*openssl rand -base64 32/,
    ],
    [
      `webhook+http://example.org/?secret=whsec_${KEY}`,
      /^The destination for error would reach example\.org:80 over plain http/,
    ],
    ["smtp://ops:hunter2-hunter2@mail.example.org?from=a@b.cd", /^The destination for error has no recipient \(to\)/],
    ["https://example.org/hook", /^The destination for error points to example\.org:443, which is not Discord/],
    ["", /^The destination for error is empty/],
  ])("may not be %s", (text, problem) => {
    const { channels, problems, table } = resolve({ error: text });
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems[0]).toMatch(/\S\.$/);
    expect([channels.size, table.byType.size]).toEqual([0, 0]);
  });

  it("has all its mistakes named", () => {
    const { problems } = resolve({
      error: "webhook+http://example.org/?secret=s3cret-k3y",
      info: "smtp://mail.example.org",
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain("s3cret-k3y");
  });

  it("says once what was left out of it", () => {
    const { notes } = resolve({ error: `${DISCORD}/slack`, critical: `${DISCORD}/slack`, info: `${SMTP}&pool=true` });
    expect(notes).toEqual([
      "The destination for error: /slack at the end of the webhook URL was left out: messages are sent in Discord's own form.",
      'The destination for info: "pool" in the SMTP URL was left out.',
    ]);
  });

  it("is one lane wherever it is named again", () => {
    const { channels, table, fallbackOf } = resolve(
      { a: WEBHOOK, b: WEBHOOK, c: SMTP, d: SMTP, e: DISCORD },
      { fallback: SMTP },
    );
    expect([...channels.keys()]).toEqual(["a", "c", "e"]);
    expect(Object.fromEntries(table.byType)).toEqual({ a: "a", b: "a", c: "c", d: "c", e: "e" });
    expect(Object.fromEntries(fallbackOf)).toEqual({ a: "c", e: "c" });
  });

  it("shows no secret in its labels and limits", () => {
    const { channels } = resolve({ a: WEBHOOK, b: SMTP, c: DISCORD });
    const shown = JSON.stringify([...channels.values()].map(({ kind, label, limits }) => [kind, label, limits]));
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });
});

describe("the log", () => {
  it("has no secret in any line, also in a logger of the application's own", async () => {
    const lines: string[] = [];
    const write = (message: string): void => void lines.push(message);
    const logger = { debug: write, info: write, warn: write, error: write };
    const notifier = createNotifier({
      env: { DISCORD_ALLOWED_HOSTS: `${DISCORD},${WEBHOOK},${SMTP}` },
      ...{ clock: createVirtualClock(), logger, validateOnStart: false, webhookUrl: `${DISCORD}/slack` },
    });
    expect(lines.join("\n")).toMatch(/DISCORD_ALLOWED_HOSTS lists .*\*\*\*[\s\S]*\/slack at the end/);
    for (const secret of SECRETS) expect(`${lines} ${notifier.problems}`).not.toContain(secret);
    await notifier.close({ timeoutMs: 1 });
  });

  it("has none of what a channel of the application's own says either", async () => {
    const lines: string[] = [];
    const write = (message: string): void => void lines.push(message);
    const logger = { debug: write, info: write, warn: write, error: write };
    const channel = createFakeChannel({ clock, label: "own" });
    const error = { code: "own", message: `No answer from ${SMTP}.`, status: null };
    channel.answer({ kind: "misconfigured", error, limits: null, countsAsInvalid: false });
    const notifier = createNotifier({ env: {}, logger, validateOnStart: false, webhookUrl: channel });
    await notifier.send({ title: "x" });
    await notifier.close();
    expect(lines.join("\n")).toMatch(/default is disabled: No answer from smtp:\/\/\*\*\*@mail\.example\.org/);
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it("is the console, without secrets, when there is no logger", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const notifier = createNotifier({ env: { DISCORD_ALLOWED_HOSTS: DISCORD }, validateOnStart: false });
    expect(warn.mock.calls.join()).toMatch(/tocsin: DISCORD_ALLOWED_HOSTS lists/);
    expect(warn.mock.calls.join()).not.toContain(TOKEN);
    warn.mockRestore();
    await notifier.close();
  });
});

describe("a fallback outside Discord", () => {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const options = { logger: quiet, validateOnStart: false, retry: { maxAttempts: 2, firstDelayMs: 1 } };
  let servers: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of servers) await server.close();
    servers = [];
  });

  async function brokenDiscord(): Promise<{ readonly server: ScriptedServer; readonly env: Record<string, string> }> {
    const server = await startScriptedServer({ status: 404, body: '{"code":10015,"message":"Unknown Webhook"}' });
    servers.push(server);
    const { host } = new URL(server.origin);
    return {
      server,
      env: { DISCORD_ALLOWED_HOSTS: host, DISCORD_WEBHOOK_URL: `${server.origin}/api/webhooks/42/${TOKEN}` },
    };
  }

  it("may be a signed webhook, whose receiver tells each notification exactly once by its id", async () => {
    const discord = await brokenDiscord();
    const receiver = await startScriptedServer({ status: 500 });
    servers.push(receiver);
    const fallback = `webhook+${receiver.origin}/alerts?secret=whsec_${KEY}`;
    const notifier = createNotifier({ ...options, env: { ...discord.env, DISCORD_WEBHOOK_FALLBACK: fallback } });
    const first = receiver.nextRequest();
    const sending = notifier.send({ type: "critical", title: "Disk full" });
    await first;
    // The first attempt was in doubt; the receiver has it.
    receiver.answerWith({ status: 204 });
    expect(await sending).toMatchObject({
      success: true,
      destinations: [{ destination: "fallback", possibleRepeat: true }],
    });
    await notifier.close();
    const told = receiver.requests.filter(({ body }) => JSON.parse(body).data.title === "Disk full");
    expect(told).toHaveLength(2);
    expect(new Set(told.map(({ headers, body }) => `${headers["webhook-id"]} ${body}`)).size).toBe(1);
  });

  it("may be e-mail", async () => {
    const discord = await brokenDiscord();
    const mailServer = await startMailServer();
    servers.push(mailServer);
    const fallback = `smtp://127.0.0.1:${mailServer.port}?from=alerts@example.org&to=ops+night@example.org`;
    const notifier = createNotifier({
      ...options,
      service: "shop",
      env: { ...discord.env, DISCORD_WEBHOOK_FALLBACK: fallback },
    });
    expect(await notifier.send({ type: "critical", title: "Disk full" })).toMatchObject({ success: true });
    await notifier.close();
    const subjects = mailServer.mails.map(({ subject }) => subject);
    expect(subjects).toContain("[shop] critical: Disk full");
    expect(mailServer.mails[0]!.envelope.to).toEqual(["ops+night@example.org"]);
  });
});

describe("the bot", () => {
  const env = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_MONITOR_CHANNEL_ID: "123456789012345678", LOG_LEVEL: "silent" };

  it("takes what is monitored when token and channel are set, unless something else does", async () => {
    const notifier = createNotifier({ env, validateOnStart: false });
    expect(notifier.explain({ type: "monitoring" }).to).toEqual(["monitoring"]);
    expect(notifier.explain({ type: "general" }).to).toEqual([]);
    expect(notifier.status().destinations).toMatchObject([{ destination: "monitoring" }]);
    await notifier.close();
    const other = createNotifier({ env: { ...env, DISCORD_WEBHOOK_MONITORING: "console:" }, validateOnStart: false });
    expect(other.validateConfiguration().destinations).toMatchObject([{ kind: "console" }]);
    await other.close();
  });

  it.each([
    [
      { DISCORD_WEBHOOK_URL: "discord-bot:123456789012345678" },
      /^DISCORD_WEBHOOK_URL goes through the bot, .*set DISCORD_BOT_TOKEN/,
    ],
    [
      { DISCORD_WEBHOOK_URL: "discord-bot:", DISCORD_BOT_TOKEN: BOT_TOKEN },
      /^DISCORD_WEBHOOK_URL names no channel: write discord-bot:/,
    ],
    [{ ...env, DISCORD_API_URL: "http://10.0.0.1/api" }, /DISCORD_API_URL names 10\.0\.0\.1, which is not Discord/],
  ])("says what is missing %#", async (settings, problem) => {
    const notifier = createNotifier({ env: { LOG_LEVEL: "silent", ...settings }, validateOnStart: false });
    expect(notifier.problems).toEqual([expect.stringMatching(problem)]);
    expect(JSON.stringify(notifier.problems)).not.toContain("123456789012345678");
    await notifier.close();
  });
});
