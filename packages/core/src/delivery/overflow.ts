/** What happens when a lane has more than it is to carry. Pure but for taking what gives way out of the queue, or of the rear. */
import { MAX_PRIORITY } from "../notification/bounds.ts";
import { isStoodBack } from "./in-place/stand-back.ts";
import { quietUntil } from "./in-place/telling.ts";
import type { Lane } from "./lane/lane.ts";
import type { DeliveryRecord } from "./outbox.ts";
import type { Rear } from "./rear.ts";
import type { FailureReason } from "./result.ts";

/** From this priority on (critical, by default) nothing is put into a digest, but for one of their own when they alone are too many. */
export const NEVER_DIGESTED_FROM = 30;

/**
 * `digest`: what waits is told in one message, with counts and the full list as a file; nothing is lost. `reject`: the newcomer is refused. `drop-oldest`: the longest waiting of what is held gives way. `drop-lowest-priority`: the longest waiting of the
 * lowest priority gives way, or the newcomer when it is lower still.
 */
export const OVERFLOWS = ["digest", "reject", "drop-oldest", "drop-lowest-priority"] as const;
export type Overflow = (typeof OVERFLOWS)[number];

export type OverflowDecision =
  | { readonly action: "push" }
  | { readonly action: "refuse"; readonly reason: FailureReason }
  /** Tell these, the newcomer perhaps included, in one message: in the digest that waits under this key, or in a new one. */
  | { readonly action: "digest"; readonly key: string; readonly absorbed: readonly DeliveryRecord[] }
  | { readonly action: "displace"; readonly displaced: DeliveryRecord; readonly reason: FailureReason };

/** Under which the digests of a lane wait: those of what is critical stand by themselves, in front. */
export function digestKeysOf({ name }: Pick<Lane, "name">) {
  return { usual: `digest:${name}`, critical: `digest:${name}:critical` };
}

export interface OverflowRules {
  readonly queueSize: number;
  readonly overflow: Overflow;
  readonly paging: { readonly rear: Pick<Rear, "lowestPriority" | "take"> };
}

export function decideOverflow(lane: Lane, newcomer: DeliveryRecord, rules: OverflowRules): OverflowDecision {
  const { queueSize, overflow } = rules;
  const { queue, beyond } = lane;
  if (queue.size + beyond < queueSize) return { action: "push" };
  switch (overflow) {
    case "digest": {
      const digests = digestsIn(lane);
      const behind = [...queue].filter(isStoodBack).length;
      // A digest takes the place of many, and nobody else's; what has stood back has room of its own.
      if (queue.size + beyond - digests.length - behind < queueSize) return { action: "push" };
      return (
        absorb(lane, newcomer, { ...rules, hasDigest: digests.length > 0 }) ??
        absorbCritical(lane, newcomer) ??
        makeRoomBesideDigests(lane, newcomer, rules)
      );
    }
    case "reject":
      return { action: "refuse", reason: "queue-full" };
    case "drop-oldest":
      return displace(queue.takeOldest(), "dropped-for-newer");
    case "drop-lowest-priority":
      return makeRoom(lane, newcomer, rules);
  }
}

function digestsIn(lane: Lane): readonly DeliveryRecord[] {
  const { usual, critical } = digestKeysOf(lane);
  return [...lane.queue].filter(({ notification: { key } }) => key === usual || key === critical);
}

/** `null` when there is nothing that a digest could tell. */
function absorb(
  lane: Lane,
  newcomer: DeliveryRecord,
  { hasDigest, paging }: OverflowRules & { readonly hasDigest: boolean },
): OverflowDecision | null {
  const { queue, beyond } = lane;
  const key = digestKeysOf(lane).usual;
  const absorbed = isDigestible(newcomer) ? [...queue.takeAll(isDigestible), newcomer] : queue.takeAll(isDigestible);
  // Where a part is left to the store, so would be one too many, and the next of its kind would never meet it.
  const fewest = hasDigest || beyond > 0 ? 1 : 2;
  if (absorbed.length >= fewest) return { action: "digest", key, absorbed };
  for (const alone of absorbed) if (alone !== newcomer) queue.push(alone);
  // All that waits is critical. It waits as one too many, and makes a digest with the next of its kind.
  if (isDigestible(newcomer)) return { action: "push" };
  const behind = paging.rear.take(lane, isDigestible);
  return behind.length === 0 ? null : { action: "digest", key, absorbed: behind };
}

/** All that waits is critical, and more than may wait: the newest of them are listed together rather than one lost. `null` when they cannot be. */
function absorbCritical(lane: Lane, newcomer: DeliveryRecord): OverflowDecision | null {
  const { queue } = lane;
  const key = digestKeysOf(lane).critical;
  if (!isListable(newcomer)) return null;
  if (queue.findByKey(key) !== null) return { action: "digest", key, absorbed: [newcomer] };
  const newest = [...queue].findLast((one) => isListable(one) && one.notification.priority >= NEVER_DIGESTED_FROM);
  if (newest === undefined) return null;
  queue.takeAll((one) => one === newest);
  return { action: "digest", key, absorbed: [newest, newcomer] };
}

/** A digest stands for very many, so none gives way. */
function makeRoomBesideDigests(lane: Lane, newcomer: DeliveryRecord, rules: OverflowRules): OverflowDecision {
  const among = new Set(digestsIn(lane));
  const digests = lane.queue.takeAll((one) => among.has(one));
  const decision = makeRoom(lane, newcomer, rules);
  for (const digest of digests) lane.queue.push(digest);
  return decision;
}

function makeRoom(lane: Lane, newcomer: DeliveryRecord, { paging: { rear } }: OverflowRules): OverflowDecision {
  const held = lane.queue.lowestPriority();
  const behind = rear.lowestPriority(lane);
  // Of the same priority what is held has waited longer.
  const isBehind = behind !== null && (held === null || behind < held);
  const lowest = isBehind ? behind : held;
  if (lowest === null || newcomer.notification.priority < lowest) return { action: "refuse", reason: "queue-full" };
  const reason = newcomer.notification.priority > lowest ? "dropped-for-higher-priority" : "dropped-for-newer";
  const [displaced = null] = isBehind ? rear.take(lane, isAny, 1) : [lane.queue.takeLowest()];
  return displace(displaced, reason);
}

const isAny = (): boolean => true;

function isDigestible(delivery: DeliveryRecord): boolean {
  return delivery.notification.priority < NEVER_DIGESTED_FROM && isListable(delivery);
}

/** Files would be lost, what may have arrived would be told again, and what is only to be changed would be heard. */
function isListable({ notification, possibleRepeat, lane }: DeliveryRecord): boolean {
  const { files, atMostOnce } = notification;
  return (
    files.length === 0 &&
    !atMostOnce &&
    !possibleRepeat &&
    quietUntil({ notification }, lane) === null &&
    notification.priority > -MAX_PRIORITY
  );
}

function displace(displaced: DeliveryRecord | null, reason: FailureReason): OverflowDecision {
  return displaced === null ? { action: "refuse", reason: "queue-full" } : { action: "displace", displaced, reason };
}
