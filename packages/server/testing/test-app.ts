/** The whole server for a test: free ports, a database in a folder of its own, a channel in memory in Discord's place. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Channel, Notification } from "@tocsin/core";
import { type Clock, createSystemClock } from "@tocsin/core/stages";
import { createFakeChannel, type FakeChannel, type FakeChannelOptions } from "@tocsin/core/testing";
import { type Addresses, type App, type AppOptions, createApp } from "../src/app.ts";
import { createTestLogger, type LogLine } from "./test-logger.ts";

export interface TestAppOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** How the channel answers; `null` for none at all, with what `env` names instead. */
  readonly channel?: Omit<FakeChannelOptions, "clock"> | null;
  /** Further options of the notifier. */
  readonly notifier?: AppOptions["notifier"];
  /** Keep the database of an earlier one. */
  readonly folder?: string;
}

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly addresses: Addresses;
  /** Where the database is. */
  readonly folder: string;
  /** What was logged, parsed. */
  readonly log: readonly LogLine[];
  readonly channel: FakeChannel;
  /** What the channel was asked to tell, oldest first. */
  told(): readonly Notification[];
  /** Resolves when it was asked to tell so many. */
  untilTold(count: number): Promise<readonly Notification[]>;
  /** Calls the HTTP interface without a socket. */
  call<Json = unknown>(...request: Request): Promise<Answer<Json>>;
  /** Ends it and leaves the database for the next. */
  stop(): Promise<void>;
}

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
type Headers = Readonly<Record<string, string>>;
type Request = readonly [method: Method, url: string, body?: unknown, headers?: Headers];

export interface Answer<Json> {
  readonly status: number;
  readonly json: Json;
  readonly headers: Readonly<Record<string, unknown>>;
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "tocsin-test-"));
  const { logger, lines: log } = createTestLogger("debug");
  const { clock = createSystemClock() } = options;
  const channel = watched(createFakeChannel({ clock, ...options.channel }));
  const app = createApp({
    env: { PORT: "0", MQTT_PORT: "0", DATABASE_URL: `sqlite:${join(folder, "test.db")}`, ...options.env },
    logger,
    clock,
    notifier: { ...(options.channel !== null && { webhookUrl: channel.channel }), ...options.notifier },
  });
  const addresses = await app.start();

  return {
    app,
    addresses,
    folder,
    log,
    channel: channel.fake,
    told: channel.told,
    untilTold: channel.untilTold,
    call: callerOf(app),
    stop: () => app.stop(),
    async [Symbol.asyncDispose]() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function callerOf(app: App) {
  return async <Json>(...[method, url, body, headers = {}]: Request): Promise<Answer<Json>> => {
    const json = { payload: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
    const answer = await app.http!.inject({ method, url, headers, ...(body !== undefined && json) });
    const parsed = answer.body === "" ? null : answer.json();
    return { status: answer.statusCode, json: parsed as Json, headers: answer.headers };
  };
}

/** The channel, with ears for what it is asked to tell. */
function watched(fake: FakeChannel) {
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const told = (): readonly Notification[] => fake.sent.flatMap(({ request }) => request.notifications);
  const channel: Channel = {
    ...fake,
    send(request) {
      const outcome = fake.send(request);
      waiting = waiting.filter(({ count, resolve }) => (count <= told().length ? resolve() : true));
      return outcome;
    },
  };
  return {
    fake,
    channel,
    told,
    async untilTold(count: number): Promise<readonly Notification[]> {
      if (told().length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return told();
    },
  };
}
