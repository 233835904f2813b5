import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { request as rawRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { burst, post, request, send, setUp } from "../../testing/harness.ts";
import { findPage } from "./page.ts";
import type { PageAction, PageEvent } from "./protocol.ts";

/** `fetch` sets Host and Origin by itself; a hostile page's browser would not. */
function visit(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const visitor = rawRequest(url, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    visitor.on("error", reject);
    visitor.end();
  });
}

describe("the guard before the page", () => {
  it.each([
    { name: "by address", headers: {}, status: 200 },
    { name: "as localhost", headers: { host: "localhost:1234" }, status: 200 },
    { name: "by another address of this machine", headers: { host: "192.0.2.7:8090" }, status: 200 },
    { name: "under a name of somebody else's", headers: { host: "evil.example" }, status: 403 },
    { name: "from a page of another site", headers: { origin: "https://evil.example" }, status: 403 },
    { name: "from a sandboxed page", headers: { origin: "null" }, status: 403 },
  ])("$name: $status", async ({ headers, status }) => {
    await using bench = await setUp();
    expect(await visit(`${bench.emulator.url}/_emulator/events`, headers)).toBe(status);
  });
});

async function act(url: string, action: PageAction | object): Promise<number> {
  return (await send("POST", `${url}/_emulator/actions`, action)).status;
}

describe("orders of the page", () => {
  it("arm faults, ban, heal, set limits and delete webhooks", async () => {
    await using bench = await setUp();
    const { emulator, url } = bench;
    const say = async () => (await post(url, { content: "x" })).status;
    expect(await act(emulator.url, { kind: "fail", how: "500", times: 1 })).toBe(204);
    expect([await say(), await say()]).toEqual([500, 204]);
    expect(await act(emulator.url, { kind: "fail", how: "502-after", times: 1 })).toBe(204);
    expect([await say(), emulator.messages().length]).toEqual([502, 2]);
    expect(await act(emulator.url, { kind: "ban", shape: "json-40333", retryAfterSeconds: 60 })).toBe(204);
    expect(await say()).toBe(403);
    expect(await act(emulator.url, { kind: "heal" })).toBe(204);
    expect(await say()).toBe(204);
    expect(await act(emulator.url, { kind: "limits", preset: "none" })).toBe(204);
    expect(new Set(await burst(url, 9))).toEqual(new Set([204]));
    expect(await act(emulator.url, { kind: "delete-webhook", id: bench.webhook.id })).toBe(204);
    expect(await say()).toBe(404);
  });

  it.each([
    {},
    { kind: "fail", how: "nuke", times: 1 },
    { kind: "fail", how: "500", times: 0 },
    { kind: "ban", shape: "x", retryAfterSeconds: 1 },
    { kind: "limits", preset: "toString" },
    { kind: "delete-webhook", id: "1" },
    [],
  ])("that make no sense are refused: %o", async (action) => {
    await using bench = await setUp();
    expect(await act(bench.emulator.url, action)).toBe(400);
  });

  it("let a person write, react and have roles", async () => {
    await using bench = await setUp();
    const { emulator, channel } = bench;
    const as = "ada";
    expect(await act(emulator.url, { as, kind: "say", channelId: channel.id, text: "hello" })).toBe(200);
    const [message] = emulator.messages();
    expect(message).toMatchObject({ content: "hello", username: "ada", author: { kind: "user" } });
    expect(await act(emulator.url, { as, kind: "react", messageId: message!.id, emoji: "👍" })).toBe(200);
    expect(emulator.messages()[0]?.reactions).toEqual([{ emoji: "👍", userIds: [message?.author.id] }]);
    expect(await act(emulator.url, { as, kind: "roles", roles: ["operator"] })).toBe(200);
  });

  it.each([
    { as: "", kind: "say", channelId: "1", text: "x" },
    { as: "x".repeat(33), kind: "say", channelId: "1", text: "x" },
    { as: "ada", kind: "toString" },
    { as: "ada", kind: "say", channelId: "1", text: "x" },
    { as: "ada", kind: "say", channelId: "1" },
    { as: "ada", kind: "roles", roles: "operator" },
    { as: "ada", kind: "press", messageId: "1", customId: "x" },
    { as: "ada", kind: "slash", channelId: "1", command: "x", options: {} },
    { as: "ada", kind: "submit", token: "1", modal: { components: [] }, values: {} },
  ])("that no person can give are refused: %o", async (action) => {
    await using bench = await setUp();
    expect(await act(bench.emulator.url, action)).toBe(400);
    expect(bench.emulator.messages()).toEqual([]);
  });

  it("come as JSON by POST only, and not too long", async () => {
    await using bench = await setUp();
    const at = `${bench.emulator.url}/_emulator/actions`;
    expect((await request(at)).status).toBe(415);
    expect((await request(at, { method: "POST", body: '{"kind":"heal"}' })).status).toBe(415);
    expect((await send("POST", at, { kind: "x".repeat(20_000) })).status).toBe(400);
  });
});

