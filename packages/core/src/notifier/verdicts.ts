/** Looks up what became of a notification that this process does not follow any more: in history, as soon as that knows. */
import type { DeliveryEvent } from "../delivery/events.ts";
import type { DeliveryResult } from "../delivery/result.ts";
import { combineResults, deferredResult, untriedResult } from "../delivery/tracker.ts";
import { resultsOf } from "../history/entry.ts";
import type { History } from "../history/history.ts";
import type { NotificationId } from "../notification/notification.ts";
import { isQuietLane } from "../withhold/held.ts";

export interface Verdicts {
  /** Resolves once every delivery of it has been concluded, or waits for the end of quiet hours. Never rejects. */
  lookUp(id: NotificationId): Promise<DeliveryResult>;
  /** To be told of everything: a conclusion is when history may know more. */
  hear(event: DeliveryEvent): void;
}

export function createVerdicts(history: Pick<History, "find">): Verdicts {
  const waiting = new Map<NotificationId, PromiseWithResolvers<DeliveryResult>>();

  async function ask(id: NotificationId): Promise<void> {
    const result = await verdictOf(history, id);
    if (result === null) return;
    waiting.get(id)?.resolve(result);
    waiting.delete(id);
  }

  return {
    lookUp(id) {
      const asked = waiting.get(id) ?? Promise.withResolvers<DeliveryResult>();
      waiting.set(id, asked);
      void ask(id);
      return asked.promise;
    },
    hear(event) {
      if (waiting.size > 0 && event.type === "concluded" && waiting.has(event.notificationId))
        void ask(event.notificationId);
    },
  };
}

/** `null` while it is still on its way. */
async function verdictOf(history: Pick<History, "find">, id: NotificationId): Promise<DeliveryResult | null> {
  const { deliveries = [], skipped = null } = (await history.find(id).catch(() => null)) ?? {};
  const open = deliveries.filter(({ result }) => result === null);
  if (!open.every(({ destination }) => isQuietLane(destination))) return null;
  const results = resultsOf(deliveries);
  if (results.length > 0) return combineResults(id, results);
  return open.length > 0 ? deferredResult(id) : untriedResult(id, skipped ?? "internal-error");
}
