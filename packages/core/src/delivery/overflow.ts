/** What happens when a lane's queue is full. Pure but for taking the displaced one out of the queue. */
import type { LaneQueue } from "./lane/queue.ts";
import type { DeliveryRecord } from "./outbox.ts";
import type { FailureReason } from "./result.ts";

/**
 * `reject`: the newcomer is refused. `drop-oldest`: the longest waiting gives way. `drop-lowest-priority`: the longest waiting of the
 * lowest priority gives way, or the newcomer when it is lower still.
 */
export const OVERFLOWS = ["reject", "drop-oldest", "drop-lowest-priority"] as const;
export type Overflow = (typeof OVERFLOWS)[number];

export type OverflowDecision =
  | { readonly action: "push" }
  | { readonly action: "refuse"; readonly reason: FailureReason }
  | { readonly action: "displace"; readonly displaced: DeliveryRecord; readonly reason: FailureReason };

export function decideOverflow(
  queue: LaneQueue,
  newcomer: DeliveryRecord,
  { queueSize, overflow }: { readonly queueSize: number; readonly overflow: Overflow },
): OverflowDecision {
  if (queue.size < queueSize) return { action: "push" };
  switch (overflow) {
    case "reject":
      return { action: "refuse", reason: "queue-full" };
    case "drop-oldest":
      return displace(queue.takeOldest(), "dropped-for-newer");
    case "drop-lowest-priority": {
      const lowest = queue.lowestPriority();
      if (lowest === null || newcomer.notification.priority < lowest) return { action: "refuse", reason: "queue-full" };
      const reason = newcomer.notification.priority > lowest ? "dropped-for-higher-priority" : "dropped-for-newer";
      return displace(queue.takeLowest(), reason);
    }
  }
}

function displace(displaced: DeliveryRecord | null, reason: FailureReason): OverflowDecision {
  return displaced === null ? { action: "refuse", reason: "queue-full" } : { action: "displace", displaced, reason };
}
