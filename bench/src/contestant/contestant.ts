/** Whoever sends webhook messages: Tocsin, and what a user would take in its place. */
import type { BenchMessage } from "../message.ts";

export interface Contestant {
  /** Sends one message and says whether it has been delivered, as far as the sender is told. May reject instead. */
  send(message: BenchMessage): Promise<boolean>;
  close(): Promise<void>;
}

export interface ContestantOptions {
  /** Version 10 addresses, all of one host. */
  readonly urls: readonly string[];
  /** Requests per second that this address is allowed; `null` for any number. */
  readonly perSecond: number | null;
  /** Whether each webhook is limited. */
  readonly webhooksLimited: boolean;
  /** How often a message is tried; `null` for as often as the contestant does by itself. */
  readonly attempts: number | null;
  /** Whether Tocsin is to respect what a Discord channel takes from all its webhooks, 30 per minute, which no header tells. */
  readonly channelsLimited?: boolean;
  /** Whether Tocsin may put what waits together into one message. */
  readonly batching?: boolean;
  /** SQLite file that Tocsin keeps everything in; without one it is kept in memory. */
  readonly database?: string;
  /** Whether Tocsin does everything in a thread of its own. */
  readonly thread?: boolean;
}

export type CreateContestant = (options: ContestantOptions) => Contestant;

/** Id and token out of a webhook's address. */
export function partsOf(url: string): { readonly id: string; readonly token: string } {
  const [, id = "", token = ""] = /\/webhooks\/(\d+)\/([\w-]+)$/.exec(url) ?? [];
  return { id, token };
}
