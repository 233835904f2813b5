/** An interaction as the bot is told of it. Pure. */
import { memberOf, toApiChannel, toApiThread } from "../world/api-guild.ts";
import { toApiMessage, toApiUser } from "../world/api-message.ts";
import { ALL_PERMISSIONS, toBits } from "../world/permissions.ts";
import { permissionsIn } from "../world/society.ts";
import type { World } from "../world/world.ts";
import type { Interaction } from "./interaction.ts";

const IN_GUILD = 0;
const FILE_BYTES_MAX = 10 * 1024 * 1024;

export function toApiInteraction(interaction: Interaction, world: World) {
  const { id, token, type, applicationId, channelId, userId, messageId, data } = interaction;
  const user = world.users.get(userId)!;
  const thread = world.threads.get(channelId);
  const parentId = thread?.parentId ?? channelId;
  const channel = world.channels.get(parentId)!;
  const message = messageId === null ? undefined : world.log(channelId)?.get(messageId);
  const everything = toBits(ALL_PERMISSIONS).toString();
  return {
    ...{ version: 1, id, token, type, application_id: applicationId, data },
    guild_id: world.guildId,
    guild: { id: world.guildId, locale: "en-US", features: [] },
    channel_id: channelId,
    channel: {
      ...(thread === undefined ? toApiChannel(channel, world) : toApiThread(thread, world)),
      permissions: everything,
    },
    member: { ...memberOf(user), user: toApiUser(user), permissions: everything },
    app_permissions: toBits(permissionsIn(parentId, world.applications.get(applicationId)!)).toString(),
    ...{ locale: "en-US", guild_locale: "en-US", entitlements: [], entitlement_sku_ids: [], context: IN_GUILD },
    authorizing_integration_owners: { "0": world.guildId },
    attachment_size_limit: FILE_BYTES_MAX,
    ...(message === undefined ? {} : { message: toApiMessage(message, world, applicationId) }),
  };
}
