/** The application that has more to tell than can be sent, and the one that goes on after it has died. */
import { createNotifier, type Notifier } from "@tocsin/core";
import { openSqliteStore } from "@tocsin/core/sqlite";
import { answerCalls } from "../child/answer-calls.ts";
import { toNotification, typeOf } from "../message.ts";

const GROUP = 1_000;

interface Place {
  readonly database: string;
  readonly urls: readonly string[];
}

let notifier: Notifier | null = null;
let number = 0;

export const millionQueuedCalls = {
  /** @returns notifications that wait already */
  open({ database, urls }: Place): number {
    notifier = createNotifier({
      env: { LOG_LEVEL: "silent" },
      store: openSqliteStore({ database }),
      webhooks: Object.fromEntries(urls.map((url, index) => [typeOf(index), url])),
      allowedHosts: urls.map((url) => new URL(url).host),
      timeoutMs: 3_600_000,
      validateOnStart: false,
      queueSize: 10_000_000,
      overflow: "reject",
    });
    return notifier.getQueueSize();
  },
  /** @returns when all are accepted, notifications that wait */
  async accept({ count, webhooks }: { readonly count: number; readonly webhooks: number }): Promise<number> {
    for (const until = number + count; number < until; ) {
      const receipts = Array.from({ length: GROUP }, () => {
        const receipt = notifier!.notify(toNotification({ number, webhook: number % webhooks }));
        number++;
        return receipt.accepted;
      });
      if ((await Promise.all(receipts)).includes(false)) throw new Error("a notification was refused");
    }
    return notifier!.getQueueSize();
  },
  /** One more, for whom nobody waits. */
  tell: (_: null): void => void notifier!.notify(toNotification({ number: number++, webhook: 0 })),
  /** Bytes; and the most that it ever was. */
  memory: (_: null) => ({ bytes: process.memoryUsage.rss(), mostBytes: process.resourceUsage().maxRSS * 1_024 }),
};

answerCalls(millionQueuedCalls);
