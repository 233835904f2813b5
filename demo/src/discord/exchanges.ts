/**
 * What the emulated Discord was asked and what it answered, one exchange at a time: its events tell messages and requests apart,
 * here they are put together again. What people and the bot say to each other is left to them.
 */
import type { Emulator, StoredMessage } from "@tocsin/discord-emulator";

export interface Exchange {
  readonly method: string;
  /** Name of the channel that the webhook or the message belongs to; empty when nobody knows it. */
  readonly channel: string;
  /** `null` when no answer was given. */
  readonly status: number | null;
  /** What was stored; `null` when nothing was. */
  readonly message: StoredMessage | null;
  /** Somebody has had it fail on purpose, from the emulator's page. */
  readonly isFault: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Of Discord's own: what was not said in answer to somebody. */
const ORDINARY = 0;
const REFUSED_FROM = 400;

/** Calls `onExchange` for each message that the emulator was asked to take. Returns the function that ends it. */
export function watchExchanges(emulator: Emulator, onExchange: (exchange: Exchange) => void): () => void {
  // A message is announced before the request that brought it, and nothing comes in between.
  let stored: StoredMessage | null = null;
  return emulator.onEvent((event) => {
    if (event.kind === "message-created") stored = isAlert(event.message) ? event.message : null;
    if (event.kind !== "request") return;
    const { method, status, webhookId, fault, receivedAt: at } = event.request;
    const message = stored;
    stored = null;
    const channel = channelOf(emulator, message?.channelId ?? webhookId);
    // Commands, reactions and the like, all of the bot's.
    if (channel === "" && status !== null && status < REFUSED_FROM) return;
    onExchange({ method, channel, status, message, isFault: fault !== null, at });
  });
}

function isAlert({ author, type }: StoredMessage): boolean {
  return author.kind !== "user" && type === ORDINARY;
}

/** @param place id of a channel, or of a webhook */
function channelOf(emulator: Emulator, place: string | null): string {
  const webhook = emulator.webhooks().find(({ id }) => id === place);
  return emulator.channels().find(({ id }) => id === (webhook?.channelId ?? place))?.name ?? "";
}
