import { describe, expect, it } from "vitest";
import { burst, post, setUp } from "../testing/harness.ts";
import { startEmulator } from "./emulator.ts";

describe("the remote control", () => {
  it("gives webhooks in the form of Discord's copy button, with ids and tokens of its lengths", async () => {
    await using bench = await setUp();
    expect(bench.webhook.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/webhooks\/\d{17,19}\/[\w-]{68}$/);
  });

  it("says which channel is missing", async () => {
    await using bench = await setUp();
    expect(() => bench.emulator.createWebhook({ channelId: "1" })).toThrow(/no channel 1/);
    expect(() => bench.emulator.createThread({ name: "t" })).toThrow(/no channel undefined/);
  });

  it("finds messages by channel, by thread, by webhook, and all in their order", async () => {
    await using bench = await setUp();
    const { emulator, channel, webhook } = bench;
    const other = emulator.createWebhook({ channel: emulator.createChannel({ name: "b" }) });
    await post(bench.url, { content: "1" });
    await post(other.url, { content: "2" });
    await post(bench.url, { content: "3" });
    const texts = (of?: string | { id: string }) => emulator.messages(of).map(({ content }) => content);
    expect(texts()).toEqual(["1", "2", "3"]);
    expect(texts(channel)).toEqual(["1", "3"]);
    expect(texts(webhook.id)).toEqual(["1", "3"]);
    expect(texts(other)).toEqual(["2"]);
    expect(texts("123456789012345678")).toEqual([]);
  });

  it("keeps messages and requests within their bounds", async () => {
    await using bench = await setUp({ messagesPerChannel: 2, requestsKept: 3 });
    await burst(bench.url, 5);
    expect(bench.emulator.messages().map(({ content }) => content)).toEqual(["message 3", "message 4"]);
    expect(bench.emulator.requests()).toHaveLength(3);
    expect(bench.emulator.counters().requests).toBe(5);
  });

  it("remembers requests: when, what, from where, with which outcome", async () => {
    await using bench = await setUp();
    await post(`${bench.webhook.url}?wait=true`, { content: "x" });
    await burst(bench.url, 5);
    const [first, , , , , last] = bench.emulator.requests();
    expect(first).toEqual({
      receivedAt: bench.clock.now(),
      method: "POST",
      path: new URL(bench.webhook.url).pathname,
      version: 6,
      status: 200,
      limitedBy: null,
      fault: null,
      webhookId: bench.webhook.id,
      remoteAddress: "127.0.0.1",
    });
    expect(last).toMatchObject({ version: 10, status: 429, limitedBy: "user" });
    expect(bench.emulator.counters()).toMatchObject({
      requests: 6,
      byStatus: { 200: 1, 204: 4, 429: 1 },
      rateLimited: { user: 1, shared: 0, global: 0 },
      invalid: 1,
    });
  });

  it("waits for messages without asking again and again, and says how far it got", async () => {
    await using bench = await setUp();
    const three = bench.emulator.waitForMessages({ count: 3, channelId: bench.channel.id });
    await burst(bench.url, 3);
    expect((await three).map(({ content }) => content)).toEqual(["message 0", "message 1", "message 2"]);
    await expect(bench.emulator.waitForMessages({ count: 9, timeoutMs: 1 })).rejects.toThrow(
      "3 of 9 messages have come",
    );
  });

  it("tells what happens, to listeners and to loops", async () => {
    await using bench = await setUp();
    const heard: string[] = [];
    const stop = bench.emulator.onEvent(({ kind }) => heard.push(kind));
    const loop = (async () => {
      const kinds: string[] = [];
      for await (const { kind } of bench.emulator.events()) {
        kinds.push(kind);
        if (kinds.length === 4) break;
      }
      return kinds;
    })();
    await post(bench.url, { content: "x" });
    bench.emulator.ban({ shape: "static-json" });
    bench.emulator.deleteWebhook(bench.webhook.id);
    expect(await loop).toEqual(["message-created", "request", "changed", "webhook-deleted"]);
    stop();
    bench.emulator.unban();
    expect(heard).toEqual(["message-created", "request", "changed", "webhook-deleted"]);
  });
});

describe("starting and ending", () => {
  it("says when the port is taken", async () => {
    await using bench = await setUp();
    const port = Number(new URL(bench.emulator.url).port);
    await expect(startEmulator({ port })).rejects.toThrow(/EADDRINUSE/);
  });

  it.each([{ messagesPerChannel: 0 }, { requestsKept: 1.5 }, { fileBytes: -1 }])("refuses %o", async (options) => {
    await expect(startEmulator(options)).rejects.toThrow(RangeError);
  });

  it("cuts open connections when it ends", async () => {
    const bench = await setUp();
    bench.emulator.faults.add({ do: { kind: "stall" } });
    const heard = new Promise<void>((resolve) => bench.emulator.onEvent(() => resolve()));
    const waiting = post(bench.url, { content: "x" });
    await heard;
    await bench.emulator.close();
    await expect(waiting).rejects.toThrow();
  });
});
