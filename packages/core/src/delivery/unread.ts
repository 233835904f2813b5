/**
 * What could not be read after a restart, and when it is asked for again: after a second, then twice as long each time up to a minute, for as
 * long as the process lives; and as soon as a store that owed writes has them all. Told once when it begins, and once more when it has been
 * read.
 *
 * counting   not even known is what waits where.
 * reading    known is which lanes are left.
 * read       nothing is left; no timer.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { DeliveryEvent } from "./events.ts";
import type { LaneBacklog, Outbox } from "./outbox.ts";

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

export interface Unread {
  /** Whether this lane of the outbox is still to be read. */
  wants(lane: string): boolean;
  /** It cannot be read; `null` for not even what waits where. */
  fail(lane: string | null): void;
  read(backlog: LaneBacklog): void;
  /** All that waits has been looked at. */
  counted(backlogs: readonly LaneBacklog[]): void;
  /** The store may be readable again. */
  ask(): void;
}

export interface UnreadParts {
  readonly clock: Clock;
  readonly outbox: Pick<Outbox, "isCaughtUp" | "caughtUp">;
  readonly onEvent: (event: DeliveryEvent) => void;
  readonly isClosed: () => boolean;
}

/** @param again reads what is wanted */
export function createUnread({ clock, outbox, onEvent, isClosed }: UnreadParts, again: () => void): Unread {
  let isCounting = true;
  const left = new Set<string>();
  const told = new Set<string | null>();
  let retryMs = FIRST_RETRY_MS;
  let timer: Timer | null = null;
  let isPromised = false;

  function tellUnread(destination: string | null): void {
    if (told.has(destination)) return;
    told.add(destination);
    onEvent({ type: "backlog-unread", at: clock.now(), destination });
  }

  function tellRead(destination: string | null, waiting: number): void {
    if (told.delete(destination)) onEvent({ type: "backlog-read", at: clock.now(), destination, waiting });
  }

  function ask(): void {
    timer?.cancel();
    timer = null;
    if (isClosed() || (!isCounting && left.size === 0)) return;
    // A store that owes writes would give back what has been told already.
    if (outbox.isCaughtUp) again();
    else if (!awaitWrites()) plan();
  }

  function plan(): void {
    awaitWrites();
    if (timer !== null) return;
    timer = clock.schedule(clock.now() + retryMs, ask);
    // A process with nothing else to do may end: the next one reads it.
    timer.unref?.();
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }

  /** @returns whether there is something to wait for */
  function awaitWrites(): boolean {
    if (isPromised) return true;
    const caughtUp = outbox.caughtUp();
    if (caughtUp === undefined) return false;
    isPromised = true;
    void caughtUp.then(() => {
      isPromised = false;
      ask();
    });
    return true;
  }

  return {
    ask,
    wants: (lane) => isCounting || left.has(lane),
    fail(lane) {
      if (lane !== null) left.add(lane);
      tellUnread(lane);
      plan();
    },
    read({ lane, waiting }) {
      left.delete(lane);
      tellRead(lane, waiting);
    },
    counted(backlogs) {
      isCounting = false;
      tellRead(
        null,
        backlogs.reduce((sum, { waiting }) => sum + waiting, 0),
      );
      const present = new Set(backlogs.map(({ lane }) => lane));
      // Nothing waits there any more.
      for (const lane of left) if (!present.has(lane)) this.read({ lane, waiting: 0 });
    },
  };
}
