/** Counts what has arrived in the emulated Discord: messages, embeds by title, answers by status. */
import type { Exchange } from "./exchanges.ts";
import { plainText } from "./plain.ts";

export interface Arrivals {
  add(exchange: Exchange): void;
  /** How many embeds of each title have arrived. */
  readonly titles: ReadonlyMap<string, number>;
  readonly messages: number;
  readonly embeds: number;
  /** Answers 429. */
  readonly rateLimited: number;
  /** Other answers from 400 up, and requests without an answer, but for those that failed on purpose. */
  readonly refused: number;
  /** Requests that failed on purpose. */
  readonly faults: number;
}

export function createArrivals(): Arrivals {
  const titles = new Map<string, number>();
  let messages = 0;
  let embeds = 0;
  let rateLimited = 0;
  let refused = 0;
  let faults = 0;

  return {
    add({ status, message, isFault }) {
      if (isFault) faults++;
      else if (status === 429) rateLimited++;
      else if (status === null || status >= 400) refused++;
      if (message === null) return;
      messages++;
      for (const embed of message.embeds) {
        const title = plainText(embed.title ?? "");
        embeds++;
        titles.set(title, (titles.get(title) ?? 0) + 1);
      }
    },
    titles,
    get messages() {
      return messages;
    },
    get embeds() {
      return embeds;
    },
    get rateLimited() {
      return rateLimited;
    },
    get refused() {
      return refused;
    },
    get faults() {
      return faults;
    },
  };
}
