/** Times `notify()` of a notifier, call by call. */
import type { Notifier } from "@tocsin/core";
import { toNotification } from "./message.ts";

const NS_PER_US = 1_000;

export interface NotifyTimer {
  /** @returns what one call costs, in microseconds */
  timeOne(): number;
  /** So many calls, a few in each turn of the event loop, until all have been sent. @returns what each costs, in microseconds */
  timeAll(calls: number, inARow: number): Promise<number[]>;
}

/** The calls are dealt to the webhooks in turn. */
export function createNotifyTimer(notifier: Notifier, webhooks: number): NotifyTimer {
  let number = 0;

  function timeOne(): number {
    const notification = toNotification({ number, webhook: number++ % webhooks });
    const before = process.hrtime.bigint();
    notifier.notify(notification);
    return Number(process.hrtime.bigint() - before) / NS_PER_US;
  }

  return {
    timeOne,
    async timeAll(calls, inARow) {
      const timesUs: number[] = [];
      while (timesUs.length < calls) {
        for (let i = 0; i < inARow; i++) timesUs.push(timeOne());
        await new Promise((resolve) => setImmediate(resolve));
      }
      await notifier.flush({ timeoutMs: 60_000 });
      return timesUs;
    },
  };
}
