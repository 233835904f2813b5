/** Puts what happens into the words in which the gateway tells a bot. Pure. */
import type { EmulatorEvent } from "../observe/events.ts";
import { channelTypeOf, memberOf, toApiChannel, toApiMember, toApiRole, toApiThread } from "../world/api-guild.ts";
import { toApiEmoji, toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import { type Application, permissionsIn } from "../world/society.ts";
import type { World } from "../world/world.ts";
import { INTENT } from "./intents.ts";

export interface Dispatch {
  readonly t: string;
  readonly d: unknown;
}

export interface Audience {
  readonly application: Application;
  readonly intents: number;
  readonly world: World;
}

/** Null when this bot is not to hear of it. */
export function toDispatch(event: EmulatorEvent, audience: Audience): Dispatch | null {
  const { world } = audience;
  const heard = (intent: number, placeId: string, tell: () => Dispatch) =>
    (audience.intents & intent) !== 0 && sees(placeId, audience) ? tell() : null;
  switch (event.kind) {
    case "message-created":
      return toMessageDispatch("MESSAGE_CREATE", event.message, audience);
    case "message-edited":
      return toMessageDispatch("MESSAGE_UPDATE", event.message, audience);
    case "message-deleted": {
      const { id, channelId, visibleTo } = event.message;
      if (visibleTo !== null) return null;
      const d = { id, channel_id: channelId, ...guildOf(channelId, world) };
      return hears(MESSAGES, channelId, audience) ? { t: "MESSAGE_DELETE", d } : null;
    }
    case "reaction-added":
    case "reaction-removed": {
      const { message, userId, emoji, kind } = event;
      const t = kind === "reaction-added" ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE";
      const where = { channel_id: message.channelId, message_id: message.id, ...guildOf(message.channelId, world) };
      const user = world.users.get(userId);
      const isInGuild = !world.directs.has(message.channelId);
      const isTold = kind === "reaction-added" && user !== undefined && isInGuild;
      const member = isTold ? { member: toApiMember(user) } : {};
      const d = { ...where, ...member, user_id: userId, emoji: toApiEmoji(emoji), burst: false, type: 0 };
      return hears(REACTIONS, message.channelId, audience) ? { t, d } : null;
    }
    case "channel-created": {
      const { channel } = event;
      return heard(INTENT.GUILDS, channel.id, () => ({ t: "CHANNEL_CREATE", d: toApiChannel(channel, world) }));
    }
    case "role-created": {
      const d = { guild_id: world.guildId, role: toApiRole(event.role) };
      return (audience.intents & INTENT.GUILDS) === 0 ? null : { t: "GUILD_ROLE_CREATE", d };
    }
    case "permissions-changed":
      return toPermissionDispatch(event, audience);
    case "thread-created":
    case "thread-changed": {
      const { thread, kind } = event;
      const t = kind === "thread-created" ? "THREAD_CREATE" : "THREAD_UPDATE";
      const fresh = kind === "thread-created" ? { newly_created: true } : {};
      return heard(INTENT.GUILDS, thread.id, () => ({ t, d: { ...toApiThread(thread, world), ...fresh } }));
    }
    case "webhook-deleted": {
      const d = { guild_id: world.guildId, channel_id: event.webhook.channelId };
      return heard(INTENT.GUILD_WEBHOOKS, event.webhook.channelId, () => ({ t: "WEBHOOKS_UPDATE", d }));
    }
    case "request":
    case "violation":
    case "changed":
      return null;
  }
}

type PermissionsChanged = Extract<EmulatorEvent, { kind: "permissions-changed" }>;

/** In one channel they are that channel's; everywhere, those of the bot's role. */
function toPermissionDispatch({ application, channelId }: PermissionsChanged, { intents, world }: Audience) {
  if ((intents & INTENT.GUILDS) === 0) return null;
  const channel = world.channels.get(channelId ?? "");
  if (channel !== undefined) return { t: "CHANNEL_UPDATE", d: toApiChannel(channel, world) };
  const role = toApiRole({ id: application.roleId, name: application.name }, application.permissions);
  return { t: "GUILD_ROLE_UPDATE", d: { guild_id: world.guildId, role } };
}

/** The intent for places of the guild, and the one for conversations. */
interface IntentPair {
  readonly guild: number;
  readonly direct: number;
}

const MESSAGES: IntentPair = { guild: INTENT.GUILD_MESSAGES, direct: INTENT.DIRECT_MESSAGES };
const REACTIONS: IntentPair = { guild: INTENT.GUILD_MESSAGE_REACTIONS, direct: INTENT.DIRECT_MESSAGE_REACTIONS };

/** A conversation is heard by its own bot alone. */
function hears(pair: IntentPair, placeId: string, audience: Audience): boolean {
  const direct = audience.world.directs.get(placeId);
  if (direct === undefined) return (audience.intents & pair.guild) !== 0 && sees(placeId, audience);
  return (audience.intents & pair.direct) !== 0 && direct.applicationId === audience.application.id;
}

function guildOf(placeId: string, { directs, guildId }: World): { readonly guild_id?: string } {
  return directs.has(placeId) ? {} : { guild_id: guildId };
}

function sees(placeId: string, { application, world }: Audience): boolean {
  const channelId = world.threads.get(placeId)?.parentId ?? placeId;
  return permissionsIn(channelId, application).includes("VIEW_CHANNEL");
}

function toMessageDispatch(t: string, message: StoredMessage, audience: Audience): Dispatch | null {
  const { application, world } = audience;
  if (message.visibleTo !== null || !hears(MESSAGES, message.channelId, audience)) return null;
  const guild = guildOf(message.channelId, world);
  const author = world.users.get(message.author.id);
  const d = {
    ...toApiMessage(message, world, application.id),
    ...guild,
    channel_type: channelTypeOf(message.channelId, world),
    ...(author === undefined || !("guild_id" in guild) ? {} : { member: memberOf(author) }),
    ...(mayRead(message, audience) ? {} : UNREADABLE),
  };
  return { t, d };
}

const UNREADABLE = Object.freeze({ content: "", embeds: [], attachments: [], components: [] });

/** Without the intent a bot reads what it wrote itself, what mentions it, and what is said to it alone. */
function mayRead({ author, mentions, channelId }: StoredMessage, { application, intents, world }: Audience): boolean {
  if ((intents & INTENT.MESSAGE_CONTENT) !== 0 || world.directs.has(channelId)) return true;
  return author.id === application.id || mentions.users.includes(application.id);
}
