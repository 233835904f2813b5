/**
 * Mints what identifies things: snowflakes, webhook tokens and repeatable chance.
 *
 * Snowflake layout and epoch: https://docs.discord.com/developers/reference#snowflakes
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../time/clock.ts";

/** First instant of Discord's calendar, 2015-01-01T00:00:00Z. */
export const DISCORD_EPOCH_AT = 1_420_070_400_000;

/** Ids need 17 digits (clients check for 17 to 19), and that takes a clock of February 2015 or later. */
const EARLIEST_OFFSET_MS = 2_500_000_000;

const IDS_PER_MS = 4096;

/** Returns ever-growing, unique ids, whatever the clock does. */
export function createSnowflakes(clock: Clock): () => string {
  let offsetMs = EARLIEST_OFFSET_MS;
  let sequence = -1;
  return () => {
    const nowMs = clock.now() - DISCORD_EPOCH_AT;
    if (nowMs > offsetMs) {
      offsetMs = nowMs;
      sequence = 0;
    } else if (++sequence === IDS_PER_MS) {
      offsetMs += 1;
      sequence = 0;
    }
    return ((BigInt(Math.trunc(offsetMs)) << 22n) | BigInt(sequence)).toString();
  };
}

/** A webhook token as Discord's: 68 characters of `[A-Za-z0-9_-]`. */
export function createToken(): string {
  return randomBytes(51).toString("base64url");
}

/** Chance that can be repeated: uniform in [0, 1), the same row for the same seed (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
