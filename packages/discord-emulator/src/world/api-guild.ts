/** Guild, channels, roles, members and applications as Discord's API shows them. Pure. */
import { toApiTime } from "../time/api-time.ts";
import { toApiUser, userNamed } from "./api-message.ts";
import { DISCORD_EPOCH_AT } from "./identity.ts";
import type { Role, User } from "./member.ts";
import { ALL_PERMISSIONS, type Permission, toBits } from "./permissions.ts";
import type { Channel, ChannelKind, Direct, Thread } from "./places.ts";
import { type Application, permissionsIn } from "./society.ts";
import type { World } from "./world.ts";

/** https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
const CHANNEL_TYPES: Readonly<Record<ChannelKind, number>> = Object.freeze({ text: 0, forum: 15, media: 16 });
const DIRECT = 1;
const PUBLIC_THREAD = 11;

const MEMBER = 1;
const REQUIRE_TAG = 1 << 4;

/** https://docs.discord.com/developers/resources/application#application-object-application-flags */
const PRESENCE_LIMITED = 1 << 13;
const MEMBERS_LIMITED = 1 << 15;
const CONTENT_LIMITED = 1 << 19;

export function toApiChannel(channel: Channel, world: World) {
  const isForum = channel.kind !== "text";
  const tags = channel.tags.map(({ id, name }) => ({ id, name, moderated: false, emoji_id: null, emoji_name: null }));
  return {
    id: channel.id,
    type: CHANNEL_TYPES[channel.kind],
    guild_id: world.guildId,
    name: channel.name,
    position: [...world.channels.keys()].indexOf(channel.id),
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    last_message_id: world.log(channel.id)?.all().at(-1)?.id ?? null,
    flags: channel.requireTag ? REQUIRE_TAG : 0,
    permission_overwrites: overwritesIn(channel.id, world),
    ...(isForum ? { available_tags: tags, default_reaction_emoji: null, default_sort_order: null } : {}),
  };
}

function overwritesIn(channelId: string, { applications }: World) {
  return [...applications.values()].flatMap(({ id, channelPermissions }) => {
    const held = channelPermissions[channelId];
    if (held === undefined) return [];
    const denied = ALL_PERMISSIONS.filter((one) => !held.includes(one));
    return [{ id, type: MEMBER, allow: bits(held), deny: bits(denied) }];
  });
}

/** What stands in a message's event beside the place's id. */
export function channelTypeOf(placeId: string, { directs, threads, channels }: World): number {
  if (directs.has(placeId)) return DIRECT;
  return threads.has(placeId) ? PUBLIC_THREAD : CHANNEL_TYPES[channels.get(placeId)?.kind ?? "text"];
}

export function toApiDirect({ id, userId }: Direct, world: World) {
  const recipients = [userNamed(userId, world)];
  return { id, type: DIRECT, recipients, flags: 0, last_message_id: world.log(id)?.all().at(-1)?.id ?? null };
}

export function toApiThread(thread: Thread, world: World) {
  const { id, parentId, name, archived, locked, appliedTags } = thread;
  const messages = world.log(id);
  return {
    id,
    type: PUBLIC_THREAD,
    guild_id: world.guildId,
    parent_id: parentId,
    owner_id: thread.ownerId,
    name,
    applied_tags: appliedTags,
    last_message_id: messages?.all().at(-1)?.id ?? null,
    message_count: messages?.added() ?? 0,
    member_count: 1,
    total_message_sent: messages?.added() ?? 0,
    rate_limit_per_user: 0,
    flags: 0,
    thread_metadata: {
      archived,
      locked,
      auto_archive_duration: 4320,
      archive_timestamp: madeAt(id),
      create_timestamp: madeAt(id),
    },
  };
}

export function toApiRole({ id, name }: Role, permissions: readonly Permission[] = []) {
  return {
    id,
    name,
    permissions: bits(permissions),
    position: 1,
    mentionable: true,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  };
}

export function toApiMember(user: User) {
  return { ...memberOf(user), user: toApiUser(user) };
}

/** A member without the user: that stands beside it, in a message. */
export function memberOf({ id, roleIds }: User) {
  return {
    nick: null,
    avatar: null,
    banner: null,
    roles: roleIds,
    joined_at: madeAt(id),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

export function rolesOf(world: World) {
  const everyone = toApiRole({ id: world.guildId, name: "@everyone" });
  const people = [...world.roles.values()].map((role) => toApiRole(role));
  // A bot's permissions are those of the role that it got when it joined.
  const bots = [...world.applications.values()].map(({ roleId, name, permissions }) =>
    toApiRole({ id: roleId, name }, permissions),
  );
  return [{ ...everyone, position: 0 }, ...people, ...bots];
}

export interface Viewer {
  readonly viewer: Application;
  /** Without the intent a bot gets to know only itself. */
  readonly hearsOfMembers: boolean;
}

export function toApiGuild(name: string, world: World, { viewer, hearsOfMembers }: Viewer) {
  const visible = (channelId: string) => permissionsIn(channelId, viewer).includes("VIEW_CHANNEL");
  const channels = [...world.channels.values()].filter(({ id }) => visible(id));
  const threads = [...world.threads.values()].filter(({ archived, parentId }) => !archived && visible(parentId));
  const members = [...world.users.values()].filter(({ id }) => hearsOfMembers || id === viewer.id);
  return {
    id: world.guildId,
    name,
    owner_id: world.guildId,
    icon: null,
    splash: null,
    banner: null,
    description: null,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_subscription_count: 0,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    preferred_locale: "en-US",
    vanity_url_code: null,
    application_id: null,
    discovery_splash: null,
    features: [],
    emojis: [],
    stickers: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    large: false,
    unavailable: false,
    safety_alerts_channel_id: null,
    joined_at: madeAt(viewer.id),
    member_count: world.users.size,
    roles: rolesOf(world),
    members: members.map(toApiMember),
    channels: channels.map((channel) => toApiChannel(channel, world)),
    threads: threads.map((thread) => toApiThread(thread, world)),
  };
}

export function toApiApplication(application: Application, world: World) {
  const { id, name, publicKey, interactionsUrl } = application;
  return {
    id,
    name,
    icon: null,
    description: "",
    summary: "",
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: publicKey,
    flags: applicationFlags(application),
    interactions_endpoint_url: interactionsUrl,
    approximate_guild_count: 1,
    bot: toApiUser(world.users.get(id)!),
    team: null,
  };
}

export function applicationFlags({ privileges }: Application): number {
  return (
    (privileges.messageContent ? CONTENT_LIMITED : 0) |
    (privileges.members ? MEMBERS_LIMITED : 0) |
    (privileges.presences ? PRESENCE_LIMITED : 0)
  );
}

function bits(permissions: readonly Permission[]): string {
  return toBits(permissions).toString();
}

/** When something was made is in its id. */
function madeAt(id: string): string {
  return toApiTime(Number(BigInt(id) >> 22n) + DISCORD_EPOCH_AT);
}
