/** A message, and who wrote it, as Discord's API shows them. Pure. */
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { toApiTime } from "../time/api-time.ts";
import type { User } from "./member.ts";
import type { Reaction, StoredAttachment, StoredMessage } from "./message.ts";
import type { World } from "./world.ts";

/** As `viewerId` sees it: the reactions say which of them are the viewer's own. */
export function toApiMessage(message: StoredMessage, world: World, viewerId: string | null = null): APIMessage {
  const shown = {
    ...describe(message, world),
    ...reactionsOf(message, viewerId),
    ...answered(message, world),
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.webhookId === null ? {} : { webhook_id: message.webhookId }),
    ...(message.poll === null ? {} : { poll: message.poll }),
  };
  // The enums of discord-api-types have no structural form: the numbers here are their values.
  return shown as unknown as APIMessage;
}

function describe(message: StoredMessage, world: World) {
  const { mentions, editedAt } = message;
  return {
    id: message.id,
    type: message.type,
    content: message.content,
    channel_id: message.channelId,
    author: authorOf(message, world),
    attachments: message.attachments.map(toApiAttachment),
    embeds: message.embeds,
    mentions: mentions.users.map((id) => userNamed(id, world)),
    mention_roles: mentions.roles,
    pinned: false,
    mention_everyone: mentions.everyone || mentions.here,
    tts: message.tts,
    timestamp: toApiTime(message.createdAt),
    edited_timestamp: editedAt === null ? null : toApiTime(editedAt),
    flags: message.flags,
    components: message.components,
  };
}

function authorOf({ author, username }: StoredMessage, world: World) {
  const user = world.users.get(author.id);
  if (user !== undefined) return toApiUser(user);
  const webhook = {
    id: author.id,
    username,
    avatar: null,
    discriminator: "0000",
    public_flags: 0,
    flags: 0,
    bot: true,
  };
  return { ...webhook, global_name: null, clan: null, primary_guild: null };
}

export function toApiUser({ id, name, isBot }: User): APIUser {
  return {
    id,
    username: name,
    avatar: null,
    discriminator: isBot ? String(Number(BigInt(id) % 9_000n) + 1_000) : "0",
    global_name: isBot ? null : name,
    public_flags: 0,
    ...(isBot ? { bot: true } : {}),
  } as unknown as APIUser;
}

/** Somebody who is mentioned need not be known here. */
export function userNamed(id: string, { users }: World): APIUser {
  return toApiUser(users.get(id) ?? { id, name: `user-${id.slice(-4)}`, isBot: false, roleIds: [] });
}

function toApiAttachment({ id, filename, description, contentType, sizeBytes, url }: StoredAttachment) {
  const about = description === null ? {} : { description };
  return { id, filename, size: sizeBytes, url, proxy_url: url, content_type: contentType, ...about };
}

function reactionsOf({ reactions }: StoredMessage, viewerId: string | null) {
  if (reactions.length === 0) return {};
  return { reactions: reactions.map((reaction) => toApiReaction(reaction, viewerId)) };
}

function toApiReaction({ emoji, userIds }: Reaction, viewerId: string | null) {
  const count = userIds.length;
  return {
    count,
    count_details: { burst: 0, normal: count },
    burst_colors: [],
    me_burst: false,
    me: viewerId !== null && userIds.includes(viewerId),
    emoji: toApiEmoji(emoji),
  };
}

export function toApiEmoji(emoji: string) {
  const custom = /^(\w+):(\d+)$/.exec(emoji);
  return custom === null ? { id: null, name: emoji } : { id: custom[2]!, name: custom[1]! };
}

/** The message or the interaction that it answers. */
function answered({ replyTo, cause, channelId }: StoredMessage, world: World) {
  const reference =
    replyTo === null
      ? {}
      : {
          message_reference: { type: 0, message_id: replyTo, channel_id: channelId, guild_id: world.guildId },
          referenced_message: referenced(channelId, replyTo, world),
        };
  if (cause === null) return reference;
  const user = userNamed(cause.userId, world);
  const { id, type, name } = cause;
  const metadata = { id, type, user, authorizing_integration_owners: { "0": world.guildId } };
  const older = type === 2 ? { interaction: { id, type, name, user } } : {};
  return { ...reference, ...older, interaction_metadata: metadata };
}

/** One level deep, as Discord shows it. */
function referenced(channelId: string, messageId: string, world: World): APIMessage | null {
  const found = world.log(channelId)?.get(messageId);
  return found === undefined ? null : toApiMessage({ ...found, replyTo: null }, world);
}
