/** What the server needs of a notifier; the one of `@tocsin/core` is one. */
import type { DeliveryResult, NotificationInput } from "@tocsin/core/stages";

export interface AlertSink {
  /** Never throws, never waits. `settled` never rejects. */
  notify(input: NotificationInput): { readonly id: string; readonly settled: Promise<DeliveryResult> };
  status(): SinkStatus;
  /** Takes nothing more and waits for what is queued; what is left settles as `closed`. */
  close(options: { readonly timeoutMs: number }): Promise<unknown>;
}

export interface SinkStatus {
  readonly enabled: boolean;
  /** Accepted and not concluded. */
  readonly open: number;
  readonly destinations: readonly { readonly mode: string; readonly breaker: string }[];
}
