/**
 * The only list of the kinds of channel there are. Each entry must have a fixture in registry.test.ts, where the conformance
 * suite runs over all of them; one without does not compile.
 */
import type { Channel } from "../delivery/channel.ts";
import { createConsoleChannel } from "./console/console-channel.ts";
import { createDiscordBotChannel } from "./discord-bot/bot-channel.ts";
import { createDiscordWebhookChannel } from "./discord-webhook/webhook-channel.ts";
import { createEmailChannel } from "./email/create.ts";
import { createFileChannel } from "./file/file-channel.ts";
import { createWebhookChannel } from "./webhook/webhook-channel.ts";

export type ChannelKind = "discord-webhook" | "discord-bot" | "webhook" | "email" | "console" | "file";

/** Makes a channel of each kind; its `kind` is the name here. */
export const CHANNELS = {
  "discord-webhook": createDiscordWebhookChannel,
  "discord-bot": createDiscordBotChannel,
  webhook: createWebhookChannel,
  email: createEmailChannel,
  console: createConsoleChannel,
  file: createFileChannel,
} as const satisfies Record<ChannelKind, (options: never) => Channel>;
