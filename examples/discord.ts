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
