import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../../../testing/scripted-server.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { Channel, SendRequest } from "../../delivery/channel.ts";
import { ConfigError } from "../../errors/config-error.ts";
import type { Notification, NotificationId } from "../../notification/notification.ts";
import { createHttpTransport } from "../http/transport.ts";
import { signedWebhookTarget } from "./target.ts";
import { createWebhookChannel, openWebhookChannel } from "./webhook-channel.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
let server: ScriptedServer;
let channel: Channel;
beforeEach(async () => {
  server = await startScriptedServer({ status: 204 });
  channel = createWebhookChannel({ url: `${server.origin}/hook?tenant=7`, secret: SECRET, service: "shop" });
});
afterEach(async () => {
  await channel.close();
  await server.close();
});

function requestOf(overrides: Partial<Notification> = {}, about: Partial<SendRequest> = {}): SendRequest {
  return { notifications: [aNotification(overrides)], attempt: 1, degrade: [], now: Date.now(), ...about };
}

describe("a request", () => {
  it("is accepted by another implementation of Standard Webhooks, and says who sends", async () => {
    await channel.send(requestOf({ title: "Größe 🔔" }));
    const [{ method, path, headers, body }] = server.requests as [ScriptedServer["requests"][number]];
    expect([method, path]).toEqual(["POST", "/hook?tenant=7"]);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^Tocsin\//),
    });
    const event = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(event).toMatchObject({ data: { title: "Größe 🔔", service: "shop" } });
    expect(() => new Webhook(OTHER_SECRET).verify(body, headers as Record<string, string>)).toThrow();
  });

  it("has the notification's id over all attempts, and the time of each", async () => {
    const at = (now: number) => requestOf({ id: "ntf_a1" as NotificationId }, { now });
    await channel.send(at(1_000_999));
    await channel.send({ ...at(1_005_000), attempt: 2 });
    const seen = server.requests.map(({ headers }) => [headers["webhook-id"], headers["webhook-timestamp"]]);
    expect(seen).toEqual([
      ["ntf_a1", "1000"],
      ["ntf_a1", "1005"],
    ]);
    expect(new Set(server.bodies).size).toBe(1);
  });

  it("is signed with each secret while one takes the other's place", async () => {
    const both = createWebhookChannel({ url: server.origin, secret: [OTHER_SECRET, SECRET] });
    await both.send(requestOf());
    await both.close();
    const [{ body, headers }] = server.requests as [ScriptedServer["requests"][number]];
    for (const secret of [SECRET, OTHER_SECRET]) new Webhook(secret).verify(body, headers as Record<string, string>);
  });

  it("is one for each notification, and none after one that failed", async () => {
    const titled = (title: string) => aNotification({ title, id: `ntf_${title}` });
    const request = requestOf({}, { notifications: [titled("a"), titled("b")] });
    await channel.send(request);
    server.answerWith({ status: 503 });
    expect(await channel.send(request)).toMatchObject({ kind: "unavailable" });
    expect(server.requests.map(({ headers }) => headers["webhook-id"])).toEqual(["ntf_a", "ntf_b", "ntf_a"]);
    expect(channel.fits).toBeUndefined();
  });

  it("comes over the same connection as the one before", async () => {
    await channel.send(requestOf());
    await new Promise(setImmediate);
    await channel.send(requestOf());
    expect(server.connections).toBe(1);
  });
});

