/**
 * `@tocsin/core/preset/backend`: the web backend's notifier, over a notifier of yours or one of its own.
 *
 * @module
 */
import type { FlushOptions, FlushReport, Notifier } from "./notifier/api.ts";
import type { NotifierOptions } from "./notifier/options.ts";
import { createNotifier } from "./notifier.ts";
import { BACKEND_RETRY_DELAYS_MS, type BackendMessages, backendMessages } from "./preset/backend.ts";

export type { BackendMessages, Details } from "./preset/backend.ts";
export type { Embed } from "./preset/embed.ts";

export interface BackendNotifier
  extends BackendMessages,
    Pick<Notifier, "isHealthy" | "getQueueSize" | "getRateLimitInfo" | "resetRateLimits" | "enabled"> {
  /** Takes nothing more, waits for what is queued, then ends. */
  close(options?: FlushOptions): Promise<FlushReport>;
  /** For everything else. */
  readonly notifier: Notifier;
}

/**
 * @param from a notifier, or options for one of its own, which tries again after 2 s, 3 s and 5 s unless `retry` says otherwise.
 * @throws {@link ConfigError} when an option is out of its range.
 *
 * @example
 * const discord = createBackendNotifier({ service: "Shop" });
 * await discord.sendDiagnostic("warning", "payments", "The queue is long", { waiting: 812 });
 */
export function createBackendNotifier(from: Notifier | NotifierOptions = {}): BackendNotifier {
  const notifier = "notify" in from ? from : createNotifier(withRetries(from));
  return {
    ...backendMessages(notifier),
    isHealthy: () => notifier.isHealthy(),
    getQueueSize: () => notifier.getQueueSize(),
    getRateLimitInfo: () => notifier.getRateLimitInfo(),
    resetRateLimits: () => notifier.resetRateLimits(),
    enabled: notifier.enabled,
    close: (options) => notifier.close(options),
    notifier,
  };
}

function withRetries(options: NotifierOptions): NotifierOptions {
  return { ...options, retry: options.retry ?? { delaysMs: BACKEND_RETRY_DELAYS_MS } };
}
