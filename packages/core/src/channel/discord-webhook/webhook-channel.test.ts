import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startScriptedServer } from "../../../testing/scripted-server.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createHttpTransport } from "../http/transport.ts";
import { requestOf, setUp } from "./emulated-discord.fixture.ts";
import { createDiscordWebhookChannel } from "./webhook-channel.ts";

describe("sending", () => {
  it("stores the message and returns its id, the limits and the channel that shares one", async () => {
    await using discord = await setUp();
    const outcome = await discord.channel.send(requestOf({ title: "Import failed" }));
    const [stored] = discord.emulator.messages(discord.webhook);
    expect(stored?.embeds[0]?.title).toBe("Import failed");
    expect(outcome).toEqual({
      kind: "delivered",
      messageId: stored?.id,
      address: { id: stored?.id, channelId: stored?.channelId, threadId: null },
      status: 200,
      limits: {
        limit: 5,
        remaining: 4,
        resetAfterMs: expect.any(Number),
        bucket: expect.stringMatching(/^[0-9a-f]+$/),
        poolKey: `channel:${discord.webhook.channelId}`,
      },
    });
  });

  it("sends files as a form, with the JSON beside them", async () => {
    await using discord = await setUp();
    const name = 'log "1"\r\n.txt';
    const data = new Uint8Array([0, 255, 13, 10]);
    await discord.channel.send(requestOf({ title: "With file", files: [{ name, data, contentType: "text/plain" }] }));
    const [stored] = discord.emulator.messages(discord.webhook);
    expect(stored?.embeds[0]?.title).toBe("With file");
    expect(stored?.attachments).toMatchObject([{ filename: expect.stringContaining("log"), sizeBytes: 4 }]);
    const url = stored!.attachments[0]!.url;
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(data);
  });

  it("posts in the thread that the URL names", async () => {
    await using discord = await setUp();
    const thread = discord.emulator.createThread({ channelId: discord.webhook.channelId, name: "night" });
    const outcome = await discord.open(`${discord.webhook.url}?thread_id=${thread.id}&wait=false`).send(requestOf());
    expect(discord.emulator.messages(thread)).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: "delivered", limits: { poolKey: null } });
  });

  it("shows the name and picture of the style", async () => {
    await using discord = await setUp();
    await discord
      .open(discord.webhook.url, { username: "Night watch", avatarUrl: "https://a.example/b.png" })
      .send(requestOf());
    expect(discord.emulator.messages()[0]).toMatchObject({
      username: "Night watch",
      avatarUrl: "https://a.example/b.png",
    });
  });

  it("uses one connection for sends that follow each other", async () => {
    await using discord = await setUp();
    const server = await startScriptedServer({ status: 204 });
    const channel = discord.open(`${server.origin}/api/webhooks/1/a`);
    for (let n = 0; n < 5; n++) {
      expect((await channel.send(requestOf())).kind).toBe("delivered");
      // Paced sends are never in the same turn of the event loop, in which undici has not freed the connection yet.
      await setImmediate();
    }
    expect(server.connections).toBe(1);
    await server.close();
  });
});

describe("connections", () => {
  it("are no more than allowed; further sends wait for one", async () => {
    await using discord = await setUp({ transport: { connections: 2 } });
    const server = await startScriptedServer({ status: 204 });
    const channel = discord.open(`${server.origin}/api/webhooks/1/a`);
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => channel.send(requestOf())));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(9).fill("delivered"));
    expect(server.connections).toBe(2);
    await server.close();
  });
});

describe("limits", () => {
  const target = { id: "42", token: "t", threadId: null, origin: "https://discord.com", path: "/x", label: "x" };
  const style = { service: "test", username: null, avatarUrl: null };
  const transport = createHttpTransport({ clock: createVirtualClock() });

  it("are Discord's unless told otherwise", () => {
    expect(createDiscordWebhookChannel({ target, style, transport }).limits).toEqual({
      egress: { key: "discord:https://discord.com", spec: { limit: 50, intervalMs: 1_000 } },
      pool: { key: "channel-of-webhook:42", spec: { limit: 30, intervalMs: 60_000 } },
      bucket: { key: "webhook:42", spec: { limit: 5, intervalMs: 2_000 } },
    });
  });

  it("can each be replaced or lifted", () => {
    const spec = { limit: 9, intervalMs: 8 };
    const limits = { egress: null, pool: spec };
    expect(createDiscordWebhookChannel({ target, style, transport, limits }).limits).toMatchObject({
      egress: null,
      pool: { spec },
      bucket: { spec: { limit: 5 } },
    });
  });
});

