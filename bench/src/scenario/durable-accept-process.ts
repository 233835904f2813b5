/** The application that hands notifications to a durable store, and waits for each to be accepted. */
import { createNotifier, type Notifier } from "@tocsin/core";
import { openSqliteStore } from "@tocsin/core/sqlite";
import { answerCalls } from "../child/answer-calls.ts";
import { timeSyncs } from "../disk.ts";
import { toNotification } from "../message.ts";

/** Nothing listens there, so the first request fails and all others wait behind it. */
const NOWHERE = "http://127.0.0.1:9/api/webhooks/1300000000000000000/token";

let notifier: Notifier | null = null;
let number = 0;

async function acceptInTurn(until: number): Promise<void> {
  while (number < until) {
    const accepted = await notifier!.notify(toNotification({ number: number++, webhook: 0 })).accepted;
    if (!accepted) throw new Error("a notification was refused");
  }
}

export const durableAcceptCalls = {
  open({ database }: { readonly database: string }): void {
    notifier = createNotifier({
      env: { LOG_LEVEL: "silent" },
      store: openSqliteStore({ database }),
      webhookUrl: NOWHERE,
      allowedHosts: ["127.0.0.1:9"],
      retry: { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
      validateOnStart: false,
      queueSize: 10_000_000,
      overflow: "reject",
    });
  },
  /** @returns milliseconds until all are accepted, handed in by so many callers of whom each waits for its last before the next */
  async accept({ callers, count }: { readonly callers: number; readonly count: number }): Promise<number> {
    const until = number + count;
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: callers }, () => acceptInTurn(until)));
    return performance.now() - startedAt;
  },
  syncs: ({ folder, count }: { readonly folder: string; readonly count: number }) => timeSyncs(folder, count),
  async close(_: null): Promise<void> {
    await notifier!.close({ timeoutMs: 0 });
  },
};

answerCalls(durableAcceptCalls);
