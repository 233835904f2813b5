/** Where the examples send to: your webhook when DISCORD_WEBHOOK_URL is set, otherwise an emulated Discord of their own. */
import { startEmulator } from "@tocsin/discord-emulator";

export interface ExampleDiscord {
  /** For `createNotifier({ env })`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly close: () => Promise<void>;
}

export async function openDiscord(): Promise<ExampleDiscord> {
  if (process.env["DISCORD_WEBHOOK_URL"]) return { env: process.env, close: async () => {} };
  const emulator = await startEmulator();
  const { url } = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  console.log(`Discord   ${emulator.url} (emulated; set DISCORD_WEBHOOK_URL to send to your own)`);
  const env = { ...process.env, DISCORD_WEBHOOK_URL: url, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host };
  return { env, close: emulator.close };
}

/** The same for an example with a bot: yours when its token and its channel are set. */
export async function openDiscordForBot(): Promise<ExampleDiscord> {
  const { DISCORD_BOT_TOKEN: token, DISCORD_MONITOR_CHANNEL_ID: channelId } = process.env;
  if (token && channelId) return { env: process.env, close: async () => {} };
  const emulator = await startEmulator();
  const channel = emulator.createChannel({ name: "monitor" });
  const bot = emulator.createBot({ name: "Wall display" });
  console.log(
    `Discord   ${emulator.url} (emulated; set DISCORD_BOT_TOKEN and DISCORD_MONITOR_CHANNEL_ID for your own)`,
  );
  const env = {
    ...process.env,
    DISCORD_BOT_TOKEN: bot.token,
    DISCORD_MONITOR_CHANNEL_ID: channel.id,
    DISCORD_API_URL: `${emulator.url}/api`,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
  };
  return { env, close: emulator.close };
}
