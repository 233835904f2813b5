/**
 * Which events a bot gets to hear, and what it may read in them. Pure.
 * https://docs.discord.com/developers/events/gateway#gateway-intents
 */
import type { Privileges } from "../world/society.ts";

export const INTENT = Object.freeze({
  GUILDS: 1 << 0,
  GUILD_MEMBERS: 1 << 1,
  GUILD_WEBHOOKS: 1 << 5,
  GUILD_PRESENCES: 1 << 8,
  GUILD_MESSAGES: 1 << 9,
  GUILD_MESSAGE_REACTIONS: 1 << 10,
  DIRECT_MESSAGES: 1 << 12,
  DIRECT_MESSAGE_REACTIONS: 1 << 13,
  MESSAGE_CONTENT: 1 << 15,
});

/** Bits 0 to 16, 20, 21, 24 and 25; the gaps have no meaning. */
const KNOWN = 0x1ffff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);

export type IntentVerdict = "granted" | "invalid" | "disallowed";

/** Privileged intents are those that a switch in the developer portal allows. */
export function judgeIntents(intents: unknown, privileges: Privileges): IntentVerdict {
  if (typeof intents !== "number" || !Number.isInteger(intents) || intents < 0 || (intents & ~KNOWN) !== 0) {
    return "invalid";
  }
  const refused =
    ((intents & INTENT.MESSAGE_CONTENT) !== 0 && !privileges.messageContent) ||
    ((intents & INTENT.GUILD_MEMBERS) !== 0 && !privileges.members) ||
    ((intents & INTENT.GUILD_PRESENCES) !== 0 && !privileges.presences);
  return refused ? "disallowed" : "granted";
}
