/** What is known to go wrong between a sender and Discord, each shown against the emulator. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { SendOutcome } from "../../delivery/channel.ts";
import { normaliseNotification } from "../../notification/normalise.ts";
import type { NotificationInput } from "../../notification/notification.ts";
import { expectFailure, requestOf, setUp } from "./emulated-discord.fixture.ts";

describe("the address", () => {
  it("is version 10, although the URL that Discord's button copies goes to version 6", async () => {
    await using discord = await setUp();
    expect(discord.webhook.url).not.toMatch(/\/v\d/);
    await discord.channel.send(requestOf());
    expect(discord.emulator.requests()).toMatchObject([
      { version: 10, path: expect.stringContaining("/api/v10/webhooks/") },
    ]);
  });

  it("is not one whose waits are in milliseconds and whose errors have no code, as those of version 6", async () => {
    await using discord = await setUp({ emulator: { limits: { webhook: { limit: 1, intervalMs: 1_500 } } } });
    const bare = await post(discord.webhook.url, { content: "" });
    expect(await bare.json()).not.toHaveProperty("errors");
    const told = (await post(discord.webhook.url, { content: "x" })).headers.get("retry-after");
    expect(Number(told)).toBeGreaterThan(1_000);
    expect(await discord.channel.send(requestOf())).toMatchObject({ kind: "rate-limited", retryAfterMs: 2_000 });
  });

  it("asks Discord to wait until the message is stored, so that 204 for a lost message cannot come", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "lose" } });
    expect((await post(discord.webhook.url, { content: "x", allowed_mentions: { parse: [] } })).status).toBe(204);
    expect(discord.emulator.messages()).toEqual([]);
    const outcome = await discord.channel.send(requestOf());
    expect(outcome).toMatchObject({ kind: "delivered", status: 200, messageId: discord.emulator.messages()[0]?.id });
  });

  it("is met with a User-Agent of Discord's form; one that a library sends by default is shut out", async () => {
    await using discord = await setUp();
    expect((await discord.channel.send(requestOf())).kind).toBe("delivered");
    await using rude = await setUp({ userAgent: "Python-urllib/3.12" });
    const outcome = await rude.channel.send(requestOf());
    expect(outcome).toMatchObject({ kind: "banned", retryAfterMs: null, error: { code: "banned-user-agent" } });
  });

  it("always says who may be pinged, which strict Discord insists on", async () => {
    await using discord = await setUp();
    await discord.channel.send(requestOf({ title: "@everyone", message: "<@&1> @here" }));
    expect(discord.emulator.violations()).toEqual([]);
    expect(discord.emulator.messages()[0]?.pings).toMatchObject({ everyone: false, here: false, roles: [] });
  });
});

describe("a webhook that is no more", () => {
  it("deleted: 404 with 10015", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "delete-webhook" } });
    expect(await discord.channel.send(requestOf())).toMatchObject({
      kind: "misconfigured",
      countsAsInvalid: false,
      error: { code: "discord-10015", status: 404, message: expect.stringContaining("create a new one") },
    });
  });

  it("with another token: 401 with 50027, which counts against the address", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "break-token" } });
    expect(await discord.channel.send(requestOf())).toMatchObject({
      kind: "misconfigured",
      countsAsInvalid: true,
      error: { code: "discord-50027", status: 401, message: expect.stringContaining("copy its URL again") },
    });
  });
});

describe("forums and threads", () => {
  it("a forum channel takes no message without a post", async () => {
    await using discord = await setUp({ kind: "forum" });
    expect(await discord.channel.send(requestOf())).toMatchObject({
      kind: "rejected",
      degradeBy: "as-post",
      countsAsInvalid: false,
      error: { code: "discord-220001", message: "The channel is a forum, so each alert opens a post." },
    });
    expect((await discord.channel.send(requestOf({ title: "Disk full" }))).kind).toBe("delivered");
    expect(discord.emulator.threads()).toMatchObject([{ name: "Disk full" }]);
  });

  it("a post of the forum named in the URL takes it", async () => {
    await using discord = await setUp({ kind: "forum", requireTag: true });
    const post = discord.emulator.createThread({ channelId: discord.webhook.channelId, name: "Alerts" });
    const outcome = await discord.open(`${discord.webhook.url}?thread_id=${post.id}`).send(requestOf());
    expect(outcome.kind).toBe("delivered");
  });

  it("a thread that is locked", async () => {
    await using discord = await setUp();
    const thread = discord.emulator.createThread({ channelId: discord.webhook.channelId, name: "old" });
    discord.emulator.updateThread(thread.id, { locked: true });
    const outcome = await discord.open(`${discord.webhook.url}?thread_id=${thread.id}`).send(requestOf());
    expect(outcome).toMatchObject({ kind: "misconfigured", error: { code: "discord-160005" } });
  });

  it("a thread that does not exist", async () => {
    await using discord = await setUp();
    const outcome = await discord.open(`${discord.webhook.url}?thread_id=123456789012345678`).send(requestOf());
    expect(outcome).toMatchObject({ kind: "misconfigured", error: { code: "discord-10003" } });
  });
});

describe("messages that Discord refuses whole", () => {
  it.each([
    ["a host without a dot", { embeds: [{ title: "x", url: "http://grafana:3000/d/1" }] }],
    ["an empty URL", { embeds: [{ title: "x", url: "" }] }],
    [
      "more than 6,000 characters in all",
      { embeds: [{ description: "x".repeat(4_000) }, { description: "x".repeat(2_001) }] },
    ],
    ["an embed of nothing", { embeds: [{}] }],
    ["nothing at all", { content: "" }],
    ["a forbidden name of the sender", { content: "x", username: "Discord alerts" }],
  ])("are refused by it indeed: %s", async (_, body) => {
    await using discord = await setUp();
    const refused = await post(discord.webhook.url, { ...body, allowed_mentions: { parse: [] } });
    expect(refused.status).toBe(400);
  });

  it.each<[string, NotificationInput]>([
    ["a host without a dot", { title: "x", url: "http://grafana:3000/d/1", image: "http://bugsink:8000/x.png" }],
    ["an empty URL", { title: "x", url: "", thumbnail: "" }],
    ["more than 6,000 characters in all", { title: "x", message: "x".repeat(9_000) }],
    ["emoji at the limit", { title: "👩‍👩‍👧‍👦".repeat(200), message: "😀".repeat(5_000) }],
    ["fields without text", { fields: [{ name: "", value: "" }] }],
    ["nothing at all", {}],
    ["a colour out of range", { title: "x", color: 99_999_999 }],
    ["a time that is none", { title: "x", timestamp: "yesterday" }],
  ])("are sent in a form that it takes: %s", async (_, input) => {
    await using discord = await setUp();
    const notification = normaliseNotification(input, { id: "ntf_test", now: Date.UTC(2026, 0, 1) });
    expect((await discord.channel.send(requestOf(notification))).kind).toBe("delivered");
  });

  it("because of a forbidden name of the sender are sent without it", async () => {
    await using discord = await setUp();
    const outcome = await discord.open(discord.webhook.url, { username: "Discord alerts" }).send(requestOf());
    expect(outcome.kind).toBe("delivered");
    expect(discord.emulator.messages()[0]?.username).toBe("Captain Hook");
  });

  it("because of files that are too large are refused with the step that helps", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "status", status: 413 }, times: 1 });
    const files = [{ name: "core.bin", data: new Uint8Array(1_000), contentType: null }];
    const refused = await discord.channel.send(requestOf({ files }));
    expect(refused).toMatchObject({ kind: "rejected", degradeBy: "without-files" });
    const outcome = await discord.channel.send(requestOf({ files }, { attempt: 2, degrade: ["without-files"] }));
    expect(outcome.kind).toBe("delivered");
    expect(discord.emulator.messages()[0]?.attachments).toEqual([]);
  });

  it("with 500 each time are in doubt each time; in a plainer form they pass", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ match: { contentIncludes: '"embeds"' }, do: { kind: "status", status: 500 } });
    for (const attempt of [1, 2, 3])
      expect((await discord.channel.send(requestOf({}, { attempt }))).kind).toBe("ambiguous");
    expect((await discord.channel.send(requestOf({}, { degrade: ["text-only"] }))).kind).toBe("delivered");
  });
});

describe("limits", () => {
  it("of the webhook: 429 with the wait in seconds", async () => {
    await using discord = await setUp({ emulator: { limits: { webhook: { limit: 1, intervalMs: 1_500 } } } });
    await discord.channel.send(requestOf());
    const outcome = expectFailure(await discord.channel.send(requestOf()));
    expect(outcome).toMatchObject({
      kind: "rate-limited",
      scope: "bucket",
      countsAsInvalid: true,
      limits: { limit: 1, remaining: 0 },
    });
    // The header is rounded up to whole seconds.
    expect(outcome.kind === "rate-limited" && outcome.retryAfterMs).toBe(2_000);
  });

  it("of the Discord channel: hidden, shared, arriving while the webhook has requests left, and not counted as invalid", async () => {
    await using discord = await setUp({ emulator: { limits: { channel: { limit: 1, intervalMs: 60_000 } } } });
    await discord.channel.send(requestOf());
    const outcome = expectFailure(await discord.channel.send(requestOf()));
    expect(outcome).toMatchObject({
      kind: "rate-limited",
      scope: "pool",
      countsAsInvalid: false,
      limits: { remaining: 4 },
    });
    expect(outcome.kind === "rate-limited" && outcome.retryAfterMs).toBe(60_000);
  });

  it("of the address: without any headers of a bucket", async () => {
    await using discord = await setUp({ emulator: { limits: { global: { limit: 1, intervalMs: 1_000 } } } });
    await discord.channel.send(requestOf());
    const outcome = await discord.channel.send(requestOf());
    expect(outcome).toMatchObject({ kind: "rate-limited", scope: "global", countsAsInvalid: true, limits: null });
  });

  it("on which header and body disagree: the longer wait", async () => {
    await using discord = await setUp();
    const fault = { kind: "rate-limit", scope: "shared", resetAfterMs: 64_570, remaining: 9 } as const;
    discord.emulator.faults.add({ do: { ...fault, retryAfterMs: 1_337_000, bodyRetryAfterMs: 776_570 }, times: 1 });
    expect(await discord.channel.send(requestOf())).toMatchObject({ kind: "rate-limited", retryAfterMs: 1_337_000 });
    discord.emulator.faults.add({ do: { ...fault, retryAfterMs: 2_000, bodyRetryAfterMs: 776_570 }, times: 1 });
    expect(await discord.channel.send(requestOf())).toMatchObject({ kind: "rate-limited", retryAfterMs: 776_570 });
  });

  it("that punish: the wait of Retry-After and not the shorter one of the bucket's reset", async () => {
    await using discord = await setUp({
      emulator: { limits: { webhook: { limit: 1, intervalMs: 10_000 }, punish: true } },
    });
    await discord.channel.send(requestOf());
    const outcome = expectFailure(await discord.channel.send(requestOf()));
    expect(outcome.limits?.resetAfterMs).toBe(5_000);
    expect(outcome.kind === "rate-limited" && outcome.retryAfterMs).toBeGreaterThan(10_000);
  });
});

describe("bans", () => {
  it.each([
    ["cloudflare-1015-text", "banned-1015", 66_271_000],
    ["cloudflare-1015-html", "banned-1015", 66_271_000],
    ["static-json", "banned-blocked", null],
    ["user-agent-1010", "banned-user-agent", null],
    ["json-40333", "banned-user-agent", null],
  ] as const)("of the shape %s", async (shape, code, retryAfterMs) => {
    await using discord = await setUp();
    discord.emulator.ban({ shape, retryAfterSeconds: 66_271 });
    const outcome = await discord.channel.send(requestOf());
    expect(outcome).toMatchObject({ kind: "banned", retryAfterMs, countsAsInvalid: true, error: { code } });
    expect(await discord.channel.check()).toMatchObject({ ok: false, kind: "banned", error: { code } });
  });
});

// B2
describe("Discord in trouble", () => {
  it.each([
    [500, "ambiguous"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "ambiguous"],
    [520, "ambiguous"],
    [521, "unavailable"],
  ] as const)("HTTP %i is %s, in JSON, HTML, text or nothing", async (status, kind) => {
    await using discord = await setUp();
    for (const body of ["json", "html", "text", "empty"] as const) {
      discord.emulator.faults.add({ do: { kind: "status", status, body }, times: 1 });
      expect(await discord.channel.send(requestOf())).toMatchObject({
        kind,
        error: { code: `http-${status}`, status },
      });
    }
    expect(discord.emulator.messages()).toEqual([]);
  });

  it("an error after the message was stored is in doubt", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "status", status: 500, store: "after" } });
    expect((await discord.channel.send(requestOf())).kind).toBe("ambiguous");
    expect(discord.emulator.messages()).toHaveLength(1);
  });

  it.each(["before", "after"] as const)("a connection that is reset %s storing is in doubt", async (store) => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "reset", store } });
    const outcome = await discord.channel.send(requestOf());
    expect(outcome).toMatchObject({
      kind: "ambiguous",
      error: { code: "connection-reset", message: /may have arrived/ },
    });
    expect(discord.emulator.messages()).toHaveLength(store === "after" ? 1 : 0);
  });

  it.each(["before", "after"] as const)(
    "no answer in time, %s storing, is in doubt and does not hang",
    async (store) => {
      await using discord = await setUp({ transport: { timeoutMs: 10_000 } });
      discord.emulator.faults.add({ do: { kind: "stall", store } });
      const arrived = discord.nextRequest();
      const sending = discord.channel.send(requestOf());
      await arrived;
      await discord.clock.advance(9_999);
      expect(await Promise.race([sending, "waiting"])).toBe("waiting");
      await discord.clock.advance(1);
      expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "timeout-headers", status: null } });
    },
  );

  it("an answer that stalls in its body has said all that counts", async () => {
    await using discord = await setUp({ transport: { timeoutMs: 10_000 } });
    discord.emulator.faults.add({ do: { kind: "stall", phase: "body" } });
    const outcome = await endAtDeadline(discord);
    const stored = discord.emulator.messages();
    expect(stored).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: "delivered", status: 200, messageId: stored[0]!.id });
  });

  it("an answer whose body comes in slowly is cut off at the deadline, over which no piece can lead it", async () => {
    await using discord = await setUp({ transport: { timeoutMs: 10_000 } });
    discord.emulator.faults.add({ do: { kind: "slow-body", ms: 600_000 } });
    expect(await endAtDeadline(discord)).toMatchObject({ kind: "delivered", messageId: null });
  });

  it("a slow answer that ends in time is a whole one", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "slow-body", ms: 50 } });
    const outcome = await discord.channel.send(requestOf());
    expect(outcome).toMatchObject({ kind: "delivered", messageId: discord.emulator.messages()[0]?.id });
  });

  it("an answer that is only announced (1xx) is none, and its connection is given up at the deadline", async () => {
    const gone = Promise.withResolvers<void>();
    const announcing = createServer((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));
      socket.on("close", () => gone.resolve());
    });
    await using server = await listen(announcing);
    await using discord = await setUp({ transport: { timeoutMs: 10_000 } });
    const announced = once(announcing, "connection").then(([socket]) => once(socket, "data"));
    const sending = discord.open(server.url).send(requestOf());
    await announced;
    for (let turn = 0; turn < 20; turn++) await discord.clock.settle();
    await discord.clock.advance(10_000);
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "timeout-headers" } });
    await gone.promise;
  });

  it("a form that breaks off half-way is in doubt", async () => {
    await using server = await listen(createServer((socket) => socket.once("data", () => socket.resetAndDestroy())));
    await using discord = await setUp();
    const files = [{ name: "core.bin", data: new Uint8Array(9_000_000), contentType: null }];
    const outcome = await discord.open(server.url).send(requestOf({ files }));
    expect(outcome).toMatchObject({ kind: "ambiguous", error: { code: "connection-reset" } });
  });

  it("an answer without end is not read to the end", async () => {
    const endless = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
        const pour = (): void => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on("drain", pour);
        pour();
      });
    });
    expect(await sendTo(endless)).toMatchObject({ kind: "delivered", messageId: null });
  });

  it("an answer that is not HTTP is in doubt", async () => {
    const outcome = await sendTo(
      createServer((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.9\r\n"))),
    );
    expect(outcome).toMatchObject({ kind: "ambiguous", error: { code: "bad-answer" } });
  });

  it("a connection that is closed without an answer is in doubt", async () => {
    const outcome = await sendTo(createServer((socket) => socket.once("data", () => socket.end())));
    expect(outcome).toMatchObject({ kind: "ambiguous", error: { code: "connection-reset" } });
  });
});

/** A request as somebody makes it who knows nothing of the trap. */
function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function endAtDeadline(discord: Awaited<ReturnType<typeof setUp>>): Promise<SendOutcome> {
  const arrived = discord.nextRequest();
  const sending = discord.channel.send(requestOf());
  await arrived;
  // The answer's beginning crosses a socket of this machine: a few turns of the event loop.
  for (let turn = 0; turn < 20; turn++) await discord.clock.settle();
  await discord.clock.advance(10_000);
  return sending;
}

/** Sends to a server that does with the bytes of a request what it likes. */
async function sendTo(server: Server): Promise<SendOutcome> {
  await using listening = await listen(server);
  await using discord = await setUp();
  return await discord.open(listening.url).send(requestOf());
}

/** A webhook's URL on a server that ends with the test, and its connections with it. */
async function listen(server: Server): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/1/abc`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