describe("check", () => {
  it("tells name and channel without posting", async () => {
    await using discord = await setUp();
    const { channelId } = discord.webhook;
    expect(await discord.channel.check()).toEqual({
      ok: true,
      detail: `webhook "Captain Hook" in channel ${channelId}`,
      poolKey: `channel:${channelId}`,
    });
    expect(discord.emulator.messages()).toEqual([]);
    expect(discord.emulator.requests()).toMatchObject([{ method: "GET", version: 10 }]);
  });

  it("names the channel around a thread, whose hidden limit the thread shares", async () => {
    await using discord = await setUp();
    const { channelId } = discord.webhook;
    const thread = discord.emulator.createThread({ channelId, name: "night" });
    const checked = await discord.open(`${discord.webhook.url}?thread_id=${thread.id}`).check();
    expect(checked).toMatchObject({ ok: true, poolKey: `channel:${channelId}` });
  });

  it("tells what is wrong with a webhook", async () => {
    await using discord = await setUp();
    discord.emulator.breakToken(discord.webhook.id);
    expect(await discord.channel.check()).toMatchObject({
      ok: false,
      kind: "misconfigured",
      error: { code: "discord-50027" },
    });
    discord.emulator.deleteWebhook(discord.webhook.id);
    expect(await discord.channel.check()).toMatchObject({
      ok: false,
      kind: "misconfigured",
      error: { code: "discord-10015" },
    });
  });

  it("does not take another service for Discord", async () => {
    await using discord = await setUp();
    const server = await startScriptedServer({ status: 200, body: '{"hello":"world"}' });
    const checked = await discord.open(`${server.origin}/api/webhooks/1/a`).check();
    expect(checked).toMatchObject({ ok: false, kind: "unavailable", error: { code: "not-discord" } });
    await server.close();
  });

  it("says at what it failed when there is no answer in time", async () => {
    await using discord = await setUp({ transport: { timeoutMs: 10_000 } });
    discord.emulator.faults.add({ do: { kind: "stall" } });
    const arrived = discord.nextRequest();
    const checking = discord.channel.check();
    await arrived;
    await discord.clock.advance(10_000);
    expect(await checking).toMatchObject({ ok: false, kind: "unavailable", error: { code: "timeout-headers" } });
  });

  it("cannot be in doubt, because it posts nothing", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "status", status: 500 } });
    expect(await discord.channel.check()).toMatchObject({
      ok: false,
      kind: "unavailable",
      error: { code: "http-500" },
    });
  });
});

describe("closing", () => {
  it("ends this channel's requests and leaves those of others", async () => {
    await using discord = await setUp();
    const other = discord.open(discord.emulator.createWebhook({ channelId: discord.webhook.channelId }).url);
    discord.emulator.faults.add({ match: { webhookId: discord.webhook.id }, do: { kind: "stall" } });
    const arrived = discord.nextRequest();
    const sending = discord.channel.send(requestOf());
    await arrived;
    await discord.channel.close();
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "closed" } });
    expect(await other.send(requestOf())).toMatchObject({ kind: "delivered" });
  });

  it("of the transport ends all of them, and no timer is left", async () => {
    await using discord = await setUp();
    discord.emulator.faults.add({ do: { kind: "stall" } });
    const arrived = discord.nextRequest();
    const sending = discord.channel.send(requestOf());
    await arrived;
    await discord.transport.close();
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "closed" } });
    expect(await discord.channel.send(requestOf())).toMatchObject({ kind: "unavailable", error: { code: "closed" } });
    expect(discord.clock.pending).toBe(0);
  });
});
