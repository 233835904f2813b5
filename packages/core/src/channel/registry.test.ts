import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ChannelFixture, channelConformance, type OpenedChannel } from "../../testing/channel-conformance.ts";
import { startScriptedServer } from "../../testing/scripted-server.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { knownToken } from "./discord-bot/rest.ts";
import { parseWebhookUrl } from "./discord-webhook/url.ts";
import { startMailServer } from "./email/mail-server.fixture.ts";
import { createHttpTransport } from "./http/transport.ts";
import { CHANNELS, type ChannelKind } from "./registry.ts";

const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
const BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8";
const ANSWER = JSON.stringify({ id: "900", channel_id: "7", name: "Hook" });

/** Every kind of channel with a remote that works. A new kind without a fixture does not compile. */
const FIXTURES: Record<ChannelKind, ChannelFixture & { readonly speaksHttp: boolean }> = {
  "discord-webhook": { open: openDiscordWebhook, speaksHttp: true },
  "discord-bot": { open: openDiscordBot, speaksHttp: true },
  webhook: { open: openWebhook, speaksHttp: true },
  email: { open: openEmail, speaksHttp: false },
  console: { open: openConsole, speaksHttp: false },
  file: { open: openFile, speaksHttp: false },
};

// B1
describe.each(Object.entries(FIXTURES))("the channel %s", (kind, fixture) => {
  it("has the name under which it is registered", async () => {
    const { channel, dispose } = await fixture.open();
    expect(channel.kind).toBe(kind);
    await channel.close();
    await dispose();
  });

  for (const { claim, run } of channelConformance(fixture, fixture.speaksHttp)) it(claim, run);
});

it("every registered kind has a fixture", () => {
  expect(Object.keys(FIXTURES).sort()).toEqual(Object.keys(CHANNELS).sort());
});

async function openDiscordWebhook(): Promise<OpenedChannel> {
  const server = await startScriptedServer({
    status: 200,
    headers: { "content-type": "application/json" },
    body: ANSWER,
  });
  const url = `${server.origin}/api/webhooks/42/${TOKEN}`;
  const parsed = parseWebhookUrl(url, { allowedHosts: [new URL(server.origin).host] });
  if (!parsed.ok) throw new Error(parsed.problem);
  const transport = createHttpTransport({ clock: createSystemClock(), timeoutMs: 60_000 });
  const style = { service: "test", username: "Tester", avatarUrl: null };
  return {
    channel: CHANNELS["discord-webhook"]({ target: parsed.target, style, transport }),
    // A check sends no body.
    arrived: async () =>
      server.bodies.filter((body) => body !== "").map((body) => textsOf(JSON.parse(payloadOf(body))).join("\n")),
    breakRemote: () => server.close(),
    secrets: [TOKEN],
    server,
    dispose: async () => {
      await transport.close();
      await server.close();
    },
  };
}

async function openDiscordBot(): Promise<OpenedChannel> {
  const body = JSON.stringify({ id: "900", channel_id: "123456789012345678", name: "alerts" });
  const server = await startScriptedServer({ status: 200, headers: { "content-type": "application/json" }, body });
  const transport = createHttpTransport({ clock: createSystemClock(), timeoutMs: 60_000 });
  return {
    channel: CHANNELS["discord-bot"]({
      ...{ channelId: "123456789012345678", service: "test", transport, credentials: knownToken(BOT_TOKEN) },
      clock: createSystemClock(),
      api: { origin: server.origin, base: "/api/v10" },
    }),
    arrived: async () =>
      server.bodies.filter((body) => body !== "").map((body) => textsOf(JSON.parse(payloadOf(body))).join("\n")),
    breakRemote: () => server.close(),
    secrets: [BOT_TOKEN, "123456789012345678"],
    server,
    dispose: async () => {
      await transport.close();
      await server.close();
    },
  };
}

async function openWebhook(): Promise<OpenedChannel> {
  const server = await startScriptedServer({ status: 204 });
  const secret = `whsec_${Buffer.from("a key of some thirty bytes or so").toString("base64")}`;
  const url = `${server.origin}/hooks/T0123456789?token=q2w3e4r5t6`;
  return {
    channel: CHANNELS.webhook({ url, secret }),
    arrived: async () => server.bodies.filter((body) => body !== "").map((body) => JSON.parse(body).data.title),
    breakRemote: () => server.close(),
    secrets: [secret, secret.slice("whsec_".length), "T0123456789", "q2w3e4r5t6"],
    server,
    dispose: () => server.close(),
  };
}

async function openEmail(): Promise<OpenedChannel> {
  const server = await startMailServer({ login: { user: "ops@example.org", pass: "hunter2-hunter2" } });
  const smtpUrl = `smtp://ops%40example.org:hunter2-hunter2@127.0.0.1:${server.port}`;
  return {
    channel: CHANNELS.email({ smtpUrl, from: "alerts@example.org", to: ["a@example.org", "b@example.org"] }),
    arrived: async () => server.mails.map(({ text }) => text ?? ""),
    breakRemote: () => server.close(),
    secrets: ["hunter2-hunter2", Buffer.from("hunter2-hunter2").toString("base64")],
    server: null,
    dispose: () => server.close(),
  };
}

async function openConsole(): Promise<OpenedChannel> {
  const written: string[] = [];
  let broken = false;
  const write = (text: string): void => {
    if (broken) throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    written.push(text);
  };
  return {
    channel: CHANNELS.console({ write }),
    arrived: async () => written,
    breakRemote: async () => {
      broken = true;
    },
    secrets: [],
    server: null,
    dispose: async () => {},
  };
}

async function openFile(): Promise<OpenedChannel> {
  const folder = await mkdtemp(join(tmpdir(), "tocsin-conformance-"));
  const path = join(folder, "alerts.ndjson");
  return {
    channel: CHANNELS.file({ path }),
    arrived: async () => {
      const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => textsOf(JSON.parse(line)).join("\n"));
    },
    breakRemote: async () => void (await mkdir(path)),
    secrets: [],
    server: null,
    dispose: () => rm(folder, { recursive: true }),
  };
}

/** The JSON of a request, also of one with files. */
function payloadOf(body: string): string {
  return /name="payload_json"\r\n\r\n(.*)\r\n/.exec(body)?.[1] ?? body;
}

/** All the texts in a JSON value. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
