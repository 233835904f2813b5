import { describe, expect, it } from "vitest";
import { burst, post, setUp, v10 } from "../../testing/harness.ts";

const LIMIT_HEADERS = ["limit", "remaining", "reset", "reset-after", "scope", "global"] as const;

function limitHeaders(headers: Headers): (string | null)[] {
  return [headers.get("retry-after"), ...LIMIT_HEADERS.map((name) => headers.get(`x-ratelimit-${name}`))];
}

describe("the bucket of a webhook, 5 in 2 s", () => {
  it("shows in the headers of every answer, refusals included", async () => {
    await using bench = await setUp();
    const startsAt = bench.clock.now() / 1000;
    const first = await post(bench.url, { content: "x" });
    expect(limitHeaders(first.headers)).toEqual([null, "5", "4", `${startsAt + 2}.000`, "2.000", null, null]);
    bench.clock.advance(250);
    const second = await post(bench.url, {});
    expect(second.status).toBe(400);
    expect(limitHeaders(second.headers)).toEqual([null, "5", "3", `${startsAt + 2}.250`, "2.000", null, null]);
  });

  it("refuses the sixth, in seconds: rounded up in the header, exact in the body", async () => {
    await using bench = await setUp();
    expect(await burst(bench.url, 5)).toEqual([204, 204, 204, 204, 204]);
    bench.clock.advance(500);
    const sixth = await post(bench.url, { content: "x" });
    expect(sixth.body).toEqual({ message: "You are being rate limited.", retry_after: 1.5, global: false });
    expect(limitHeaders(sixth.headers)).toEqual(["2", "5", "0", expect.any(String), "1.500", "user", null]);
    bench.clock.advance(1_499);
    expect((await post(bench.url, { content: "x" })).status).toBe(429);
    bench.clock.advance(1);
    expect(await burst(bench.url, 6)).toEqual([204, 204, 204, 204, 204, 429]);
  });

  it("tells old versions the wait in milliseconds, in header and body", async () => {
    await using bench = await setUp();
    await burst(bench.webhook.url, 5);
    bench.clock.advance(500);
    const sixth = await post(bench.webhook.url, { content: "x" });
    expect([sixth.headers.get("retry-after"), sixth.body]).toMatchObject(["1500", { retry_after: 1500 }]);
  });

  it("may be a fixed window, which gives back all at once", async () => {
    await using bench = await setUp({ limits: { webhook: { limit: 2, intervalMs: 1_000, kind: "fixed" } } });
    await burst(bench.url, 1);
    bench.clock.advance(900);
    expect(await burst(bench.url, 2)).toEqual([204, 429]);
    bench.clock.advance(100);
    expect(await burst(bench.url, 3)).toEqual([204, 204, 429]);
  });

  it("is not drawn on by requests with a wrong token", async () => {
    await using bench = await setUp();
    await burst(bench.url.slice(0, -5).concat("AAAAA"), 5);
    expect(await burst(bench.url, 5)).toEqual([204, 204, 204, 204, 204]);
  });
});

describe("the hidden limit of a channel, 30 in 60 s", () => {
  it("holds over all its webhooks, with slots remaining, scope shared, and its own wait", async () => {
    await using bench = await setUp();
    const others = Array.from({ length: 6 }, () => v10(bench.emulator.createWebhook({ channel: bench.channel })));
    for (const url of others) expect(await burst(url, 5)).toEqual([204, 204, 204, 204, 204]);
    bench.clock.advance(14_600);
    const full = await post(bench.url, { content: "x" });
    expect(full.body).toEqual({ message: "The resource is being rate limited.", retry_after: 45.4, global: false });
    expect(limitHeaders(full.headers)).toEqual(["46", "5", "5", expect.any(String), "0.000", "shared", null]);
    const elsewhere = v10(bench.emulator.createWebhook({ channel: bench.emulator.createChannel({ name: "b" }) }));
    expect((await post(elsewhere, { content: "x" })).status).toBe(204);
    bench.clock.advance(45_400);
    expect((await post(bench.url, { content: "x" })).status).toBe(204);
  });
});

describe("the 50 in 1 s of an address", () => {
  it("come before everything the API says, without bucket headers", async () => {
    await using bench = await setUp({ limits: { global: { limit: 3, intervalMs: 1_000 } } });
    await burst(bench.url, 2);
    await post(`${bench.emulator.url}/api/v10/nowhere`, {});
    const limited = await post(bench.url, { content: "x" });
    expect(limited.status).toBe(429);
    expect(limited.body).toEqual({ message: "You are being rate limited.", retry_after: 1, global: true });
    expect(limitHeaders(limited.headers)).toEqual(["1", null, null, null, null, "global", "true"]);
    expect(limited.headers.get("via")).toBe("1.1 google");
  });
});

it("without limits there are no bucket headers and no refusals", async () => {
  await using bench = await setUp({ limits: { webhook: null, channel: null, global: null, invalid: null } });
  const statuses = await burst(bench.url, 60);
  expect(new Set(statuses)).toEqual(new Set([204]));
  expect((await post(bench.url, { content: "x" })).headers.get("x-ratelimit-limit")).toBeNull();
});
