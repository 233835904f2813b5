/**
 * The emulated channels: one for each type of alert, with a webhook in each, a bot that tells what is monitored, and the variables that
 * name them.
 */
import type { Emulator } from "@tocsin/discord-emulator";

interface Destination {
  readonly type: string;
  readonly channel: string;
  /** The variable that leads alerts of this type here. */
  readonly variable: string;
  /** The name that messages appear under. */
  readonly sender: string;
}

const DESTINATIONS: readonly Destination[] = [
  { type: "general", channel: "general", variable: "DISCORD_WEBHOOK_GENERAL", sender: "Web shop" },
  { type: "error", channel: "errors", variable: "DISCORD_WEBHOOK_ERRORS", sender: "Web shop" },
  { type: "critical", channel: "critical", variable: "DISCORD_WEBHOOK_CRITICAL", sender: "Web shop" },
  { type: "monitoring", channel: "monitoring", variable: "DISCORD_WEBHOOK_MONITORING", sender: "Greenhouse" },
  { type: "security", channel: "security", variable: "DISCORD_WEBHOOK_SECURITY", sender: "Web shop" },
];

/** The environment for whoever sends to them. */
export interface Furniture {
  readonly shop: Readonly<Record<string, string>>;
  /** What is monitored goes through the bot here. */
  readonly server: Readonly<Record<string, string>>;
}

/** Creates channels, webhooks and the bot. */
export function furnish(emulator: Emulator): Furniture {
  const shop: Record<string, string> = { DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host };
  const ids = new Map<string, string>();
  for (const { type, channel: name, variable, sender } of DESTINATIONS) {
    const channel = emulator.createChannel({ name });
    ids.set(type, channel.id);
    shop[variable] = emulator.createWebhook({ channel, name: sender }).url;
  }
  const server = {
    ...shop,
    DISCORD_WEBHOOK_MONITORING: "discord-bot:",
    DISCORD_BOT_TOKEN: emulator.createBot({ name: "Greenhouse" }).token,
    DISCORD_MONITOR_CHANNEL_ID: ids.get("monitoring")!,
    DISCORD_API_URL: `${emulator.url}/api`,
  };
  return { shop, server };
}
