/** What a simulated process can read of its store, and whether it says when it cannot. */
import type { Clock } from "../../src/clock/clock.ts";
import { type DiskParts, type SimulatedStore, storeFaults, withFailingReads } from "./disk.ts";
import { STORE_PARTS, type StorePart } from "./faults.ts";
import type { BlindSpan } from "./scene.ts";

/** What could not be read is asked for again. */
const READ_AGAIN_WITHIN_MS = 61_000;
/** What had left when its process died has arrived by then. */
const ON_THE_WAY_MS = 200;

export interface SightedStore extends Pick<SimulatedStore, "outbox" | "memory"> {
  /** What is on disk could not be opened, and nothing of it will be known to this process. */
  readonly isInMemory: boolean;
}

export interface Sight {
  readonly store: Pick<SimulatedStore, "outbox" | "memory">;
  /** In which this process may not know what earlier ones kept: nothing of that where it could read it at its start. */
  readonly blind: readonly BlindSpan[];
  /** It could not read what waits when it began, and has not asked again since it could. */
  isBlindTo(outbox: { readonly owed: number }): boolean;
  /** It could not read what waits when it began. */
  readonly wasBlind: boolean;
  /** All of it can be read now. */
  readonly canRead: boolean;
  /** Reads that have failed and that nobody has been told of. */
  readonly unsaid: number;
  said(): void;
  /** The process dies. */
  end(): void;
}

export function createSight(store: SightedStore, faults: DiskParts, clock: Clock): Sight {
  const now = (): number => clock.now() - faults.startAt;
  const isUnreadable = (part: StorePart): boolean =>
    !store.isInMemory && storeFaults("store-unreadable", faults, clock.now()).some(({ parts }) => parts.includes(part));
  const blind = STORE_PARTS.filter((part) => store.isInMemory || isUnreadable(part)).map((part) => ({
    part,
    isInMemory: store.isInMemory,
    from: now(),
    until: store.isInMemory ? Number.POSITIVE_INFINITY : now() + READ_AGAIN_WITHIN_MS,
  }));
  const missed = blind.filter(({ part }) => isOfWaiting(part));
  let unsaid = 0;
  return {
    store: withFailingReads(store, isUnreadable, (part) => {
      unsaid++;
      const isOfThat = (other: StorePart): boolean => other === part || (isOfWaiting(other) && isOfWaiting(part));
      for (const span of blind) if (isOfThat(span.part)) span.until = now() + READ_AGAIN_WITHIN_MS;
    }),
    blind,
    // A store that owes writes is not read either, but as soon as it has them.
    isBlindTo: ({ owed }) => missed.length > 0 && (owed > 0 || missed.some(({ until }) => now() <= until)),
    wasBlind: missed.length > 0,
    get canRead() {
      return !STORE_PARTS.some(isUnreadable);
    },
    get unsaid() {
      return unsaid;
    },
    said() {
      unsaid = 0;
    },
    end() {
      for (const span of blind) span.until = Math.min(span.until, now() + ON_THE_WAY_MS);
    },
  };
}

/** What waits is counted first, then read. */
function isOfWaiting(part: StorePart): boolean {
  return part === "backlog" || part === "pages";
}
