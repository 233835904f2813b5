/**
 * An independent client as a witness: what @discordjs/rest makes of the emulator is what it makes of Discord. The
 * client keeps real time, so the windows here are short.
 */
import { DiscordAPIError, HTTPError, REST } from "@discordjs/rest";
import { type APIMessage, Routes } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { post, setUp } from "../testing/harness.ts";
import type { EmulatorOptions } from "./options.ts";
import { systemClock } from "./time/clock.ts";

async function setUpClient(limits: NonNullable<EmulatorOptions["limits"]> = {}) {
  const bench = await setUp({ clock: systemClock, limits });
  const rest = new REST({ api: `${bench.emulator.url}/api`, offset: 0, retries: 1 });
  const route = Routes.webhook(bench.webhook.id, bench.webhook.token);
  const send = (body: object) => rest.post(route, { body, auth: false, query: new URLSearchParams({ wait: "true" }) });
  const close = async () => {
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
    await bench.emulator.close();
  };
  return { ...bench, rest, route, send, [Symbol.asyncDispose]: close };
}

describe("@discordjs/rest", () => {
  it("sends, fetches, edits and deletes, files included", async () => {
    await using client = await setUpClient();
    const sent = (await client.send({ content: "hello" })) as APIMessage;
    expect(sent.content).toBe("hello");
    const at = Routes.webhookMessage(client.webhook.id, client.webhook.token, sent.id);
    expect(await client.rest.get(at, { auth: false })).toMatchObject({ id: sent.id });
    expect(await client.rest.patch(at, { auth: false, body: { content: "edited" } })).toMatchObject({
      content: "edited",
    });
    await client.rest.delete(at, { auth: false });
    expect(client.emulator.messages()).toEqual([]);

    const files = [{ name: "a.txt", data: Buffer.from("in the file") }];
    await client.rest.post(client.route, { auth: false, body: { content: "see" }, files });
    expect(client.emulator.messages()[0]).toMatchObject({
      content: "see",
      attachments: [{ filename: "a.txt", sizeBytes: 11 }],
    });
  });

  it("understands the errors", async () => {
    await using client = await setUpClient();
    const refused = await client.send({ embeds: [{ title: "x".repeat(257) }] }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DiscordAPIError);
    expect(refused).toMatchObject({ code: 50035, status: 400 });
    expect((refused as DiscordAPIError).message).toContain(
      "embeds[0].title[BASE_TYPE_MAX_LENGTH]: Must be 256 or fewer in length.",
    );

    client.emulator.deleteWebhook(client.webhook.id);
    await expect(client.send({ content: "x" })).rejects.toMatchObject({ code: 10015, status: 404 });
  });

  it("keeps to the bucket it reads from the headers, and is not refused once", async () => {
    await using client = await setUpClient({ webhook: { limit: 2, intervalMs: 200 } });
    await Promise.all(["1", "2", "3", "4", "5"].map((content) => client.send({ content })));
    const requests = client.emulator.requests();
    expect(requests.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    // Two, two and one, each group after the window of the one before.
    expect(requests[4]!.receivedAt - requests[0]!.receivedAt).toBeGreaterThanOrEqual(400);
  });

  it("meets the hidden limit of the channel, believes its Retry-After, and gets through", async () => {
    await using client = await setUpClient({ channel: { limit: 1, intervalMs: 300 } });
    await client.send({ content: "1" });
    await client.send({ content: "2" });
    const [, refused, repeated] = client.emulator.requests();
    expect(refused).toMatchObject({ status: 429, limitedBy: "shared" });
    expect(repeated).toMatchObject({ status: 200 });
    // 300 ms, rounded up to the whole second of the header.
    expect(repeated!.receivedAt - refused!.receivedAt).toBeGreaterThanOrEqual(1_000);
  });

  it("meets the limit of its address as a global one", async () => {
    await using client = await setUpClient({ global: { limit: 1, intervalMs: 200 } });
    await client.send({ content: "1" });
    await client.send({ content: "2" });
    const [, refused, repeated] = client.emulator.requests();
    expect(refused).toMatchObject({ status: 429, limitedBy: "global" });
    expect(repeated!.receivedAt - refused!.receivedAt).toBeGreaterThanOrEqual(1_000);
  });

  it("repeats after a 500 and gives up with an HTTPError", async () => {
    await using client = await setUpClient();
    client.emulator.faults.add({ do: { kind: "status", status: 500 } });
    await expect(client.send({ content: "x" })).rejects.toBeInstanceOf(HTTPError);
    expect(client.emulator.counters().byStatus).toEqual({ 500: 2 });
  });

  it("never gets through to a server that punishes, because it trusts Reset-After", async () => {
    await using client = await setUpClient({ webhook: { limit: 1, intervalMs: 60 }, punish: true });
    await post(client.url, { content: "the slot is taken" });
    const refusedOften = new Promise<void>((resolve) => {
      client.emulator.onEvent(() => {
        if (client.emulator.counters().rateLimited.user >= 8) resolve();
      });
    });
    const abort = new AbortController();
    const sending = client.rest
      .post(client.route, { auth: false, body: { content: "x" }, signal: abort.signal })
      .catch((error: unknown) => error);
    await refusedOften;
    expect(client.emulator.messages()).toHaveLength(1);
    client.emulator.setLimits({ punish: false });
    abort.abort();
    await sending;
  });
});
