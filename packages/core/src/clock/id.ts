/**
 * Identifiers that sort by the time they were made: a prefix, eight characters of time, ten of chance and count.
 * Made thousands of times a second on the caller's own thread, so without hashing or system calls.
 */
import type { Clock } from "./clock.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS = 10;
const CHANCE_CHARS = 6;
const COUNT_CHARS = 4;
const COUNT_LIMIT = 32 ** COUNT_CHARS;
const CHANCE_LIMIT = 32 ** CHANCE_CHARS;

/** Makes ids of an instant (now, unless told) such as `ntf_01k9x3c5tq7h2m4n0001`: unique in this process, and across processes but for a chance of one in 2^30 per millisecond. */
export function createIdSource<Id extends string>(prefix: string, clock: Clock): (at?: number) => Id {
  let lastAt = 0;
  let stem = "";
  let count = 0;
  return (at = clock.now()) => {
    const wholeAt = Math.floor(at);
    if (wholeAt !== lastAt || count === COUNT_LIMIT) {
      lastAt = wholeAt;
      count = 0;
      stem = `${prefix}_${encode(wholeAt, TIME_CHARS)}${encode(Math.floor(clock.random() * CHANCE_LIMIT), CHANCE_CHARS)}`;
    }
    return (stem + encode(count++, COUNT_CHARS)) as Id;
  };
}

function encode(value: number, chars: number): string {
  let rest = value;
  let text = "";
  for (let i = 0; i < chars; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
