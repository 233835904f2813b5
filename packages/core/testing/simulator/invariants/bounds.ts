/** Queues, memory and waits stay within their bounds. */
import type { DeliveryRecord } from "../../../src/delivery/outbox.ts";
import { digestKeysOf } from "../../../src/delivery/overflow.ts";
import type { Scene } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import type { Watch } from "./watch.ts";

/** In one lane at once. */
const MAX_DIGESTS = 6;
/** Waits that are pending at once. */
const MAX_TIMERS = 500;

export function watchBounds(scene: Scene): Watch {
  return () => [...tooLong(scene), ...tooManyTimers(scene)];
}

/**
 * Besides what fits: what comes back from a request that failed finds its place again, however many have come meanwhile, and where all
 * that waits is critical, the first that a digest could tell waits as one too many. A digest takes nobody's place; another one begins
 * when the one that waits may have arrived, was under way, or was left to the store by an earlier process.
 */
function tooLong({ process: { engine, outbox, mayWait, isAlive, isBlind }, plan }: Scene): Violation[] {
  // Only a store that has everything can say which are digests; until then nobody looks.
  if (!isAlive() || isBlind() || engine.book.open <= mayWait || !outbox.isCaughtUp) return [];
  return engine.status().flatMap(({ destination, waiting }) => {
    if (waiting <= mayWait + Math.min(plan.perMessage + 1, MAX_DIGESTS)) return [];
    const keys = Object.values(digestKeysOf({ name: destination }));
    const isDigest = ({ notification: { key } }: DeliveryRecord): boolean => key !== null && keys.includes(key);
    const digests = outbox.page(destination, null, Number.MAX_SAFE_INTEGER).filter(isDigest).length;
    const more = waiting - digests - mayWait;
    const found: Violation[] = [];
    const report = (count: number, what: string): void => {
      found.push(violation("queues stay within their bounds", `${count} ${what} waited in ${destination} than may`));
    };
    if (more > plan.perMessage + 1) report(more, "more");
    if (digests > MAX_DIGESTS) report(digests - MAX_DIGESTS, "more digests");
    return found;
  });
}

function tooManyTimers({ clock }: Scene): Violation[] {
  if (clock.pending <= MAX_TIMERS) return [];
  return [violation("nothing is left behind", `${clock.pending} waits are pending at once`)];
}
