import { describe, expect, it } from "vitest";
import { post, request, send, setUp } from "../../testing/harness.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";

describe("a webhook by its own token", () => {
  it("is shown without its creator", async () => {
    await using bench = await setUp();
    const { status, body } = await request(bench.url);
    expect(status).toBe(200);
    expect(body).toEqual({
      application_id: null,
      avatar: null,
      channel_id: bench.channel.id,
      guild_id: bench.emulator.guildId,
      id: bench.webhook.id,
      name: "Bell",
      type: 1,
      token: bench.webhook.token,
      url: bench.webhook.url,
    });
  });

  it("changes name and picture, and then speaks under them", async () => {
    await using bench = await setUp();
    const { body } = await send("PATCH", bench.url, { name: "Gong", avatar: PNG });
    expect(body).toMatchObject({ name: "Gong", avatar: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await post(bench.url, { content: "x" });
    expect(bench.emulator.messages()[0]).toMatchObject({ username: "Gong", avatarUrl: PNG });
    expect((await send("PATCH", bench.url, { avatar: null })).body).toMatchObject({ name: "Gong", avatar: null });
  });

  it.each([{ name: "discord bell" }, { avatar: "https://a.example/x.png" }])("refuses %o", async (payload) => {
    await using bench = await setUp();
    expect((await send("PATCH", bench.url, payload)).body).toMatchObject({ code: 50035 });
  });

  it("is deleted by whoever has the address; then it is unknown", async () => {
    await using bench = await setUp();
    expect((await request(bench.url, { method: "DELETE" })).status).toBe(204);
    expect((await post(bench.url, { content: "x" })).body).toEqual({ message: "Unknown Webhook", code: 10015 });
    expect(bench.emulator.webhooks()).toEqual([]);
  });

  it("can be deleted or given another token by remote control", async () => {
    await using bench = await setUp();
    const renewed = bench.emulator.breakToken(bench.webhook.id);
    expect((await post(bench.url, { content: "x" })).status).toBe(401);
    expect((await post(renewed.url, { content: "x" })).status).toBe(204);
    expect(bench.emulator.deleteWebhook(bench.webhook.id)).toBe(true);
    expect(bench.emulator.deleteWebhook(bench.webhook.id)).toBe(false);
    expect((await post(renewed.url, { content: "x" })).status).toBe(404);
    expect(() => bench.emulator.breakToken(bench.webhook.id)).toThrow(/nothing with the id/);
  });
});
