/** The whole server for a test: free ports, a database in a folder of its own, a notifier that records. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@tocsin/core/stages";
import { type Addresses, type App, createApp } from "../src/app.ts";
import type { AlertSink } from "../src/greenhouse/alert-sink.ts";
import { createRecordingSink } from "./recording-sink.ts";
import { createTestLogger, type LogLine } from "./test-logger.ts";

export interface TestAppOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** `null` for the real notifier, with `env`. */
  readonly sink?: AlertSink | null;
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
  /** Calls the HTTP interface without a socket. */
  call<Json = unknown>(method: Method, url: string, body?: unknown): Promise<Answer<Json>>;
  /** Ends it and leaves the database for the next. */
  stop(): Promise<void>;
}

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface Answer<Json> {
  readonly status: number;
  readonly json: Json;
  readonly headers: Readonly<Record<string, unknown>>;
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "tocsin-test-"));
  const { logger, lines: log } = createTestLogger("debug");
  const env = { PORT: "0", MQTT_PORT: "0", DATABASE_URL: `sqlite:${join(folder, "test.db")}`, ...options.env };
  const { sink = createRecordingSink() } = options;
  const app = createApp({
    env,
    logger,
    ...(sink !== null && { sink }),
    ...(options.clock !== undefined && { clock: options.clock }),
  });
  const addresses = await app.start();

  async function call<Json>(method: Method, url: string, body?: unknown): Promise<Answer<Json>> {
    const answer = await app.http!.inject({
      method,
      url,
      ...(body !== undefined && { payload: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return {
      status: answer.statusCode,
      json: (answer.body === "" ? null : answer.json()) as Json,
      headers: answer.headers,
    };
  }

  return {
    app,
    addresses,
    folder,
    log,
    call,
    stop: () => app.stop(),
    async [Symbol.asyncDispose]() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
