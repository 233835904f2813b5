/** The only place where discord.js is imported, and only when a connection is wanted. */
import type { BotApi } from "../../channel/discord-bot/target.ts";
import type { OwnClient } from "./gateway.ts";

const TIMEOUT_MS = 10_000;

/** @throws Error when discord.js is not installed */
export async function makeDiscordClient(
  api: BotApi,
  { withContent }: { readonly withContent: boolean },
): Promise<OwnClient> {
  const { Client, GatewayIntentBits, Options } = await import("discord.js");
  const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits;
  return new Client({
    intents: withContent ? [Guilds, GuildMessages, MessageContent] : [Guilds, GuildMessages],
    // Nothing of what people write is needed later.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0, ReactionManager: 0 }),
    rest: {
      api: `${api.origin}${api.base.replace(/\/v\d+$/, "")}`,
      timeout: TIMEOUT_MS,
      // What it would wait for, in one form of ban 50 times a second and for ever, we wait for ourselves.
      rejectOnRateLimit: () => true,
    },
  });
}

/** What of a WebSocket we need; discord.js takes that of the package ws. */
interface Socket {
  terminate(): void;
  on(event: "error", listener: () => void): unknown;
}

/**
 * The sockets of a client, which discord.js does not hand out: it waits up to 30 s for a network that is gone to say goodbye, and keeps the
 * process alive for that long. Should another version keep them elsewhere, none are found, and it waits.
 */
export function socketsOf(client: object): readonly Socket[] {
  const shards = at(at(at(at(client, "ws"), "_ws"), "strategy"), "shards");
  if (!(shards instanceof Map)) return [];
  return [...shards.values()].map((shard) => at(shard, "connection")).filter(isSocket);
}

/** Ends it without a goodbye. Harmless when it has ended. */
export function cut(socket: Socket): void {
  // One that is still connecting reports that as an error, which would end the process if nobody listened.
  socket.on("error", () => {});
  socket.terminate();
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function isSocket(value: unknown): value is Socket {
  return typeof at(value, "terminate") === "function" && typeof at(value, "on") === "function";
}
