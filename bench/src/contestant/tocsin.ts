/** Tocsin, through its public door. The operator's own limit is off, and batching unless it is wanted, so that all send the same messages. */
import { createNotifier, type Notifier } from "@tocsin/core";
import { openSqliteStore } from "@tocsin/core/sqlite";
import { toNotification, typeOf } from "../message.ts";
import type { Contestant, ContestantOptions } from "./contestant.ts";

export function createTocsin(options: ContestantOptions): Contestant {
  const notifier = createBenchNotifier(options);
  return {
    send: async (message) => (await notifier.send(toNotification(message))).success,
    close: async () => void (await notifier.close()),
  };
}

export function createBenchNotifier({
  urls,
  perSecond,
  webhooksLimited,
  attempts,
  channelsLimited = false,
  batching = false,
  database,
  thread = false,
}: ContestantOptions): Notifier {
  return createNotifier({
    env: { LOG_LEVEL: "silent" },
    thread,
    ...(database === undefined ? {} : { store: openSqliteStore({ database }) }),
    webhooks: Object.fromEntries(urls.map((url, index) => [typeOf(index), url])),
    allowedHosts: [new URL(urls[0]!).host],
    rateLimit: { limit: Number.POSITIVE_INFINITY },
    limits: {
      egress: perSecond === null ? null : { limit: perSecond, intervalMs: 1_000 },
      // Every webhook has a Discord channel of its own here.
      ...(channelsLimited ? {} : { pool: null }),
      ...(webhooksLimited ? {} : { bucket: null }),
    },
    ...(attempts === null ? {} : { retry: { maxAttempts: attempts } }),
    batching,
    validateOnStart: false,
    queueSize: 1_000_000,
    overflow: "reject",
  });
}
