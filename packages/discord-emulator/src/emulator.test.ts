import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "./emulator.ts";
import type { Emulator } from "./remote.ts";
import { createManualClock } from "./time/clock.ts";

const clock = createManualClock();
let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ clock });
});
afterEach(() => emulator.close());

function post(url: string, payload: unknown): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "test" },
    body: JSON.stringify(payload),
  });
}

describe("a first message", () => {
  it("is answered with 204 without wait, with 200 and the message with it, and is stored both times", async () => {
    const channel = emulator.createChannel({ name: "alerts" });
    const webhook = emulator.createWebhook({ channel, name: "Bell" });
    const first = await post(webhook.url, { content: "one" });
    expect(first.status).toBe(204);
    expect(first.headers.get("via")).toBe("1.1 google");
    const second = await post(`${webhook.url}?wait=true`, { embeds: [{ title: "two" }] });
    expect(second.status).toBe(200);
    expect(await second.json()).toMatchObject({ author: { username: "Bell" }, embeds: [{ title: "two" }] });
    expect(emulator.messages(channel).map(({ content }) => content)).toEqual(["one", ""]);
  });

  it("is one of five in two seconds; the sixth gets 429 and the wait in headers and body", async () => {
    const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
    const url = webhook.url.replace("/api/", "/api/v10/");
    const remaining: (string | null)[] = [];
    for (let at = 0; at < 5; at++)
      remaining.push((await post(url, { content: "x" })).headers.get("x-ratelimit-remaining"));
    expect(remaining).toEqual(["4", "3", "2", "1", "0"]);
    clock.advance(500);
    const sixth = await post(url, { content: "x" });
    expect([sixth.status, sixth.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(await sixth.json()).toMatchObject({ retry_after: 1.5, global: false });
  });
});
