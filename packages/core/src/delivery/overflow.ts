/** What happens when a lane has more than it is to carry. Pure but for taking what gives way out of the queue. */
import type { Lane } from "./lane/lane.ts";
import type { LaneQueue } from "./lane/queue.ts";
import type { DeliveryRecord } from "./outbox.ts";
import type { FailureReason } from "./result.ts";

/** From this priority on (critical, by default) nothing is put into a digest. */
export const NEVER_DIGESTED_FROM = 30;

/**
 * `digest`: what waits is told in one message, with counts and the full list as a file; nothing is lost. `reject`: the newcomer is refused. `drop-oldest`: the longest waiting gives way. `drop-lowest-priority`: the longest waiting of the
 * lowest priority gives way, or the newcomer when it is lower still.
 */
export const OVERFLOWS = ["digest", "reject", "drop-oldest", "drop-lowest-priority"] as const;
export type Overflow = (typeof OVERFLOWS)[number];

export type OverflowDecision =
  | { readonly action: "push" }
  | { readonly action: "refuse"; readonly reason: FailureReason }
  /** Tell these, the newcomer included, in one message. Two or more. */
  | { readonly action: "digest"; readonly absorbed: readonly DeliveryRecord[] }
  | { readonly action: "displace"; readonly displaced: DeliveryRecord; readonly reason: FailureReason };

export function decideOverflow(
  { queue, beyond }: Pick<Lane, "queue" | "beyond">,
  newcomer: DeliveryRecord,
  { queueSize, overflow }: { readonly queueSize: number; readonly overflow: Overflow },
): OverflowDecision {
  if (queue.size + beyond < queueSize) return { action: "push" };
  switch (overflow) {
    case "digest": {
      const absorbed = isDigestible(newcomer)
        ? [...queue.takeAll(isDigestible), newcomer]
        : queue.takeAll(isDigestible);
      if (absorbed.length >= 2) return { action: "digest", absorbed };
      for (const alone of absorbed) if (alone !== newcomer) queue.push(alone);
      return makeRoom(queue, newcomer);
    }
    case "reject":
      return { action: "refuse", reason: "queue-full" };
    case "drop-oldest":
      return displace(queue.takeOldest(), "dropped-for-newer");
    case "drop-lowest-priority":
      return makeRoom(queue, newcomer);
  }
}

function makeRoom(queue: LaneQueue, newcomer: DeliveryRecord): OverflowDecision {
  const lowest = queue.lowestPriority();
  if (lowest === null || newcomer.notification.priority < lowest) return { action: "refuse", reason: "queue-full" };
  const reason = newcomer.notification.priority > lowest ? "dropped-for-higher-priority" : "dropped-for-newer";
  return displace(queue.takeLowest(), reason);
}

/** Files would be lost, and what may have arrived would be told again. */
function isDigestible({ notification, possibleRepeat }: DeliveryRecord): boolean {
  const { priority, files, atMostOnce } = notification;
  return priority < NEVER_DIGESTED_FROM && files.length === 0 && !atMostOnce && !possibleRepeat;
}

function displace(displaced: DeliveryRecord | null, reason: FailureReason): OverflowDecision {
  return displaced === null ? { action: "refuse", reason: "queue-full" } : { action: "displace", displaced, reason };
}
