/**
 * One request on its way to a channel: the last steps before it leaves. Never throws.
 *
 * What must not be sent twice is marked in the store first, which may take its time; what has been ordered or told meanwhile holds it back.
 */
import type { Channel, SendOutcome, SendRequest } from "./channel.ts";
import type { Flight } from "./flight.ts";
import { requestOf } from "./lane/batch.ts";
import type { DeliveryRecord, Durable, Outbox } from "./outbox.ts";

export interface DispatchParts {
  readonly outbox: Outbox;
  /** Asked when it had to wait. */
  readonly isHeld: (flight: Flight) => boolean;
  /** Told once what came of it, */
  readonly done: (flight: Flight, outcome: SendOutcome) => void;
  /** or that it was held back, and has not left. */
  readonly stay: (flight: Flight) => void;
}

/** Sends these deliveries as one message, or changes the one that told their beginning. */
export function dispatch(flight: Flight, { outbox, isHeld, done, stay }: DispatchParts): void {
  const { channel, deliveries, tellings, startedAt } = flight;
  const request = requestOf(flight, startedAt);
  const leave = (): void => send(channel, request, (outcome) => done(flight, outcome));
  // A change may be repeated: the message is the same afterwards.
  const isOnce = deliveries[0].notification.atMostOnce && tellings[0].how !== "edit";
  const marked = isOnce ? markStarted(deliveries, outbox) : undefined;
  if (marked === undefined) leave();
  else void marked.then(() => (isHeld(flight) ? stay(flight) : leave()));
}

/** What must not be sent twice is known to have been started before it leaves, even by the process that comes after a crash. */
function markStarted(deliveries: readonly DeliveryRecord[], outbox: Outbox): Durable {
  const marked = deliveries.map((delivery) => outbox.amend({ ...delivery, possibleRepeat: true }));
  const pending = marked.filter((one) => one !== undefined);
  return pending.length === 0 ? undefined : Promise.all(pending).then(() => {});
}

function send(channel: Channel, request: SendRequest, done: (outcome: SendOutcome) => void): void {
  const fail = (cause: unknown): void => done(broken(cause));
  try {
    void channel.send(request).then(done, fail);
  } catch (cause) {
    queueMicrotask(() => fail(cause));
  }
}

/** Channels promise not to reject. One that does may or may not have sent. */
function broken(cause: unknown): SendOutcome {
  const message = cause instanceof Error ? cause.message : String(cause);
  const error = { code: "channel-threw", message: `The channel failed unexpectedly: ${message}`, status: null };
  return { kind: "ambiguous", error, limits: null, countsAsInvalid: false };
}
