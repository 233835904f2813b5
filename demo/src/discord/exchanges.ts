/**
 * What the emulated Discord was asked and what it answered, one exchange at a time: its events tell messages and requests apart,
 * here they are put together again.
 */
import type { Emulator, StoredMessage } from "@tocsin/discord-emulator";

export interface Exchange {
  readonly method: string;
  /** Name of the channel that the webhook belongs to; empty when nobody knows the webhook. */
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

/** Calls `onExchange` for each request that the emulator has answered. Returns the function that ends it. */
export function watchExchanges(emulator: Emulator, onExchange: (exchange: Exchange) => void): () => void {
  // A message is announced before the request that brought it, and nothing comes in between.
  let stored: StoredMessage | null = null;
  return emulator.onEvent((event) => {
    if (event.kind === "message-created") stored = event.message;
    if (event.kind !== "request") return;
    const { method, status, webhookId, fault, receivedAt: at } = event.request;
    const message = stored;
    stored = null;
    onExchange({ method, channel: channelOf(emulator, webhookId), status, message, isFault: fault !== null, at });
  });
}

function channelOf(emulator: Emulator, webhookId: string | null): string {
  const webhook = emulator.webhooks().find(({ id }) => id === webhookId);
  return emulator.channels().find(({ id }) => id === webhook?.channelId)?.name ?? "";
}
