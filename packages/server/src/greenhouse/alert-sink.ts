/** What the server needs of a notifier; the one of `@tocsin/core` is one. */
import type { DeliveryResult, NotificationInput } from "@tocsin/core/stages";

export interface AlertSink {
  /** Never throws, never waits. `settled` never rejects. */
  notify(input: NotificationInput): { readonly id: string; readonly settled: Promise<DeliveryResult> };
}
