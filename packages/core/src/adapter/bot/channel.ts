/** A destination that sends through a bot, for programs with a discord.js client of their own. */
import { createDiscordBotChannel } from "../../channel/discord-bot/bot-channel.ts";
import type { BotCredentials } from "../../channel/discord-bot/rest.ts";
import { DISCORD_API, isSnowflake, readBotApi } from "../../channel/discord-bot/target.ts";
import { createHttpTransport } from "../../channel/http/transport.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import type { Channel } from "../../delivery/channel.ts";
import { ConfigError } from "../../errors/config-error.ts";
import type { GatewayClient } from "./gateway.ts";

export interface BotChannelOptions {
  /** Messages wait for it to log in, each attempt for a minute; after that it counts as out of reach. */
  readonly client: GatewayClient;
  readonly channelId: string;
  /** Begins the footers. @defaultValue "Tocsin" */
  readonly service?: string;
  /** For one request. More than 0. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Of Discord's API. @defaultValue Discord's own */
  readonly apiUrl?: string;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * A destination for `createNotifier()` that posts as the bot of a client.
 *
 * @throws {@link ConfigError} `CONFIG_BOT_CHANNEL`, naming each mistake.
 *
 * @example
 * createNotifier({ webhooks: { monitoring: createBotChannel({ client, channelId: "123456789012345678" }) } });
 */
export function createBotChannel(options: BotChannelOptions): Channel {
  const { client, channelId, service = "Tocsin", timeoutMs = DEFAULT_TIMEOUT_MS, apiUrl } = options;
  // The address is the program's own choice, and needs no list that allows it.
  const reading = apiUrl === undefined ? null : readBotApi(apiUrl, [URL.canParse(apiUrl) ? new URL(apiUrl).host : ""]);
  const problems: string[] = [];
  if (!isSnowflake(channelId)) problems.push("channelId must be the id of a channel, a number of 17 digits or more");
  if (reading?.ok === false) problems.push(`apiUrl ${reading.problem}`);
  if (problems.length > 0) throw new ConfigError("CONFIG_BOT_CHANNEL", problems);
  const transport = createHttpTransport({ clock: createSystemClock(), timeoutMs });
  // A program whose client never logs in may end.
  const clock = createSystemClock({ keepAlive: false });
  const api = reading?.ok === true ? reading.api : DISCORD_API;
  const credentials = clientCredentials(client);
  const channel = createDiscordBotChannel({ channelId, service, api, clock, transport, credentials });
  return {
    ...channel,
    async close() {
      credentials.end();
      await channel.close();
      await transport.close();
    },
  };
}

export interface ClientCredentials extends BotCredentials {
  /** Listens to the client no more. */
  end(): void;
}

/** The credentials of a client, which are good as soon as Discord has greeted it. */
export function clientCredentials(client: GatewayClient): ClientCredentials {
  let isGreeted = client.isReady();
  let waiting: (() => void)[] = [];
  const onRaw = (packet: unknown): void => {
    if ((packet as { readonly t?: unknown } | null)?.t !== "READY") return;
    isGreeted = true;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  client.on("raw", onRaw);
  return {
    token: () => (isGreeted ? client.token : null),
    whenReady: () => new Promise((resolve) => waiting.push(resolve)),
    end: () => void client.off("raw", onRaw),
  };
}
