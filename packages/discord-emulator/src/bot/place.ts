/** Finds the channel or thread that a bot asks for, and what the bot may do there. */
import { type Answer, MISSING_ACCESS, MISSING_PERMISSIONS, UNKNOWN_CHANNEL } from "../http/answer.ts";
import type { MessageLog } from "../world/message-log.ts";
import { ALL_PERMISSIONS, type Permission } from "../world/permissions.ts";
import type { Channel, Thread } from "../world/places.ts";
import { permissionsIn } from "../world/society.ts";
import type { World } from "../world/world.ts";
import type { BotCall } from "./call.ts";

export interface BotPlace {
  readonly kind: "place";
  readonly id: string;
  /** The channel itself, or the one that the thread hangs on. */
  readonly channel: Channel;
  readonly thread: Thread | null;
  readonly log: MessageLog;
  /** What the bot may do here. */
  readonly held: readonly Permission[];
}

/** Unknown 10003; not to be seen by this bot 50001; to be seen, but not for this use 50013. */
export function findBotPlace(call: BotCall, needed: readonly Permission[], world: World): BotPlace | Answer {
  const id = call.params["channel"]!;
  const thread = world.threads.get(id) ?? null;
  const channel = world.channels.get(thread?.parentId ?? id) ?? directAsChannel(id, call, world);
  const log = world.log(id);
  if (channel === undefined || log === undefined) return UNKNOWN_CHANNEL;
  const held = world.directs.has(id) ? IN_DIRECT : permissionsIn(channel.id, call.application);
  if (!held.includes("VIEW_CHANNEL")) return MISSING_ACCESS;
  if (!needed.every((one) => held.includes(one))) return MISSING_PERMISSIONS;
  return { kind: "place", id, channel, thread, log, held };
}

/** In a conversation nobody has to permit anything, and nobody may delete what the other has said. */
const IN_DIRECT: readonly Permission[] = ALL_PERMISSIONS.filter((one) => one !== "MANAGE_MESSAGES");

/** Conversations of other bots are unknown. */
function directAsChannel(id: string, { application }: BotCall, { directs }: World): Channel | undefined {
  if (directs.get(id)?.applicationId !== application.id) return undefined;
  return { id, name: "", kind: "text", requireTag: false, tags: [] };
}
