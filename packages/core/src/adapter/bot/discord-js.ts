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
