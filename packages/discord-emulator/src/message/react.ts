/** Reactions: who put which emoji under a message. */

import type { Workshop } from "../workshop.ts";
import type { Reaction, StoredMessage } from "../world/message.ts";

export interface ReactionOf {
  readonly message: StoredMessage;
  readonly emoji: string;
  readonly userId: string;
}

/** Emoji as such, or `name:id` of a custom one; what is neither Discord calls unknown. */
export function isEmoji(emoji: string): boolean {
  return /^\w{2,32}:\d{17,20}$/.test(emoji) || /^\p{RGI_Emoji}$/v.test(emoji) || /^\p{Emoji}\u20e3?$/v.test(emoji);
}

/** Does nothing when it is there already. */
export function addReaction({ message, emoji, userId }: ReactionOf, { world, events }: Workshop): void {
  const before = message.reactions.find((one) => one.emoji === emoji);
  if (before?.userIds.includes(userId)) return;
  const after: Reaction = { emoji, userIds: [...(before?.userIds ?? []), userId] };
  const reactions =
    before === undefined
      ? [...message.reactions, after]
      : message.reactions.map((one) => (one === before ? after : one));
  const changed = Object.freeze({ ...message, reactions });
  world.log(message.channelId)?.replace(changed);
  events.emit({ kind: "reaction-added", message: changed, emoji, userId });
}

/** Does nothing when it is not there. */
export function removeReaction({ message, emoji, userId }: ReactionOf, { world, events }: Workshop): void {
  const before = message.reactions.find((one) => one.emoji === emoji);
  if (!before?.userIds.includes(userId)) return;
  const reactions = message.reactions
    .map((one) => (one === before ? { ...one, userIds: one.userIds.filter((id) => id !== userId) } : one))
    .filter(({ userIds }) => userIds.length > 0);
  const changed = Object.freeze({ ...message, reactions });
  world.log(message.channelId)?.replace(changed);
  events.emit({ kind: "reaction-removed", message: changed, emoji, userId });
}
