/**
 * The requests under way, from the turn in which a lane may go until whoever waited for the end of its request goes on.
 *
 * Upstream   the engine, which decides that a lane may go. Downstream the channel; what follows from its answer (aftermath.ts); the lanes that
 * share a limit with the one that has landed.
 */
import type { Clock } from "../clock/clock.ts";
import type { SendOutcome } from "./channel.ts";
import { type DispatchParts, dispatch } from "./dispatch.ts";
import { type Flight, isHeld, stay, takeOff } from "./flight.ts";
import { takeBatch } from "./lane/batch.ts";
import type { Lane } from "./lane/lane.ts";
import type { Lanes } from "./lane/lanes.ts";
import type { Outbox } from "./outbox.ts";

export interface FlightsParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly lanes: Lanes;
  /** Whether what waits in a lane may share a message. */
  readonly batching: boolean;
  readonly isClosed: () => boolean;
  /** What follows the end of a request. */
  readonly handle: (flight: Flight, outcome: SendOutcome, now: number) => void;
  /** The lane has nothing under way any more. */
  readonly resume: (lane: Lane, now: number) => void;
  /** The lane's next turn may have changed. */
  readonly look: (lane: Lane, now: number) => void;
}

export interface Flights {
  /** To be called in the turn in which it was decided that the lane may go. */
  send(lane: Lane, now: number): void;
  /** Only the end of another lane's request can free this one. */
  starve(lane: Lane): void;
}

export function createFlights({ clock, outbox, lanes, batching, ...parts }: FlightsParts): Flights {
  const starved = new Set<Lane>();
  const dispatchParts: DispatchParts = {
    outbox,
    isHeld: (flight) => parts.isClosed() || isHeld(flight, clock.now()),
    done: finish,
    stay: stayBehind,
  };

  function finish(flight: Flight, outcome: SendOutcome): void {
    const now = clock.now();
    parts.handle(flight, outcome, now);
    makeRoom(flight, now);
    // A ban concerns every lane that leaves by the same way.
    if (outcome.kind === "banned") for (const lane of lanes.all()) parts.look(lane, now);
    feedStarved(now);
  }

  /** As if it had never been about to leave. */
  function stayBehind(flight: Flight): void {
    const now = clock.now();
    stay(flight, now);
    // They are marked as if they had left.
    for (const delivery of flight.deliveries) void outbox.amend(delivery);
    makeRoom(flight, now);
    feedStarved(now);
    parts.resume(flight.lane, now);
  }

  function makeRoom({ lane: { landed }, egress }: Flight, now: number): void {
    if (landed.length > 0) for (const tell of landed.splice(0)) tell();
    egress?.admit(now);
  }

  function feedStarved(now: number): void {
    if (starved.size === 0) return;
    const all = [...starved];
    starved.clear();
    for (const lane of all) parts.look(lane, now);
  }

  return {
    send(lane, now) {
      const batch = takeBatch(lane, { batching, now });
      dispatch(takeOff(batch, lane, { egress: lanes.egressOf(lane), now }), dispatchParts);
    },
    starve: (lane) => void starved.add(lane),
  };
}