/** The first so many events of the page's stream. */
async function events(url: string, count: number, provoke: () => Promise<unknown>): Promise<PageEvent[]> {
  const abort = new AbortController();
  const response = await fetch(`${url}/_emulator/events`, { signal: abort.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const heard = () => Array.from(text.matchAll(/^data: (.*)\n/gm), ([, data]) => JSON.parse(data!) as PageEvent);
  while (heard().length < 1) text += (await reader.read()).value;
  await provoke();
  while (heard().length < count) text += (await reader.read()).value;
  abort.abort();
  return heard();
}

describe("live data", () => {
  it("start with everything, and go on with news in batches", async () => {
    await using bench = await setUp();
    await burst(bench.url, 2);
    const [start, next] = await events(bench.emulator.url, 2, () => burst(bench.url, 2));
    expect(start).toMatchObject({
      kind: "start",
      surroundings: {
        channels: [{ name: "alerts" }],
        webhooks: [{ url: bench.webhook.url }],
        limits: "discord",
        isBanning: false,
      },
      news: { created: [{ content: "message 0" }, { content: "message 1" }], counts: { [bench.channel.id]: 2 } },
    });
    expect(next).toMatchObject({ kind: "news", news: { counters: { byStatus: { 204: expect.any(Number) } } } });
  });

  it("tell of surroundings that have changed", async () => {
    await using bench = await setUp();
    const heard = await events(bench.emulator.url, 2, async () => bench.emulator.createChannel({ name: "new" }));
    expect(heard[1]).toMatchObject({
      kind: "surroundings",
      surroundings: { channels: [{ name: "alerts" }, { name: "new" }] },
    });
  });

  it("stay small however much comes: the newest 100 messages, but all counted", async () => {
    await using bench = await setUp({ limits: { webhook: null, channel: null, global: null } });
    await Promise.all(Array.from({ length: 300 }, () => post(bench.url, { content: "x" })));
    const [start] = await events(bench.emulator.url, 1, async () => {});
    if (start?.kind !== "start") throw new Error("the stream does not begin with everything");
    expect(start.news.created).toHaveLength(100);
    expect(start.news.counts).toEqual({ [bench.channel.id]: 300 });
  });
});

describe("uploaded files", () => {
  it("that could be pages are offered for saving, and may do nothing where they are shown", async () => {
    await using bench = await setUp();
    const body = new FormData();
    body.set("files[0]", new Blob(["<script>alert(1)</script>"], { type: "text/html" }), "x.html");
    body.set("files[1]", new Blob(["<svg/>"], { type: "image/svg+xml" }), "x.svg");
    await request(bench.url, { method: "POST", body });
    for (const { url } of bench.emulator.messages()[0]!.attachments) {
      const { headers } = await request(url);
      expect(headers.get("content-type")).toBe("application/octet-stream");
      expect(headers.get("content-disposition")).toMatch(/^attachment;/);
      expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

describe("finding the page", () => {
  it("takes what is built, and nothing from outside its folder", async () => {
    await using folder = await temporaryPackage();
    await mkdir(join(folder.path, "dist", "page", "assets"), { recursive: true });
    await writeFile(join(folder.path, "dist", "page", "index.html"), "the page");
    await writeFile(join(folder.path, "dist", "page", "assets", "a.js"), "code");
    const found = await findPage(folder.path);
    if (found.kind !== "page") throw new Error(found.reason);
    expect(await found.file("/")).toMatchObject({ contentType: "text/html; charset=utf-8" });
    expect((await found.file("/assets/a.js"))?.bytes.toString()).toBe("code");
    for (const path of [
      "/assets/../../../package.json",
      "/assets/..%2f..%2fpackage.json",
      "/package.json",
      "/assets/",
    ]) {
      expect(await found.file(path)).toBeNull();
    }
  });

  it("does not take what is older than its sources", async () => {
    await using folder = await temporaryPackage();
    await mkdir(join(folder.path, "dist", "page"), { recursive: true });
    await mkdir(join(folder.path, "src", "page"), { recursive: true });
    const built = join(folder.path, "dist", "page", "index.html");
    await writeFile(built, "the page");
    await writeFile(join(folder.path, "src", "page", "main.ts"), "");
    await utimes(built, 1, 1);
    expect(await findPage(folder.path)).toMatchObject({ kind: "missing" });
  });

  it("says so when it can neither be found nor built", async () => {
    await using folder = await temporaryPackage();
    expect(await findPage(folder.path)).toEqual({
      kind: "missing",
      reason: expect.stringMatching(/could not be built/),
    });
  });
});

async function temporaryPackage(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "discord-emulator-"));
  await writeFile(join(path, "package.json"), "{}");
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
