/** What a session is told about the world: at its start, and when it asks who is there. */
import { applicationFlags, toApiGuild, toApiMember } from "../world/api-guild.ts";
import { toApiUser } from "../world/api-message.ts";
import type { Application } from "../world/society.ts";
import type { World } from "../world/world.ts";
import { INTENT } from "./intents.ts";
import type { Session } from "./session.ts";

export interface Host {
  readonly world: World;
  readonly guildName: string;
  readonly publicUrl: () => string;
}

/** READY, and then the guild as far as the bot may see it. */
export function welcome(session: Session, application: Application, { world, guildName, publicUrl }: Host): void {
  const { id } = application;
  session.tell({
    t: "READY",
    d: {
      v: 10,
      user: { ...toApiUser(world.users.get(id)!), bot: true, verified: true, email: null, mfa_enabled: true },
      guilds: [{ id: world.guildId, unavailable: true }],
      session_id: session.id,
      session_type: "normal",
      resume_gateway_url: publicUrl().replace(/^http/, "ws"),
      shard: [0, 1],
      application: { id, flags: applicationFlags(application) },
      private_channels: [],
      relationships: [],
      presences: [],
      user_settings: {},
      _trace: [],
    },
  });
  if ((session.intents & INTENT.GUILDS) === 0) return;
  const hearsOfMembers = (session.intents & INTENT.GUILD_MEMBERS) !== 0;
  session.tell({ t: "GUILD_CREATE", d: toApiGuild(guildName, world, { viewer: application, hearsOfMembers }) });
}

export function answerMembers(d: unknown, session: Session, world: World): void {
  const nonce = typeof d === "object" && d !== null && "nonce" in d ? { nonce: d.nonce } : {};
  const members = Array.from(world.users.values(), toApiMember);
  const chunk = { guild_id: world.guildId, members, chunk_index: 0, chunk_count: 1, not_found: [], ...nonce };
  session.tell({ t: "GUILD_MEMBERS_CHUNK", d: chunk });
}
