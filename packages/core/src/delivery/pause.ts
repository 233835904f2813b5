/**
 * Pauses: an operator's order that nothing leaves for one destination, or for any. Everything is accepted and waits meanwhile, what is
 * critical too; what is under way is finished. A pause ends when it is lifted or, with an expiry, by itself.
 *
 * The pause of all and that of a destination are separate orders: whoever lifts one leaves the other in force.
 *
 * Upstream   people, through the notifier. Downstream `decideTurn`, which asks {@link pausedUntil}; the store, which keeps pauses over
 * restarts.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { DeliveryEvent } from "./events.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import type { Durable, PatientMemory } from "./outbox.ts";

export interface Pause {
  /** Epoch milliseconds. */
  readonly since: number;
  /** `null`: until it is lifted. */
  readonly untilAt: number | null;
  readonly by: string | null;
  readonly reason: string | null;
}

/** What a lane looks at before it sends: one of its own, and one that all lanes share. */
export interface PauseSwitch {
  pause: Pause | null;
}

export interface PauseRequest {
  /** Name of the destination. @defaultValue all */
  readonly destination?: string | undefined;
  /** Epoch milliseconds. @defaultValue until it is lifted */
  readonly untilAt?: number | null | undefined;
  /** Who orders it, for those who wonder. */
  readonly by?: string | null | undefined;
  readonly reason?: string | null | undefined;
}

export type PauseOutcome =
  | "done"
  /** In force, but the store failed: a restart would not know of it. */
  | "not-kept"
  | "unknown-destination"
  /** `untilAt` is not in the future; nothing has changed. */
  | "expired-already";

export interface Pauses {
  /** The pause of all destinations. */
  readonly ofAll: Pause | null;
  /** In force at once; an earlier one of the same destination gives way. Resolves when the store has it. Never rejects. */
  pause(order: PauseRequest): Promise<PauseOutcome>;
  resume(order: Pick<PauseRequest, "destination">): Promise<PauseOutcome>;
  /** Brings back what was in force before the restart. */
  recall(): void;
  /** The same for a destination that has come later. */
  claim(destination: string): void;
  /** The destination is taken away, and its pause with it: nothing is let go by that. */
  drop(lane: Lane): void;
  stop(): void;
}

export interface PausesParts {
  readonly clock: Clock;
  readonly lanes: Lanes;
  readonly memory: PatientMemory;
  readonly onEvent: (event: DeliveryEvent) => void;
  /** What these lanes may do has changed. */
  readonly look: (lanes: readonly Lane[]) => void;
}

/** When the lane may send as far as pauses go, epoch milliseconds; `Infinity` when somebody has to lift one. Pure. */
export function pausedUntil({ pauses }: Pick<Lane, "pauses">): number {
  return Math.max(endOf(pauses.own.pause), endOf(pauses.all.pause));
}

export function isPaused({ pauses }: Pick<Lane, "pauses">): boolean {
  return pauses.own.pause !== null || pauses.all.pause !== null;
}

function endOf(pause: Pause | null): number {
  if (pause === null) return Number.NEGATIVE_INFINITY;
  return pause.untilAt ?? Number.POSITIVE_INFINITY;
}

/** What one order is about. */
interface Target {
  readonly destination: string | null;
  readonly own: PauseSwitch;
  readonly lanes: readonly Lane[];
}

const PREFIX = "pause:";
const KEY_OF_ALL = `${PREFIX}all`;

export function createPauses({ clock, lanes, memory, onEvent, look }: PausesParts): Pauses {
  const timers = new Map<PauseSwitch, Timer>();
  /** From before the restart, and not in force. */
  let recalled = new Map<string, unknown>();

  function targetOf(destination: string | null): Target | null {
    if (destination === null) return { destination, own: lanes.pauseOfAll, lanes: lanes.all() };
    const lane = lanes.get(destination);
    return lane === undefined ? null : { destination, own: lane.pauses.own, lanes: [lane] };
  }

  function begin(target: Target, pause: Pause): void {
    timers.get(target.own)?.cancel();
    timers.delete(target.own);
    target.own.pause = pause;
    if (pause.untilAt === null) return;
    const timer = clock.schedule(pause.untilAt, () => void end(target, "expired"));
    // What waits for the end has a timer of its own; a pause without anything waiting keeps no process alive.
    timer.unref?.();
    timers.set(target.own, timer);
  }

  function end({ destination, own, lanes: freed }: Target, because: "order" | "expired"): Promise<PauseOutcome> {
    timers.get(own)?.cancel();
    timers.delete(own);
    const isOver = own.pause === null;
    own.pause = null;
    if (!isOver) onEvent({ type: "resumed", at: clock.now(), destination, because });
    look(freed);
    return written(() => memory.forget(keyOf(destination)));
  }

  function bringBack(destination: string | null): void {
    const fact = recalled.get(keyOf(destination));
    recalled.delete(keyOf(destination));
    const target = targetOf(destination);
    // One whose time has passed meanwhile ends at once, like any other.
    if (target !== null && isPause(fact)) begin(target, fact);
  }

  return {
    get ofAll() {
      return lanes.pauseOfAll.pause;
    },
    async pause({ destination = null, untilAt = null, by = null, reason = null }) {
      const target = targetOf(destination);
      if (target === null) return "unknown-destination";
      const now = clock.now();
      if (untilAt !== null && !(untilAt > now)) return "expired-already";
      const pause = { since: now, untilAt: untilAt === Number.POSITIVE_INFINITY ? null : untilAt, by, reason };
      begin(target, pause);
      onEvent({ type: "paused", at: now, destination, pause });
      look(target.lanes);
      return written(() => memory.remember(keyOf(destination), pause));
    },
    async resume({ destination = null }) {
      const target = targetOf(destination);
      return target === null ? "unknown-destination" : end(target, "order");
    },
    recall() {
      memory.recall((facts) => {
        recalled = new Map([...facts].filter(([key]) => key.startsWith(PREFIX)));
        for (const destination of [null, ...lanes.all().map(({ name }) => name)]) bringBack(destination);
      });
    },
    claim: bringBack,
    drop({ name, pauses: { own } }) {
      timers.get(own)?.cancel();
      timers.delete(own);
      if (own.pause !== null) void written(() => memory.forget(keyOf(name)));
      own.pause = null;
    },
    stop() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

function keyOf(destination: string | null): string {
  return destination === null ? KEY_OF_ALL : `${PREFIX}of:${destination}`;
}

async function written(write: () => Durable): Promise<PauseOutcome> {
  try {
    await write();
    return "done";
  } catch {
    return "not-kept";
  }
}

/** A database may be older than this program. */
function isPause(fact: unknown): fact is Pause {
  const { since, untilAt } = (fact ?? {}) as Partial<Pause>;
  return typeof since === "number" && (untilAt === null || typeof untilAt === "number");
}
