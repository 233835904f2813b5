/** A notifier for tests: keeps what it was told, and settles as the test wants. */
import type { DeliveryResult, NotificationInput } from "@tocsin/core/stages";
import type { AlertSink } from "../src/greenhouse/alert-sink.ts";

export interface RecordingSink extends AlertSink {
  readonly told: readonly NotificationInput[];
  /** Resolves when that many have been told. */
  until(count: number): Promise<void>;
}

/** @param answer what becomes of each; the default is delivered at once */
export function createRecordingSink(
  answer: (input: NotificationInput, n: number) => Promise<DeliveryResult> | DeliveryResult = () => result("delivered"),
): RecordingSink {
  const told: NotificationInput[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    told,
    notify(input) {
      const n = told.push(input);
      waiting = waiting.filter(({ count, resolve }) => (count <= n ? resolve() : true));
      return { id: `ntf_${n}`, settled: Promise.resolve(answer(input, n)) };
    },
    status: () => ({ enabled: true, open: 0, destinations: [{ mode: "ready", breaker: "closed" }] }),
    close: () => Promise.resolve(),
    until: (count) =>
      told.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

export function result(status: DeliveryResult["status"], extras: Partial<DeliveryResult> = {}): DeliveryResult {
  return { success: status === "delivered", status, id: "ntf_1", attempts: 1, destinations: [], ...extras };
}
