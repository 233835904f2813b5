/** Makes history: notifications as they were accepted and settled at any time, written straight to a store. */
import { createNotifier, type NotificationInput, type Notifier } from "@tocsin/core";
import type { DeliveryRecord, Store } from "@tocsin/core/sqlite";

type Settlement = Parameters<Store["outbox"]["settle"]>[0][number];

/** Nothing is sent there. */
const NOWHERE = "http://127.0.0.1:9/api/webhooks/1300000000000000000/token";

export interface Past {
  /** The delivery of a notification that is accepted at this instant (epoch milliseconds, never back). */
  record(input: NotificationInput, at: number): DeliveryRecord;
}

/** @param types alert types, each with a destination of its own */
export function createPast(types: readonly string[]): Past {
  let now = 0;
  const notifier: Notifier = createNotifier({
    env: { LOG_LEVEL: "silent" },
    webhooks: Object.fromEntries(types.map((type) => [type, NOWHERE.replace("token", `token-${type}`)])),
    allowedHosts: ["127.0.0.1:9"],
    validateOnStart: false,
    clock: {
      now: () => now,
      random: () => 0.5,
      schedule: () => ({ cancel: () => {} }),
      sleep: () => Promise.resolve(),
    },
  });
  return {
    record(input, at) {
      now = at;
      const prepared = notifier.prepare(input);
      prepared.withdraw();
      return prepared.records[0]!;
    },
  };
}

/** It arrived at its first try, this many milliseconds after it was accepted; or it was refused for good. */
export function settlementOf(delivery: DeliveryRecord, tookMs: number, isDelivered: boolean): Settlement {
  delivery.attempts = 1;
  const { id, lane, enqueuedAt } = delivery;
  const settledAt = enqueuedAt + tookMs;
  const times = { deliveryId: id, attempt: 1, startedAt: enqueuedAt + 1, endedAt: settledAt };
  if (isDelivered) {
    const messageId = String(1_300_000_000_000_000_000n + BigInt(Math.floor(enqueuedAt)));
    return {
      delivery,
      settledAt,
      result: { destination: lane, status: "delivered", attempts: 1, messageId, possibleRepeat: false },
      attempt: { ...times, outcome: "delivered", error: null, status: 200, bucket: null, messageId },
    };
  }
  const error = { code: "discord-50035", message: "Invalid Form Body", status: 400 };
  return {
    delivery,
    settledAt,
    result: { destination: lane, status: "failed", attempts: 1, reason: "rejected", error },
    attempt: { ...times, outcome: "rejected", error, status: 400, bucket: null, messageId: null },
  };
}
