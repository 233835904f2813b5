/** The process in which `notify()` of a notifier with a thread is timed. */
import { answerCalls } from "../child/answer-calls.ts";
import { createBenchNotifier } from "../contestant/tocsin.ts";
import { toNotification } from "../message.ts";
import { createNotifyTimer, type NotifyTimer } from "../notify-timer.ts";

let timer: NotifyTimer | null = null;

/** What this thread has spent so far, in microseconds. */
function spentUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

export const threadCostCalls = {
  /** @returns how long the start takes until the first notification has arrived, in milliseconds */
  async prepare({ urls }: { readonly urls: readonly string[] }): Promise<number> {
    const before = performance.now();
    const alone = { urls, perSecond: null, webhooksLimited: false, attempts: null, thread: true };
    const notifier = createBenchNotifier(alone);
    timer = createNotifyTimer(notifier, urls.length);
    await notifier.send(toNotification({ number: 0, webhook: 0 }));
    return performance.now() - before;
  },
  /** @returns what each call costs, and what each notification costs this thread in all, in microseconds */
  async time({ calls, inARow }: { readonly calls: number; readonly inARow: number }) {
    const before = spentUs();
    const timesUs = await timer!.timeAll(calls, inARow);
    return { timesUs, inAllUs: (spentUs() - before) / calls };
  },
};

answerCalls(threadCostCalls);
