/** The process in which `notify()` of a notifier with a thread is timed. */
import { createNotifier, type Notifier } from "@tocsin/core";
import { answerCalls } from "../child/answer-calls.ts";
import { toNotification, typeOf } from "../message.ts";

const NS_PER_US = 1_000;
const US_PER_MS = 1_000;

let notifier: Notifier | null = null;
let webhooks = 0;
let number = 0;

function timeOne(): number {
  const notification = toNotification({ number, webhook: number++ % webhooks });
  const before = process.hrtime.bigint();
  notifier!.notify(notification);
  return Number(process.hrtime.bigint() - before) / NS_PER_US;
}

/** What this thread has spent so far, in microseconds. */
function spentUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

export const threadCostCalls = {
  /** @returns how long the start takes until the first notification has arrived, in milliseconds */
  async prepare({ urls }: { readonly urls: readonly string[] }): Promise<number> {
    webhooks = urls.length;
    const before = process.hrtime.bigint();
    notifier = createNotifier({
      thread: true,
      env: { LOG_LEVEL: "silent" },
      webhooks: Object.fromEntries(urls.map((url, index) => [typeOf(index), url])),
      allowedHosts: [new URL(urls[0]!).host],
      rateLimit: { limit: Number.POSITIVE_INFINITY },
      limits: { egress: null, pool: null, bucket: null },
      batching: false,
      validateOnStart: false,
      queueSize: 1_000_000,
      overflow: "reject",
    });
    await notifier.send(toNotification({ number, webhook: number++ % webhooks }));
    return Number(process.hrtime.bigint() - before) / NS_PER_US / US_PER_MS;
  },
  /** @returns what each call costs, and what each notification costs this thread in all, in microseconds */
  async time({ calls, inARow }: { readonly calls: number; readonly inARow: number }) {
    const timesUs: number[] = [];
    const before = spentUs();
    while (timesUs.length < calls) {
      for (let i = 0; i < inARow; i++) timesUs.push(timeOne());
      await new Promise((resolve) => setImmediate(resolve));
    }
    await notifier!.flush({ timeoutMs: 60_000 });
    return { timesUs, inAllUs: (spentUs() - before) / calls };
  },
};

answerCalls(threadCostCalls);
