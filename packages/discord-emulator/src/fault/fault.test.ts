import { describe, expect, it } from "vitest";
import { burst, post, request, type Seen, setUp } from "../../testing/harness.ts";
import { createChance } from "../world/identity.ts";
import { createFaultBox, type FaultAction } from "./fault.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** The status, or what the client's error was about. */
async function attempt(url: string, payload: object = { content: "x" }): Promise<Seen | string> {
  try {
    return await post(url, payload);
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? String(error);
  }
}

describe("a fault", () => {
  it.each([
    { store: "before", stored: 0 },
    { store: "after", stored: 1 },
  ] as const)("strikes $store the message is stored", async ({ store, stored }) => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "status", status: 502, store } });
    const seen = await post(bench.url, { content: "x" });
    expect([seen.status, seen.body]).toEqual([502, { message: "502: Bad Gateway", code: 0 }]);
    expect(bench.emulator.messages()).toHaveLength(stored);
    expect((await post(bench.url, { content: "x" })).status).toBe(204);
  });

  it("answers as JSON, page, text or nothing, with Retry-After on demand", async () => {
    await using bench = await setUp();
    const answerTo = async (body: "json" | "html" | "text" | "empty") => {
      bench.emulator.faults.add({ times: 1, do: { kind: "status", status: 503, body, retryAfterSeconds: 7 } });
      const seen = await post(bench.url, { content: "x" });
      return [seen.status, seen.headers.get("content-type"), seen.headers.get("retry-after"), seen.body];
    };
    expect(await answerTo("json")).toEqual([
      503,
      "application/json",
      "7",
      { message: "503: Service Unavailable", code: 0 },
    ]);
    expect(await answerTo("html")).toEqual([503, "text/html; charset=UTF-8", "7", expect.stringContaining("<h1>503")]);
    expect(await answerTo("text")).toEqual([503, "text/plain", "7", "503: Service Unavailable"]);
    expect(await answerTo("empty")).toEqual([503, null, "7", ""]);
  });

  it.each([
    { store: "before", stored: 0 },
    { store: "after", stored: 1 },
  ] as const)("resets the connection $store storing", async ({ store, stored }) => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "reset", store } });
    expect(await attempt(bench.url)).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(bench.emulator.messages()).toHaveLength(stored);
    expect(bench.emulator.requests().at(-1)).toMatchObject({ status: null, fault: "reset" });
    expect(bench.emulator.counters()).toMatchObject({ unanswered: 1, faults: 1 });
  });

  it("never hides a refusal when it strikes after storing, and keeps its times for one that is stored", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "reset", store: "after" } });
    expect((await post(bench.url, {})).status).toBe(400);
    expect(await attempt(bench.url)).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  });

  it("strikes only what it matches, and only what has passed the limits", async () => {
    await using bench = await setUp();
    const other = bench.emulator.createWebhook({ channel: bench.channel });
    const fail: FaultAction = { kind: "status", status: 500 };
    bench.emulator.faults.add({ match: { contentIncludes: "poison" }, do: fail });
    const onOther = bench.emulator.faults.add({ match: { webhookId: other.id, method: "get" }, do: fail });
    expect((await post(bench.url, { embeds: [{ title: "some poison" }] })).status).toBe(500);
    expect((await post(bench.url, { content: "pure" })).status).toBe(204);
    expect((await request(other.url)).status).toBe(500);
    expect((await request(bench.url)).status).toBe(200);
    onOther();
    expect((await request(other.url)).status).toBe(200);
    await burst(bench.url, 3);
    expect((await post(bench.url, { content: "poison" })).status).toBe(429);
    bench.emulator.faults.clear();
    bench.clock.advance(2_000);
    expect((await post(bench.url, { content: "poison" })).status).toBe(204);
  });

  it("lets a message be lost behind a 204, unless somebody waits for it", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "lose" } });
    const waited = await post(`${bench.url}?wait=true`, { content: "x" });
    expect([waited.status, bench.emulator.messages().length]).toEqual([200, 1]);
    const seen = await post(`${bench.url}?wait=false`, { content: "x" });
    expect([seen.status, bench.emulator.messages().length]).toEqual([204, 1]);
  });

  it("takes webhook or token away in the middle of things", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "break-token" } });
    expect((await post(bench.url, { content: "x" })).body).toMatchObject({ code: 50027 });
    const [renewed] = bench.emulator.webhooks();
    bench.emulator.faults.add({ times: 1, do: { kind: "delete-webhook" } });
    expect((await post(renewed!.url, { content: "x" })).body).toMatchObject({ code: 10015 });
    expect(bench.emulator.webhooks()).toEqual([]);
  });

  it("is a 429 out of turn, whose header and body may disagree", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({
      times: 1,
      do: {
        kind: "rate-limit",
        scope: "shared",
        retryAfterMs: 1_336_570,
        bodyRetryAfterMs: 776_570,
        resetAfterMs: 64_570,
        remaining: 9,
      },
    });
    const seen = await post(bench.url, { content: "x" });
    const header = (name: string) => seen.headers.get(name);
    expect([header("retry-after"), header("x-ratelimit-reset-after"), header("x-ratelimit-remaining")]).toEqual([
      "1337",
      "64.570",
      "9",
    ]);
    expect(seen.body).toMatchObject({ retry_after: 776.57, global: false });
    expect(bench.emulator.counters().rateLimited).toEqual({ user: 0, shared: 1, global: 0 });
  });
});

