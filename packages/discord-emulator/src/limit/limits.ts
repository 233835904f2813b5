/**
 * The limits the emulator enforces, and where the figures come from.
 *
 * Discord publishes 50/s and 10,000 invalid requests per 10 minutes
 * (https://docs.discord.com/developers/topics/rate-limits). The per-webhook and per-channel figures are not
 * published: 5 per 2 s and 30 per 60 s were named by Discord staff in discord/discord-api-docs#367 and match what
 * people report (#1454, #4043).
 */
import type { BanShape } from "./ban-shape.ts";
import type { WindowLimit } from "./window.ts";

export interface InvalidLimit extends WindowLimit {
  /** How long the ban lasts that follows. @defaultValue 3_600 */
  readonly banSeconds?: number;
  /** @defaultValue "cloudflare-1015-text" */
  readonly banShape?: BanShape;
}

export interface Limits {
  /** Per webhook and kind of call, visible in the headers; `null` lifts it. @defaultValue 5 per 2 s, sliding */
  readonly webhook: WindowLimit | null;
  /** Over all webhooks of a channel, hidden from the headers; `null` lifts it. @defaultValue 30 per 60 s, sliding */
  readonly channel: WindowLimit | null;
  /**
   * Per bot, route and major parameter (channel, guild, application), visible in the headers; `null` lifts it. Posting
   * into a channel is reported as 5 per 5 s (discord/discord-api-docs#5646); that the other routes have the same is ours.
   * @defaultValue 5 per 5 s, sliding
   */
  readonly bot: WindowLimit | null;
  /** Per remote address, as calls without a bot token are counted, and per bot; `null` lifts it. @defaultValue 50 per 1 s */
  readonly global: WindowLimit | null;
  /**
   * Edits of messages older than an hour, per channel; `null` lifts it. Discord has such a limit (error 30046) and does
   * not publish it: the figure is ours. @defaultValue 10 per hour
   */
  readonly oldEdits: WindowLimit | null;
  /** 401, 403 and 429 (except scope `shared`) per remote address before it is banned. @defaultValue 10,000 per 10 min */
  readonly invalid: InvalidLimit | null;
  /**
   * Every request made while a webhook or channel is blocked lengthens the block by one interval, and
   * `X-RateLimit-Reset-After` names a shorter wait than `Retry-After`. @defaultValue false
   */
  readonly punish: boolean;
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  webhook: { limit: 5, intervalMs: 2_000, kind: "sliding" },
  channel: { limit: 30, intervalMs: 60_000, kind: "sliding" },
  bot: { limit: 5, intervalMs: 5_000, kind: "sliding" },
  global: { limit: 50, intervalMs: 1_000, kind: "sliding" },
  oldEdits: { limit: 10, intervalMs: 3_600_000, kind: "sliding" },
  invalid: { limit: 10_000, intervalMs: 600_000, kind: "fixed", banSeconds: 3_600 },
  punish: false,
} as const);

/** No limit at all: for measuring how fast a client can go. */
export const NO_LIMITS: Limits = Object.freeze({
  webhook: null,
  channel: null,
  bot: null,
  global: null,
  oldEdits: null,
  invalid: null,
  punish: false,
} as const);

/** A window remembers as many instants as its limit allows. */
const LARGEST_LIMIT = 100_000;

/** @throws RangeError naming the field, when a limit is not a positive whole number over a positive time. */
export function checkLimits(limits: Limits): Limits {
  for (const name of ["webhook", "channel", "bot", "global", "oldEdits", "invalid"] as const) {
    const rule = limits[name];
    if (rule === null) continue;
    if (!Number.isInteger(rule.limit) || rule.limit < 1 || rule.limit > LARGEST_LIMIT) {
      throw new RangeError(
        `limits.${name}.limit must be a whole number from 1 to ${LARGEST_LIMIT}, got ${rule.limit}; null lifts the limit`,
      );
    }
    if (!(rule.intervalMs > 0 && Number.isFinite(rule.intervalMs))) {
      throw new RangeError(`limits.${name}.intervalMs must be more than 0, got ${rule.intervalMs}`);
    }
  }
  return limits;
}
