/** Puts what happens into the words in which the gateway tells a bot. Pure. */
import type { EmulatorEvent } from "../observe/events.ts";
import { memberOf, toApiChannel, toApiMember, toApiRole, toApiThread } from "../world/api-guild.ts";
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
      const d = { id, channel_id: channelId, guild_id: world.guildId };
      return heard(INTENT.GUILD_MESSAGES, channelId, () => ({ t: "MESSAGE_DELETE", d }));
    }
    case "reaction-added":
    case "reaction-removed": {
      const { message, userId, emoji, kind } = event;
      const t = kind === "reaction-added" ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE";
      const where = { channel_id: message.channelId, message_id: message.id, guild_id: world.guildId };
      const user = world.users.get(userId);
      const member = kind === "reaction-added" && user !== undefined ? { member: toApiMember(user) } : {};
      const d = { ...where, ...member, user_id: userId, emoji: toApiEmoji(emoji), burst: false, type: 0 };
      return heard(INTENT.GUILD_MESSAGE_REACTIONS, message.channelId, () => ({ t, d }));
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

function sees(placeId: string, { application, world }: Audience): boolean {
  const channelId = world.threads.get(placeId)?.parentId ?? placeId;
  return permissionsIn(channelId, application).includes("VIEW_CHANNEL");
}

function toMessageDispatch(t: string, message: StoredMessage, audience: Audience): Dispatch | null {
  const { application, intents, world } = audience;
  if ((intents & INTENT.GUILD_MESSAGES) === 0 || message.visibleTo !== null) return null;
  if (!sees(message.channelId, audience)) return null;
  const author = world.users.get(message.author.id);
  const d = {
    ...toApiMessage(message, world, application.id),
    guild_id: world.guildId,
    ...(author === undefined ? {} : { member: memberOf(author) }),
    ...(mayRead(message, audience) ? {} : UNREADABLE),
  };
  return { t, d };
}

const UNREADABLE = Object.freeze({ content: "", embeds: [], attachments: [], components: [] });

/** Without the intent a bot reads what it wrote itself, and what mentions it. */
function mayRead({ author, mentions }: StoredMessage, { application, intents }: Audience): boolean {
  if ((intents & INTENT.MESSAGE_CONTENT) !== 0) return true;
  return author.id === application.id || mentions.users.includes(application.id);
}
