/** The guild, its channels, roles and members as bots see them. */
import { type Answer, json, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_USER } from "../http/answer.ts";
import type { Workshop } from "../workshop.ts";
import { rolesOf, toApiGuild, toApiMember } from "../world/api-guild.ts";
import { toApiUser } from "../world/api-message.ts";
import type { BotCall, BotHandler } from "./call.ts";

/** The guild itself, without what only the gateway tells. */
export const getGuild = inGuild(({ application }, { world, guildName }) => {
  const { channels, threads, members, ...guild } = toApiGuild(guildName, world, {
    viewer: application,
    hearsOfMembers: false,
  });
  return json(guild);
});

export const listChannels = inGuild(({ application }, { world, guildName }) =>
  json(toApiGuild(guildName, world, { viewer: application, hearsOfMembers: false }).channels),
);

export const listRoles = inGuild((_call, { world }) => json(rolesOf(world)));

export const listMembers = inGuild((_call, { world }) => json(Array.from(world.users.values(), toApiMember)));

export const getMember = inGuild(({ params, application }, { world }) => {
  const user = world.users.get(params["user"] === "@me" ? application.id : params["user"]!);
  return user === undefined ? UNKNOWN_MEMBER : json(toApiMember(user));
});

export function getUser({ params }: BotCall, { world }: Workshop): Answer {
  const user = world.users.get(params["user"]!);
  return user === undefined ? UNKNOWN_USER : json(toApiUser(user));
}

function inGuild(handle: BotHandler): BotHandler {
  return (call, workshop) => (call.params["guild"] === workshop.world.guildId ? handle(call, workshop) : UNKNOWN_GUILD);
}
