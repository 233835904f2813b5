/**
 * `@tocsin/core/pino`: a transport for pino that runs in pino's worker thread, and a stream for `pino.multistream`.
 *
 * @module
 */
import type { Writable } from "node:stream";
import type { LogSettings } from "./adapter/log-record.ts";
import { createPinoStream } from "./adapter/pino-stream.ts";
import type { NotifierOptions } from "./notifier/options.ts";
import { createNotifier } from "./notifier.ts";
import { openSqliteStore } from "./sqlite.ts";

export { createPinoStream, type PinoStreamOptions } from "./adapter/pino-stream.ts";

/** Only what can be handed to a worker thread: no functions, no objects of your own. */
export interface PinoTransportOptions
  extends LogSettings,
    Pick<
      NotifierOptions,
      "service" | "username" | "avatarUrl" | "allowedHosts" | "rateLimit" | "queueSize" | "overflow"
    > {
  /** Where to, in place of the environment's. */
  readonly webhookUrl?: string;
  readonly webhooks?: Readonly<Record<string, string>>;
  /** File of a durable store: what cannot be sent when the process ends is sent by the next one. @defaultValue memory */
  readonly database?: string;
  /** How long the end of the process waits for what is queued. More than 0. @defaultValue 2_000 */
  readonly closeTimeoutMs?: number;
}

/** pino adds options of its own, others with every version: what is not named here is not for the notifier. */
const FOR_NOTIFIER: readonly string[] = [
  "service",
  "username",
  "avatarUrl",
  "allowedHosts",
  "rateLimit",
  "queueSize",
  "overflow",
  "webhookUrl",
  "webhooks",
] satisfies (keyof PinoTransportOptions)[];

const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;

/**
 * For `pino.transport`: everything happens in pino's worker thread, with a notifier of its own that reads the environment.
 *
 * @throws ConfigError when an option is out of its range; StoreError when the database cannot be used
 *
 * @example
 * const log = pino({ transport: { target: "@tocsin/core/pino", options: { service: "Shop", severity: "error" } } });
 */
export function pinoTransport({
  severity,
  type,
  database,
  closeTimeoutMs = DEFAULT_CLOSE_TIMEOUT_MS,
  ...options
}: PinoTransportOptions = {}): Writable {
  const notifier = createNotifier({
    ...Object.fromEntries(Object.entries(options).filter(([name]) => FOR_NOTIFIER.includes(name))),
    ...(database === undefined ? {} : { store: openSqliteStore({ database }) }),
  });
  return createPinoStream({
    notifier,
    severity,
    type,
    onEnd: () => notifier.close({ timeoutMs: closeTimeoutMs }),
  });
}

// pino takes the default export of a target.
export { pinoTransport as default };
