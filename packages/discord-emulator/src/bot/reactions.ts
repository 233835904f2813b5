/**
 * Reactions, as bots put, read and take them away.
 * https://docs.discord.com/developers/resources/message#create-reaction and following
 */
import * as answers from "../http/answer.ts";
import { addReaction, isEmoji, removeReaction } from "../message/react.ts";
import type { Workshop } from "../workshop.ts";
import { userNamed } from "../world/api-message.ts";
import type { Permission } from "../world/permissions.ts";
import type { BotCall } from "./call.ts";
import { findBotMessage } from "./messages.ts";

const OWN = "@me";

export function putReaction(call: BotCall, workshop: Workshop): answers.Answer {
  const found = find(call, ["READ_MESSAGE_HISTORY", "ADD_REACTIONS"], workshop);
  if (found.kind !== "found") return found;
  addReaction({ ...found, userId: call.application.id }, workshop);
  return answers.EMPTY;
}

/** One's own, or with MANAGE_MESSAGES somebody else's. */
export function deleteReaction(call: BotCall, workshop: Workshop): answers.Answer {
  const userId = call.params["user"] ?? OWN;
  const found = find(call, userId === OWN ? [] : ["MANAGE_MESSAGES"], workshop);
  if (found.kind !== "found") return found;
  removeReaction({ ...found, userId: userId === OWN ? call.application.id : userId }, workshop);
  return answers.EMPTY;
}

export function listReactions(call: BotCall, workshop: Workshop): answers.Answer {
  const found = find(call, ["READ_MESSAGE_HISTORY"], workshop);
  if (found.kind !== "found") return found;
  const userIds = found.message.reactions.find(({ emoji }) => emoji === found.emoji)?.userIds ?? [];
  return answers.json(userIds.map((id) => userNamed(id, workshop.world)));
}

/** All of a message, or all of one emoji. */
export function clearReactions(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findBotMessage(call, ["MANAGE_MESSAGES"], workshop);
  if (found.kind !== "found") return found;
  const wanted = call.params["emoji"];
  for (const { emoji, userIds } of found.message.reactions) {
    if (wanted !== undefined && wanted !== emoji) continue;
    for (const userId of userIds) {
      const message = workshop.world.log(found.message.channelId)?.get(found.message.id) ?? found.message;
      removeReaction({ message, emoji, userId }, workshop);
    }
  }
  return answers.EMPTY;
}

function find(call: BotCall, needed: readonly Permission[], workshop: Workshop) {
  const found = findBotMessage(call, needed, workshop);
  if (found.kind !== "found") return found;
  const emoji = call.params["emoji"]!;
  return isEmoji(emoji) ? { ...found, emoji } : answers.UNKNOWN_EMOJI;
}