describe("a stall", () => {
  it("without an end holds the answer back until the client gives up", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "stall", store: "after" } });
    const arrived = bench.emulator.waitForMessages({ count: 1 });
    const abort = new AbortController();
    const waiting = fetch(bench.url, {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"content":"x"}',
      signal: abort.signal,
    });
    await arrived;
    abort.abort();
    await expect(waiting).rejects.toThrow(/abort/);
  });

  it("before storing does not store for a client that has gone meanwhile", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "stall", ms: 5_000 } });
    const struck = requestSeen(bench.emulator);
    const abort = new AbortController();
    const body = '{"content":"impatient"}';
    const waiting = fetch(bench.url, { method: "POST", headers: JSON_TYPE, body, signal: abort.signal });
    await struck;
    abort.abort();
    await expect(waiting).rejects.toThrow(/abort/);
    // The server hears of it a moment later: by then another request has been answered over a fresh connection.
    await request(bench.url);
    bench.clock.advance(5_000);
    expect(bench.emulator.messages()).toEqual([]);
  });

  it("before storing stores only when it ends", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "stall", ms: 5_000 } });
    const struck = requestSeen(bench.emulator);
    const answer = post(bench.url, { content: "patient" });
    await struck;
    expect(bench.emulator.messages()).toEqual([]);
    bench.clock.advance(5_000);
    expect((await answer).status).toBe(204);
    expect(bench.emulator.messages()).toHaveLength(1);
  });

  it("in the body sends headers and half of it first", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "stall", ms: 5_000, phase: "body" } });
    const response = await fetch(`${bench.url}?wait=true`, {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"content":"x"}',
    });
    expect(response.status).toBe(200);
    const body = response.text();
    bench.clock.advance(5_000);
    expect(JSON.parse(await body)).toMatchObject({ content: "x" });
  });

  it("a slow body comes in pieces and is whole in the end", async () => {
    await using bench = await setUp();
    bench.emulator.faults.add({ times: 1, do: { kind: "slow-body", ms: 1_000 } });
    const response = await fetch(`${bench.url}?wait=true`, {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"content":"pieces"}',
    });
    const reader = response.body!.getReader();
    let text = "";
    for (let piece = 0; piece < 10; piece++) {
      bench.clock.advance(100);
      text += new TextDecoder().decode((await reader.read()).value);
    }
    expect((await reader.read()).done).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ content: "pieces" });
  });
});

function requestSeen(emulator: {
  onEvent: (listener: (event: { kind: string }) => void) => () => void;
}): Promise<void> {
  return new Promise((resolve) => {
    const stop = emulator.onEvent(({ kind }) => {
      if (kind !== "request") return;
      stop();
      resolve();
    });
  });
}

describe("the box of faults", () => {
  it("draws its chances from the seed", () => {
    const draw = (seed: number) => {
      const box = createFaultBox(createChance(seed));
      box.add({ probability: 0.1, do: { kind: "reset" } });
      const target = { webhookId: "1", path: "/api/webhooks/1/x", method: "POST", bytes: Buffer.alloc(0) };
      return Array.from({ length: 1_000 }, () => box.pick(target) !== null);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
    const struck = draw(1).filter(Boolean).length;
    expect(struck).toBeGreaterThan(70);
    expect(struck).toBeLessThan(130);
  });

  it.each([{ times: 0 }, { times: 1.5 }, { probability: 1.1 }, { probability: Number.NaN }])("refuses %o", (fault) => {
    expect(() => createFaultBox(() => 0).add({ ...fault, do: { kind: "reset" } })).toThrow(RangeError);
  });
});
