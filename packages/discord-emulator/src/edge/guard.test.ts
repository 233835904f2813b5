import { describe, expect, it } from "vitest";
import { burst, post, request, setUp } from "../../testing/harness.ts";

describe("a ban", () => {
  it.each([
    { shape: "cloudflare-1015-text", status: 429, type: "text/plain", retryAfter: "66271", body: "error code: 1015" },
    {
      shape: "cloudflare-1015-html",
      status: 429,
      type: "text/html; charset=UTF-8",
      retryAfter: "66271",
      body: expect.stringContaining("1015"),
    },
    {
      shape: "static-json",
      status: 429,
      type: "application/json",
      retryAfter: null,
      body: { code: 0, message: expect.stringMatching(/^You are being blocked from accessing our API temporarily/) },
    },
    { shape: "user-agent-1010", status: 403, type: "text/plain", retryAfter: null, body: "error code: 1010" },
    {
      shape: "json-40333",
      status: 403,
      type: "application/json",
      retryAfter: null,
      body: { message: "internal network error", code: 40333 },
    },
  ] as const)("of shape $shape has its own marks, and no Via", async ({ shape, status, type, retryAfter, body }) => {
    await using bench = await setUp();
    bench.emulator.ban({ shape, retryAfterSeconds: 66_271 });
    const seen = await post(bench.url, { content: "x" });
    expect(seen).toMatchObject({ status, body });
    const header = (name: string) => seen.headers.get(name);
    expect([header("content-type"), header("retry-after"), header("server")]).toEqual([type, retryAfter, "cloudflare"]);
    expect([header("via"), header("x-ratelimit-limit"), header("x-ratelimit-scope")]).toEqual([null, null, null]);
    expect(header("cf-ray")).not.toBeNull();
    expect(bench.emulator.messages()).toEqual([]);
  });

  it("counts its Retry-After down, and ends by itself", async () => {
    await using bench = await setUp();
    bench.emulator.ban({ shape: "cloudflare-1015-text", retryAfterSeconds: 60 });
    bench.clock.advance(45_500);
    expect((await post(bench.url, { content: "x" })).headers.get("retry-after")).toBe("15");
    bench.clock.advance(14_500);
    expect((await post(bench.url, { content: "x" })).status).toBe(204);
  });

  it("without an end has no Retry-After and lasts until it is lifted", async () => {
    await using bench = await setUp();
    bench.emulator.ban({ shape: "cloudflare-1015-text" });
    bench.clock.advance(86_400_000);
    const seen = await post(bench.url, { content: "x" });
    expect([seen.status, seen.headers.get("retry-after")]).toEqual([429, null]);
    bench.emulator.unban();
    expect((await post(bench.url, { content: "x" })).status).toBe(204);
  });

  it("of another address does not concern us", async () => {
    await using bench = await setUp();
    bench.emulator.ban({ shape: "static-json", remoteAddress: "192.0.2.1" });
    expect((await post(bench.url, { content: "x" })).status).toBe(204);
  });
});

describe("too many invalid requests", () => {
  it("bring a ban: 401, 403 and 429 count, shared 429 and others do not", async () => {
    await using bench = await setUp({
      limits: {
        invalid: { limit: 3, intervalMs: 600_000, banSeconds: 100 },
        channel: { limit: 2, intervalMs: 60_000 },
      },
    });
    const { emulator, url } = bench;
    expect(await burst(url, 4)).toEqual([204, 204, 429, 429]);
    await post(url.replace(bench.webhook.id, "123456789012345678"), { content: "404 does not count" });
    await post(url, {});
    const wrongToken = url.slice(0, -5).concat("AAAAA");
    expect(await burst(wrongToken, 2)).toEqual([401, 401]);
    expect(emulator.counters()).toMatchObject({ invalid: 2, bans: 0, rateLimited: { shared: 3, user: 0 } });

    expect(await burst(wrongToken, 1)).toEqual([401]);
    const banned = await post(url, { content: "x" });
    expect([banned.status, banned.headers.get("retry-after"), banned.body]).toEqual([429, "100", "error code: 1015"]);
    expect(emulator.counters()).toMatchObject({ invalid: 3, bans: 1, blocked: 1 });
  });

  it("are forgotten ten minutes after the first", async () => {
    await using bench = await setUp({ limits: { invalid: { limit: 2, intervalMs: 600_000, kind: "fixed" } } });
    const wrongToken = bench.url.slice(0, -5).concat("AAAAA");
    await burst(wrongToken, 1);
    bench.clock.advance(600_000);
    await burst(wrongToken, 1);
    expect((await post(bench.url, { content: "x" })).status).toBe(204);
  });
});

it.each(["Python-urllib/3.11", "python-urllib/2.7"])("the agent %s is not wanted", async (agent) => {
  await using bench = await setUp();
  const seen = await request(bench.url, { headers: { "user-agent": agent } });
  expect([seen.status, seen.body, seen.headers.get("via")]).toEqual([403, "error code: 1010", null]);
  expect((await request(bench.url, { headers: { "user-agent": "DiscordBot (https://a.example, 1.0)" } })).status).toBe(
    200,
  );
});
