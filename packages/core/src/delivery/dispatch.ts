/** One request on its way to a channel: the last steps before it leaves. Never throws. */
import type { Channel, SendOutcome, SendRequest } from "./channel.ts";
import { type Batch, requestOf } from "./lane/batch.ts";
import type { DeliveryRecord, Durable, Outbox } from "./outbox.ts";

export interface DispatchParts {
  readonly channel: Channel;
  readonly outbox: Outbox;
  readonly now: number;
  /** Told once what came of it. */
  readonly done: (outcome: SendOutcome) => void;
}

/** Sends these deliveries as one message, or changes the one that told their beginning. */
export function dispatch(batch: Batch, { channel, outbox, now, done }: DispatchParts): void {
  const { deliveries, tellings } = batch;
  const request = requestOf(batch, now);
  // A change may be repeated: the message is the same afterwards.
  const isOnce = deliveries[0].notification.atMostOnce && tellings[0].how !== "edit";
  const marked = isOnce ? markStarted(deliveries, outbox) : undefined;
  if (marked === undefined) send(channel, request, done);
  else void marked.then(() => send(channel, request, done));
}

/** What must not be sent twice is known to have been started before it leaves, even by the process that comes after a crash. */
function markStarted(deliveries: readonly DeliveryRecord[], outbox: Outbox): Durable {
  const marked = deliveries.map((delivery) => outbox.amend({ ...delivery, possibleRepeat: true }));
  const pending = marked.filter((one) => one !== undefined);
  return pending.length === 0 ? undefined : Promise.all(pending).then(() => {});
}

function send(channel: Channel, request: SendRequest, done: DispatchParts["done"]): void {
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
