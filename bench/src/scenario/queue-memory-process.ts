/** The process in which notifications pile up. */
import { createNotifier } from "@tocsin/core";
import { answerCalls } from "../child/answer-calls.ts";
import { toNotification } from "../message.ts";

/** Nothing listens there, so the first request fails and all others wait behind it. */
const NOWHERE = "http://127.0.0.1:9/api/webhooks/1300000000000000000/token";
const WARM_UP = 500;

function collectedBytes(): number {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

function input(number: number) {
  const notification = toNotification({ number, webhook: 0 });
  // Texts of an application come from files, sockets and templates: each is a string of its own.
  return { ...notification, message: Buffer.from(`${notification.message} (${number})`).toString() };
}

async function growthOf(count: number, keep: (number: number) => void): Promise<number> {
  const before = collectedBytes();
  for (let number = 0; number < count; number++) keep(number);
  await settle();
  return (collectedBytes() - before) / count;
}

export const queueMemoryCalls = {
  async measure({ count }: { readonly count: number }): Promise<{ bytes: number; inputBytes: number }> {
    const notifier = createNotifier({
      env: { LOG_LEVEL: "silent" },
      webhookUrl: NOWHERE,
      allowedHosts: ["127.0.0.1:9"],
      retry: { firstDelayMs: 600_000 },
      batching: false,
      validateOnStart: false,
      queueSize: count + WARM_UP,
      overflow: "reject",
    });
    for (let number = 0; number < WARM_UP; number++) notifier.notify(input(number));
    await settle();
    const bytes = await growthOf(count, (number) => notifier.notify(input(number)));
    const waiting = notifier.status().open;
    if (waiting !== count + WARM_UP) throw new Error(`${waiting} notifications wait, ${count + WARM_UP} should`);
    const kept: unknown[] = new Array(count).fill(null);
    const inputBytes = await growthOf(count, (number) => {
      kept[number] = input(number);
    });
    await notifier.close({ timeoutMs: 0 });
    return { bytes, inputBytes };
  },
};

answerCalls(queueMemoryCalls);
