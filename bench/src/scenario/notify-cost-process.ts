/** The process in which `notify()` is timed. */
import { answerCalls } from "../child/answer-calls.ts";
import { createBenchNotifier } from "../contestant/tocsin.ts";
import { createNotifyTimer, type NotifyTimer } from "../notify-timer.ts";

let timer: NotifyTimer | null = null;

export const notifyCostCalls = {
  /** @returns what the first call costs, in microseconds */
  prepare({ urls }: { readonly urls: readonly string[] }): number {
    const notifier = createBenchNotifier({ urls, perSecond: null, webhooksLimited: false, attempts: null });
    timer = createNotifyTimer(notifier, urls.length);
    return timer.timeOne();
  },
  /** @returns what each call costs, in microseconds */
  time: ({ calls, inARow }: { readonly calls: number; readonly inARow: number }): Promise<number[]> =>
    timer!.timeAll(calls, inARow),
};

answerCalls(notifyCostCalls);
