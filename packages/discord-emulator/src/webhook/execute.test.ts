import { describe, expect, it } from "vitest";
import { post, request, setUp } from "../../testing/harness.ts";

describe("executing a webhook", () => {
  it("answers 204 without wait, 200 and the message with it, and stores it both times", async () => {
    await using bench = await setUp();
    const { emulator, channel, webhook, url } = bench;
    const first = await post(url, { content: "one" });
    expect([first.status, first.body, first.headers.get("via")]).toEqual([204, "", "1.1 google"]);

    const second = await post(`${url}?wait=true`, { username: "Nora", embeds: [{ title: "two" }], tts: true });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({
      type: 0,
      channel_id: channel.id,
      webhook_id: webhook.id,
      author: { id: webhook.id, username: "Nora", bot: true, discriminator: "0000" },
      embeds: [{ type: "rich", title: "two" }],
      timestamp: "2026-01-01T00:00:00.000000+00:00",
      edited_timestamp: null,
      tts: true,
      pinned: false,
    });
    expect(emulator.messages().map(({ content, username }) => [content, username])).toEqual([
      ["one", "Bell"],
      ["", "Nora"],
    ]);
  });

  it.each(["True", "true", "1"])("takes wait=%s for yes", async (wait) => {
    await using bench = await setUp();
    expect((await post(`${bench.url}?wait=${wait}`, { content: "x" })).status).toBe(200);
  });

  it("refuses what is empty: nothing at all, blanks, empty lists", async () => {
    await using bench = await setUp();
    for (const payload of [{}, { content: "  \n" }, { embeds: [] }, { username: "x" }, { components: [] }]) {
      const { status, body } = await post(bench.url, payload);
      expect([status, body]).toEqual([400, { message: "Cannot send an empty message", code: 50006 }]);
    }
    expect(bench.emulator.messages()).toEqual([]);
  });

  it("refuses bad JSON, and bodies of another or of no type", async () => {
    await using bench = await setUp({ limits: { webhook: null } });
    const json = { "content-type": "application/json" };
    expect((await request(bench.url, { method: "POST", headers: json, body: "{oops" })).body).toEqual({
      message: "The request body contains invalid JSON.",
      code: 50109,
    });
    for (const type of ["text/plain", "application/xml"]) {
      const seen = await request(bench.url, { method: "POST", headers: { "content-type": type }, body: "{}" });
      expect(seen.status).toBe(400);
      expect(seen.body).toMatchObject({ code: 50035, errors: { _errors: [{ code: "CONTENT_TYPE_INVALID" }] } });
    }
    const bare = await request(bench.url, { method: "POST", body: new Uint8Array([123, 125]) });
    expect(bare.body).toMatchObject({ errors: { _errors: [{ code: "CONTENT_TYPE_INVALID" }] } });
  });

  it("takes URL-encoded forms", async () => {
    await using bench = await setUp();
    const body = new URLSearchParams({ content: "from a form", tts: "true" });
    expect((await request(bench.url, { method: "POST", body })).status).toBe(204);
    expect(bench.emulator.messages()[0]).toMatchObject({ content: "from a form", tts: true });
  });

  it("answers unknown webhooks, wrong tokens, other methods, paths and versions as Discord does", async () => {
    await using bench = await setUp();
    const wrongToken = `${bench.url.slice(0, -1)}${bench.url.endsWith("A") ? "B" : "A"}`;
    const cases = [
      { url: bench.url.replace(bench.webhook.id, "123456789012345678"), status: 404, code: 10015 },
      { url: wrongToken, status: 401, code: 50027 },
      { url: `${bench.emulator.url}/api/v10/nowhere`, status: 404, code: 0 },
      { url: bench.url.replace("/v10/", "/v5/"), status: 400, code: 50041 },
      { url: bench.url.replace("/v10/", "/v11/"), status: 400, code: 50041 },
    ];
    for (const { url, status, code } of cases) {
      const seen = await post(url, { content: "x" });
      expect([seen.status, seen.body]).toEqual([status, { message: expect.any(String), code }]);
      expect(seen.headers.get("via")).toBe("1.1 google");
    }
    const put = await request(bench.url, { method: "PUT", body: "x" });
    expect([put.status, put.body]).toEqual([405, { message: "405: Method Not Allowed", code: 0 }]);
  });

  it("ignores flags that a webhook may not set, and shows no embeds where they are suppressed", async () => {
    await using bench = await setUp();
    await post(bench.url, { content: "x", embeds: [{ title: "y" }], flags: 4 + 64 + 4096 });
    const [message] = bench.emulator.messages();
    expect(message).toMatchObject({ flags: 4 + 4096, embeds: [{ title: "y" }], shownEmbeds: [] });
  });

  it("falls over components that are too heavy for it, every time", async () => {
    await using bench = await setUp();
    const components = [{ type: 10, content: "あ".repeat(3_387) }];
    const seen = await post(`${bench.url}?with_components=true`, { flags: 32768, components });
    expect([seen.status, seen.body]).toEqual([500, { message: "500: Internal Server Error", code: 0 }]);
    expect(bench.emulator.messages()).toEqual([]);
  });

  it("stores a poll", async () => {
    await using bench = await setUp();
    const answers = [{ poll_media: { text: "yes" } }, { poll_media: { text: "no" } }];
    const seen = await post(`${bench.url}?wait=1`, { poll: { question: { text: "Well?" }, answers, duration: 2 } });
    expect(seen.body).toMatchObject({
      poll: {
        question: { text: "Well?" },
        answers: [{ answer_id: 1 }, { answer_id: 2 }],
        expiry: "2026-01-01T02:00:00.000000+00:00",
      },
    });
  });
});

