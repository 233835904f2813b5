/**
 * Decides which pings a message really fires: what its text mentions, cut down to what `allowed_mentions` lets through.
 *
 * Embeds are never looked at: a mention there is shown, and pings nobody.
 * https://docs.discord.com/developers/resources/message#allowed-mentions-object
 *
 * Pure. A mention inside a code block or behind a backslash counts too: an emulator had better ring once too often.
 */
import type { AllowedMentions } from "../form/allowed-mentions.ts";

export interface Pings {
  readonly everyone: boolean;
  readonly here: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export const NO_PINGS: Pings = Object.freeze({ everyone: false, here: false, users: [], roles: [] });

/** What applies to a webhook that says nothing: users only. */
const DEFAULT_ALLOWED: AllowedMentions = Object.freeze({ parse: ["users"] as const });

export function firedPings(text: string, allowed: AllowedMentions = DEFAULT_ALLOWED): Pings {
  if (!text.includes("@")) return NO_PINGS;
  const massAllowed = allowed.parse?.includes("everyone") ?? false;
  return {
    everyone: massAllowed && text.includes("@everyone"),
    here: massAllowed && text.includes("@here"),
    users: permitted(mentioned(text, /<@!?(\d+)>/g), allowed.parse?.includes("users"), allowed.users),
    roles: permitted(mentioned(text, /<@&(\d+)>/g), allowed.parse?.includes("roles"), allowed.roles),
  };
}

export function isSilent({ everyone, here, users, roles }: Pings): boolean {
  return !everyone && !here && users.length === 0 && roles.length === 0;
}

function mentioned(text: string, pattern: RegExp): string[] {
  return [...new Set(Array.from(text.matchAll(pattern), (match) => match[1]!))];
}

function permitted(ids: string[], all = false, listed: readonly string[] = []): string[] {
  return all ? ids : ids.filter((id) => listed.includes(id));
}
