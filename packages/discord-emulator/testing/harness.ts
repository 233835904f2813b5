/** What the tests of this package share: an emulator on a clock that stands still, and a way to talk to it. */
import { startEmulator } from "../src/emulator.ts";
import type { EmulatorOptions } from "../src/options.ts";
import type { Emulator, WebhookHandle } from "../src/remote.ts";
import { createManualClock, type ManualClock } from "../src/time/clock.ts";
import type { Channel } from "../src/world/places.ts";

export interface Bench extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly clock: ManualClock;
  readonly channel: Channel;
  readonly webhook: WebhookHandle;
  /** The webhook's address in version 10. */
  readonly url: string;
}

/** An emulator with one text channel and one webhook in it; `await using` closes it. */
export async function setUp(options: EmulatorOptions = {}): Promise<Bench> {
  const clock = createManualClock();
  const emulator = await startEmulator({ clock, ...options });
  const channel = emulator.createChannel({ name: "alerts" });
  const webhook = emulator.createWebhook({ channel, name: "Bell" });
  return { emulator, clock, channel, webhook, url: v10(webhook), [Symbol.asyncDispose]: () => emulator.close() };
}

export function v10(webhook: WebhookHandle): string {
  return webhook.url.replace("/api/", "/api/v10/");
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where the answer says it is JSON; the bare text otherwise. */
  readonly body: unknown;
}

export async function request(url: string, init: RequestInit = {}): Promise<Seen> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export function send(method: string, url: string, payload: unknown): Promise<Seen> {
  return request(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(payload) });
}

export function post(url: string, payload: unknown): Promise<Seen> {
  return send("POST", url, payload);
}

/** Sends so many messages one after the other and returns their statuses. */
export async function burst(url: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let sent = 0; sent < count; sent++) statuses.push((await post(url, { content: `message ${sent}` })).status);
  return statuses;
}