describe("which pings fire", () => {
  it("content times allowed_mentions; embeds never", async () => {
    await using bench = await setUp();
    await post(bench.url, {
      content: "@everyone <@11>",
      embeds: [{ description: "@here <@22> <@&33>" }],
      allowed_mentions: { parse: ["users", "roles", "everyone"] },
    });
    expect(bench.emulator.messages()[0]?.pings).toEqual({ everyone: true, here: false, users: ["11"], roles: [] });
  });

  it("by default only users", async () => {
    await using bench = await setUp();
    const seen = await post(`${bench.url}?wait=true`, { content: "@everyone <@11> <@&33>" });
    expect(bench.emulator.messages()[0]?.pings).toEqual({ everyone: false, here: false, users: ["11"], roles: [] });
    expect(seen.body).toMatchObject({ mention_everyone: false, mentions: [{ id: "11" }], mention_roles: [] });
  });

  it("in components too", async () => {
    await using bench = await setUp();
    const payload = { flags: 32768, components: [{ type: 10, content: "<@11>" }] };
    expect((await post(`${bench.url}?with_components=1`, payload)).status).toBe(204);
    expect(bench.emulator.messages()[0]?.pings.users).toEqual(["11"]);
  });
});

describe("strict mode", () => {
  it("refuses a message that leaves the pings to chance, and remembers it", async () => {
    await using bench = await setUp({ strict: true });
    const seen = await post(bench.url, { content: "hello" });
    expect(seen.status).toBe(400);
    expect(seen.body).toMatchObject({ errors: { allowed_mentions: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } } });
    expect(bench.emulator.violations()).toEqual([
      { at: bench.clock.now(), senderId: bench.webhook.id, kind: "allowed-mentions-missing", excerpt: "hello" },
    ]);
    expect((await post(bench.url, { content: "hello", allowed_mentions: { parse: [] } })).status).toBe(204);
    expect(bench.emulator.messages()).toHaveLength(1);
  });
});

describe("the manners of old versions", () => {
  it.each(["", "/v6", "/v7"])("at /api%s errors are flat", async (version) => {
    await using bench = await setUp();
    const url = bench.webhook.url.replace("/api/", `/api${version}/`);
    const cases = [
      { payload: { embeds: [{ title: "x".repeat(257) }] }, body: { embeds: ["0"] } },
      { payload: { embeds: Array(11).fill({ title: "x" }) }, body: { embeds: ["Must be 10 or fewer in length."] } },
      {
        payload: { embeds: Array(10).fill({ description: "x".repeat(601) }) },
        body: { embeds: ["Embed size exceeds maximum size of 6000"] },
      },
      { payload: [], body: { _misc: ["Only dictionaries may be used in a DictType"] } },
      { payload: {}, body: { message: "Cannot send an empty message", code: 50006 } },
    ];
    for (const { payload, body } of cases) expect((await post(url, payload)).body).toEqual(body);
  });

  it.each(["/v8", "/v9", "/v10"])("at /api%s they are trees", async (version) => {
    await using bench = await setUp();
    const url = bench.webhook.url.replace("/api/", `/api${version}/`);
    expect((await post(url, { embeds: [{ title: "x".repeat(257) }] })).body).toEqual({
      message: "Invalid Form Body",
      code: 50035,
      errors: {
        embeds: {
          "0": { title: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 256 or fewer in length." }] } },
        },
      },
    });
  });
});