describe("an answer", () => {
  it.each<[name: string, ScriptedAnswer, outcome: object]>([
    [
      "gone",
      { status: 410 },
      { kind: "misconfigured", error: { code: "http-410", message: /wants no more messages/ } },
    ],
    ["wrong signature", { status: 401 }, { kind: "misconfigured", error: { message: /must have the same secret/ } }],
    ["moved", { status: 308, headers: { location: "/x" } }, { kind: "misconfigured", error: { message: /has moved/ } }],
    [
      "not now, with a wait",
      { status: 503, headers: { "retry-after": "90" } },
      { kind: "unavailable", limits: { limit: null, remaining: 0, resetAfterMs: 90_000, bucket: null, poolKey: null } },
    ],
    [
      "too many, until a date",
      {
        status: 429,
        headers: { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", date: "Thu, 01 Jan 2026 00:00:00 GMT" },
      },
      { kind: "rate-limited", scope: "bucket", retryAfterMs: 30_000 },
    ],
    ["too many, without a wait", { status: 429 }, { kind: "rate-limited", retryAfterMs: null }],
    [
      "a refusal, explained in JSON",
      {
        status: 422,
        headers: { "content-type": "application/problem+json" },
        body: '{"title":"No","detail":"No team\\n7."}',
      },
      { kind: "rejected", degradeBy: null, error: { message: /refused \(it says: No team 7\)\.$/ } },
    ],
    [
      "a refusal, explained in words",
      { status: 400, headers: { "content-type": "text/plain; charset=utf-8" }, body: "unknown type" },
      { kind: "rejected", error: { message: /\(it says: unknown type\)\.$/ } },
    ],
    [
      "a refusal with a web page",
      { status: 400, headers: { "content-type": "text/html" }, body: "<h1>Bad</h1>" },
      { kind: "rejected", error: { message: /the message was refused\.$/ } },
    ],
    [
      "a refusal in JSON that is none",
      { status: 400, headers: { "content-type": "application/json" }, body: "{" },
      { kind: "rejected", error: { message: /the message was refused\.$/ } },
    ],
  ])("that says %s", async (_, answer, outcome) => {
    server.answerWith(answer);
    expect(await channel.send(requestOf())).toMatchObject(outcome);
  });

  it.each([
    ["application/json", (text: string) => JSON.stringify({ message: text })],
    ["text/plain", (text: string) => text],
  ])("that repeats secrets is passed on without them: %s", async (type, write) => {
    const hidden = createWebhookChannel({ url: `${server.origin}/T0ken%204711?key=s3cret-k3y`, secret: SECRET });
    const body = write(`no ${SECRET}, ${SECRET.slice(6)}, T0ken%204711, s3cret-k3y, ${SECRET.slice(6, -1)}`);
    server.answerWith({ status: 403, headers: { "content-type": type }, body });
    const outcome = await hidden.send(requestOf());
    expect(outcome).toMatchObject({ error: { message: /\(it says: no \*\*\*, \*\*\*, \*\*\*, \*\*\*, / } });
    for (const secret of [SECRET.slice(6), "4711", "s3cret"]) expect(JSON.stringify(outcome)).not.toContain(secret);
    await hidden.close();
  });

  it("that the message is too large takes the files out, once", async () => {
    server.answerWith({ status: 413 });
    const files = [{ name: "log", data: new Uint8Array(9), contentType: null }];
    expect(await channel.send(requestOf({ files }))).toMatchObject({ kind: "rejected", degradeBy: "without-files" });
    expect(await channel.send(requestOf())).toMatchObject({ degradeBy: null });
    const degraded = await channel.send(requestOf({ files }, { degrade: ["without-files"] }));
    expect(degraded).toMatchObject({ degradeBy: null });
    expect(JSON.parse(server.bodies.at(-1)!).data.files).toEqual([
      { name: "log", content_type: null, bytes: 9, base64: null },
    ]);
  });
});

describe("check", () => {
  it.each([200, 204, 400, 401, 404, 405, 429, 500, 501])(
    "is content with an answer of the receiver's own: %i",
    async (status) => {
      server.answerWith({ status });
      const { host } = new URL(server.origin);
      expect(await channel.check()).toEqual({ ok: true, detail: `webhook at ${host} answers`, poolKey: null });
      expect(server.requests).toMatchObject([{ method: "HEAD", path: "/hook?tenant=7", body: "" }]);
    },
  );

  it.each([
    [410, "misconfigured"],
    [301, "misconfigured"],
    [308, "misconfigured"],
    [302, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
  ])("is not with %i", async (status, kind) => {
    server.answerWith({ status });
    expect(await channel.check()).toMatchObject({ ok: false, kind, error: { code: `http-${status}` } });
  });

  it("says of a redirect that it is one", async () => {
    server.answerWith({ status: 302 });
    expect(await channel.check()).toMatchObject({
      error: { message: expect.stringMatching(/HTTP 302: this address redirects to another one, .*: check the URL/) },
    });
  });
});

describe("createWebhookChannel", () => {
  it("names every mistake, and no secret", () => {
    const wrong = () => createWebhookChannel({ url: "http://relay.example/x", secret: ["hunter2", ""] });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(
      /^CONFIG_WEBHOOK_CHANNEL: the webhook would reach .*; the webhook has a secret that does not .*missing/,
    );
    expect(wrong).not.toThrow(/hunter2/);
    expect(() => createWebhookChannel({ url: server.origin, secret: SECRET, timeoutMs: 0 })).toThrow(
      "CONFIG_HTTP_TRANSPORT",
    );
    expect(() => createWebhookChannel({ url: "nonsense", secret: [] })).toThrow(/URL that cannot be read.*missing/);
  });

  it("takes plain http to a listed host", () => {
    const options = { url: "http://relay.example/x", secret: SECRET, allowedHosts: ["relay.example"] };
    expect(createWebhookChannel(options).label).toBe("webhook at relay.example");
  });

  it("gives up after its time, in doubt once the request is out", async () => {
    const clock = createVirtualClock();
    const transport = createHttpTransport({ clock, timeoutMs: 15_000 });
    const parsed = signedWebhookTarget({ url: server.origin, secrets: [SECRET], allowedHosts: [] });
    if (!parsed.ok) throw new Error(parsed.problems.join());
    const patient = openWebhookChannel({ target: parsed.target, service: "shop", transport });
    server.answerWith(null);
    const arrived = server.nextRequest();
    const sending = patient.send(requestOf());
    await arrived;
    await clock.advance(15_000);
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "timeout-headers" } });
    await transport.close();
  });
});
