/** The process in which `notify()` is timed. */
import type { Notifier } from "@tocsin/core";
import { answerCalls } from "../child/answer-calls.ts";
import { createBenchNotifier } from "../contestant/tocsin.ts";
import { toNotification } from "../message.ts";

const NS_PER_US = 1_000;

let notifier: Notifier | null = null;
let webhooks = 0;
let number = 0;

function timeOne(): number {
  const notification = toNotification({ number, webhook: number++ % webhooks });
  const before = process.hrtime.bigint();
  notifier!.notify(notification);
  return Number(process.hrtime.bigint() - before) / NS_PER_US;
}

export const notifyCostCalls = {
  /** @returns what the first call costs, in microseconds */
  prepare({ urls }: { readonly urls: readonly string[] }): number {
    webhooks = urls.length;
    notifier = createBenchNotifier({ urls, perSecond: null, webhooksLimited: false, attempts: null });
    return timeOne();
  },
  /** @returns what each call costs, in microseconds */
  async time({ calls, inARow }: { readonly calls: number; readonly inARow: number }): Promise<number[]> {
    const timesUs: number[] = [];
    while (timesUs.length < calls) {
      for (let i = 0; i < inARow; i++) timesUs.push(timeOne());
      await new Promise((resolve) => setImmediate(resolve));
    }
    await notifier!.flush({ timeoutMs: 60_000 });
    return timesUs;
  },
};

answerCalls(notifyCostCalls);
