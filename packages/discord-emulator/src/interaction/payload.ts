/** An interaction as the bot is told of it. Pure. */
import { memberOf, toApiChannel, toApiDirect, toApiThread } from "../world/api-guild.ts";
import { toApiMessage, toApiUser } from "../world/api-message.ts";
import type { User } from "../world/member.ts";
import { ALL_PERMISSIONS, toBits } from "../world/permissions.ts";
import { permissionsIn } from "../world/society.ts";
import type { World } from "../world/world.ts";
import type { Interaction } from "./interaction.ts";

const IN_GUILD = 0;
const IN_DIRECT = 1;
const FILE_BYTES_MAX = 10 * 1024 * 1024;
const EVERYTHING = toBits(ALL_PERMISSIONS).toString();

export function toApiInteraction(interaction: Interaction, world: World) {
  const { id, token, type, applicationId, channelId, userId, messageId, data } = interaction;
  const message = messageId === null ? undefined : world.log(channelId)?.get(messageId);
  return {
    version: 1,
    id,
    token,
    type,
    application_id: applicationId,
    data,
    channel_id: channelId,
    ...surroundings(interaction, world.users.get(userId)!, world),
    locale: "en-US",
    entitlements: [],
    entitlement_sku_ids: [],
    attachment_size_limit: FILE_BYTES_MAX,
    ...(message === undefined ? {} : { message: toApiMessage(message, world, applicationId) }),
  };
}

/** Where it happened: there a person is a member of the guild, or nothing but a user. */
function surroundings({ channelId, applicationId }: Interaction, user: User, world: World) {
  const { guildId, directs, threads } = world;
  const direct = directs.get(channelId);
  if (direct !== undefined) {
    return {
      channel: toApiDirect(direct, world),
      user: toApiUser(user),
      context: IN_DIRECT,
      app_permissions: EVERYTHING,
      authorizing_integration_owners: { "0": "0" },
    };
  }
  const thread = threads.get(channelId);
  const parent = world.channels.get(thread?.parentId ?? channelId)!;
  const place = thread === undefined ? toApiChannel(parent, world) : toApiThread(thread, world);
  return {
    guild_id: guildId,
    guild_locale: "en-US",
    guild: { id: guildId, locale: "en-US", features: [] },
    channel: { ...place, permissions: EVERYTHING },
    member: { ...memberOf(user), user: toApiUser(user), permissions: EVERYTHING },
    app_permissions: toBits(permissionsIn(parent.id, world.applications.get(applicationId)!)).toString(),
    context: IN_GUILD,
    authorizing_integration_owners: { "0": guildId },
  };
}
