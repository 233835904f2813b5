/** The application that has a backlog of infos, and now and then something critical to tell. */
import { setTimeout as sleep } from "node:timers/promises";
import { createNotifier } from "@tocsin/core";
import { answerCalls } from "../child/answer-calls.ts";
import { toNotification } from "../message.ts";

export interface Sent {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface PriorityRun {
  /** By number, in epoch milliseconds. */
  readonly criticals: readonly { readonly number: number; readonly handedOverAt: number; readonly waiting: number }[];
  /** Requests, in the order in which they ended. */
  readonly sent: readonly Sent[];
}

export const priorityCalls = {
  async run({
    url,
    infos,
    pausesMs,
  }: {
    readonly url: string;
    readonly infos: number;
    readonly pausesMs: readonly number[];
  }) {
    const numbers = new Map<string, number>();
    const sent: Sent[] = [];
    const notifier = createNotifier({
      env: { LOG_LEVEL: "silent" },
      webhookUrl: url,
      allowedHosts: [new URL(url).host],
      rateLimit: { limit: Number.POSITIVE_INFINITY },
      limits: { pool: null },
      batching: false,
      validateOnStart: false,
      queueSize: 10_000,
      overflow: "reject",
      onEvent(event) {
        if (event.type !== "attempt") return;
        const number = numbers.get(event.notificationId)!;
        sent.push({ number, startedAt: event.at - event.durationMs, endedAt: event.at });
      },
    });
    const tell = (number: number, severity: "info" | "critical") => {
      const receipt = notifier.notify({ ...toNotification({ number, webhook: 0 }), severity });
      numbers.set(receipt.id, number);
      return receipt;
    };
    for (let number = 0; number < infos; number++) tell(number, "info");
    const criticals = [];
    for (const [k, pauseMs] of pausesMs.entries()) {
      await sleep(pauseMs);
      const number = infos + k;
      const waiting = notifier.getQueueSize();
      const handedOverAt = performance.timeOrigin + performance.now();
      criticals.push({ number, handedOverAt, waiting });
      await tell(number, "critical").settled;
    }
    await notifier.close({ timeoutMs: 0 });
    return { criticals, sent } satisfies PriorityRun;
  },
};

answerCalls(priorityCalls);
