/** What a simulated process can read of its store, and whether it says when it cannot. */
import type { Clock } from "../../src/clock/clock.ts";
import { type DiskParts, type SimulatedStore, storeFault, withFailingReads } from "./disk.ts";
import type { BlindSpan } from "./scene.ts";

/** What could not be read is asked for again. */
const READ_AGAIN_WITHIN_MS = 61_000;
/** What had left when its process died has arrived by then. */
const ON_THE_WAY_MS = 200;

export interface Sight {
  readonly store: Pick<SimulatedStore, "outbox" | "memory">;
  /** In which this process may not know what earlier ones kept; `null` when it could read that at its start. */
  readonly blind: BlindSpan | null;
  /** It could not read what waits when it began, and has not asked again since it could. */
  isBlindTo(outbox: { readonly owed: number }): boolean;
  /** Reads that have failed and that nobody has been told of. */
  readonly unsaid: number;
  said(): void;
  /** The process dies. */
  end(): void;
}

export function createSight(store: Pick<SimulatedStore, "outbox" | "memory">, faults: DiskParts, clock: Clock): Sight {
  const now = (): number => clock.now() - faults.startAt;
  const isUnreadable = (): boolean => storeFault("store-unreadable", faults, clock.now()) !== undefined;
  const blind = { from: now(), until: now() + READ_AGAIN_WITHIN_MS };
  const isBlind = isUnreadable();
  let failedAt = now();
  let unsaid = 0;
  return {
    store: withFailingReads(store, isUnreadable, (what) => {
      unsaid++;
      if (what === "memory") blind.until = now() + READ_AGAIN_WITHIN_MS;
      else failedAt = now();
    }),
    blind: isBlind ? blind : null,
    // A store that owes writes is not read either, but as soon as it has them.
    isBlindTo: ({ owed }) => isBlind && (owed > 0 || now() <= failedAt + READ_AGAIN_WITHIN_MS),
    get unsaid() {
      return unsaid;
    },
    said() {
      unsaid = 0;
    },
    end() {
      blind.until = Math.min(blind.until, now() + ON_THE_WAY_MS);
    },
  };
}
