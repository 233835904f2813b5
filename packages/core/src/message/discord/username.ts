/**
 * Decides whether Discord takes a name for the sender. One that it does not take makes it refuse the whole message.
 * Pure. https://docs.discord.com/developers/resources/webhook ("Create Webhook") and .../resources/user ("Usernames and Nicknames").
 */
import { fits } from "../chars.ts";
import { DISCORD_LIMITS } from "./limits.ts";

const FORBIDDEN_PARTS = /clyde|discord|[@#:]|```/i;
const FORBIDDEN_NAMES = /^(?:everyone|here)$/i;

/** The name as it will be sent, or `null` when Discord would refuse it. */
export function usableUsername(username: string): string | null {
  const name = username.toWellFormed().trim();
  if (name === "" || FORBIDDEN_PARTS.test(name) || FORBIDDEN_NAMES.test(name)) return null;
  return fits(name, DISCORD_LIMITS.usernameChars) ? name : null;
}
