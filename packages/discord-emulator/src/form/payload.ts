/** Reads the form of a webhook message. https://docs.discord.com/developers/resources/webhook#execute-webhook */
import { allowedMentions } from "./allowed-mentions.ts";
import { embeds } from "./embed.ts";
import * as limits from "./limits.ts";
import { flag, integer, list, model, snowflake, text } from "./reader.ts";
import { webUrl } from "./url.ts";
import { username } from "./username.ts";

/** The flags a webhook may set; others are ignored. */
export const SUPPRESS_EMBEDS = 1 << 2;
export const SUPPRESS_NOTIFICATIONS = 1 << 12;
export const IS_COMPONENTS_V2 = 1 << 15;

export const executePayload = model({
  content: text({ max: limits.CONTENT_MAX }),
  username,
  avatar_url: webUrl,
  tts: flag,
  embeds,
  allowed_mentions: allowedMentions,
  flags: integer({ max: Number.MAX_SAFE_INTEGER }),
  thread_name: text({ max: limits.THREAD_NAME_MAX }),
  applied_tags: list(snowflake, { max: limits.APPLIED_TAGS_MAX }),
});

export type ExecutePayload = NonNullable<ReturnType<typeof executePayload>>;
