/** The emulated channels: one for each type of alert, with a webhook in each, and the variables that name them. */
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

/** Creates channels and webhooks; returns the environment for whoever sends to them. */
export function furnish(emulator: Emulator): Record<string, string> {
  const env: Record<string, string> = { DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host };
  for (const { channel: name, variable, sender } of DESTINATIONS) {
    const channel = emulator.createChannel({ name });
    env[variable] = emulator.createWebhook({ channel, name: sender }).url;
  }
  return env;
}
